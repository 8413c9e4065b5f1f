import { CommanderError } from 'commander';
import { Failure } from '../../domain/errors/failure.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import type { Cli } from './cli.ts';
import { CliFailure, type CliFailureDetails } from './failures.ts';
import { oneLine, safeText } from './safe-text.ts';

const words: Record<string, string> = { interrupted: 'stopped', 'still-running': 'still running' };

/** Tells what went wrong, as text on stderr or as JSON on stdout, and returns the exit code. */
export function reportFailure(cli: Cli, error: unknown, json: boolean): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const { details } = toCliFailure(error);
  if (json) {
    const { code, message, next, exitCode, problems, ids } = details;
    cli.printJson('error', { error: { code, message, next, exitCode, ...(problems ? { problems } : {}) }, ...ids });
    return exitCode;
  }
  const label = words[details.code] ?? 'error';
  const color = label === 'error' ? cli.errorColors.red : cli.errorColors.yellow;
  cli.note(`${color(`${label}:`)} ${textOf(details)}`);
  for (const { file, line, column, message, hint } of details.problems ?? []) {
    cli.note(`  ${oneLine(file)}:${line}:${column} ${oneLine(message)}${hint ? ` (${oneLine(hint)})` : ''}`);
  }
  cli.note(`  next: ${oneLine(details.next)}`);
  return details.exitCode;
}

/** With the stable code in front where there is one, since that is what runbooks are sorted by. */
function textOf({ code, message }: CliFailureDetails): string {
  const text = safeText(message).trim().replaceAll('\n', '\n  ');
  return code.startsWith('SLIP-') && !text.startsWith(code) ? `${oneLine(code)} ${text}` : text;
}

function toCliFailure(error: unknown): CliFailure {
  if (error instanceof CliFailure) return error;
  if (error instanceof Failure) return failureOf(error);
  return new CliFailure({
    code: 'unexpected',
    message: `unexpected: ${error instanceof Error ? error.message : String(error)}`,
    next: 'This is a defect of slipway. A release that was started goes on; `slipway releases` lists it.',
    // Never 1: that would say that a release failed.
    exitCode: otherExitCodes.unreachable,
  });
}

function failureOf({ details: { code, title, detail, next, kind } }: Failure): CliFailure {
  const exitCode = kind === 'retryable' ? otherExitCodes.unreachable : otherExitCodes.refused;
  return new CliFailure({ code, message: `${code} ${title}: ${detail}`, next, exitCode });
}
