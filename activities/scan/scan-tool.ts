import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScanFinding } from '../../domain/findings.ts';
import { removeTree } from '../shared/remove-tree.ts';
import { runCommand, type Command, type CommandResult } from '../shared/run-command.ts';
import type { ScanReport } from './port.ts';
import { tail } from '../../domain/whole-text.ts';

/** Anything that keeps a scanner from looking; it becomes an `unscanned` report, never an empty one. */
export class CouldNotScan extends Error {}

/** Runs one scan in a directory of its own. Cancelling is passed on; everything else that goes wrong is told as `unscanned`. */
export async function scanning(
  scanner: string,
  signal: AbortSignal,
  look: (work: string) => Promise<ScanFinding[]>,
): Promise<ScanReport> {
  const work = await mkdtemp(join(tmpdir(), 'slipway-scan-'));
  try {
    return { kind: 'scanned', scanner, findings: await look(work) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return { kind: 'unscanned', scanner, reason: reasonOf(error) };
  } finally {
    await removeTree(work);
  }
}

/** Runs the tool; an exit code that is not expected means that it did not look. */
export async function runTool(command: Command, expectedCodes: readonly number[]): Promise<CommandResult> {
  const result = await runCommand(command);
  if (result.timedOut)
    throw new CouldNotScan(`${command.program} did not end in ${Math.round((command.timeoutMs ?? 0) / 1000)} s`);
  return judgeTool(command.program, result, expectedCodes);
}

export function judgeTool(program: string, result: CommandResult, expectedCodes: readonly number[]): CommandResult {
  if (result.notStarted !== undefined) throw new CouldNotScan(result.notStarted);
  if (result.exitCode === undefined || !expectedCodes.includes(result.exitCode)) {
    throw new CouldNotScan(`${program} ended with code ${result.exitCode ?? '(signal)'}: ${lastWords(result)}`);
  }
  return result;
}

/** For people: what it has said before it ended. */
export function lastWords({ tail: text }: Pick<CommandResult, 'tail'>): string {
  return tail(text.split('\n').slice(-5).join('\n'), 1_000);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown reason';
}
