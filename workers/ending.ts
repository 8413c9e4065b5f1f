import { knownSecrets } from '../activities/shared/known-secrets.ts';
import { logFormIn } from '../activities/shared/log.ts';
import { TemporalNotReached } from '../client/temporal-away.ts';
import { Failure } from '../domain/errors/failure.ts';
import { otherExitCodes } from '../domain/outcomes.ts';
import { CannotStart } from '../domain/start-up.ts';

/** Says why a process ends, with the next step where one is known, and answers its exit code: 2 where something is to be set right first. */
export function sayEnd(error: unknown, form = logFormIn(process.env)): number {
  const said = error instanceof Error ? error.message : String(error);
  const next = nextAfter(error);
  const text = `error: ${said}${next === undefined ? '' : `\n  next: ${next}`}`;
  process.stderr.write(`${form === 'json' ? fatalLine(said, next) : text}\n`);
  return error instanceof CannotStart ? otherExitCodes.usage : 1;
}

/** Whole, and with nothing taken out but what is known as a secret: of files that keep secrets it names the paths. */
function fatalLine(msg: string, next: string | undefined): string {
  const line = { level: 'fatal', time: new Date().toISOString(), pid: process.pid, msg, next };
  return knownSecrets.takeOut(JSON.stringify(line));
}

function nextAfter(error: unknown): string | undefined {
  if (error instanceof Failure) return error.details.next;
  return error instanceof TemporalNotReached ? error.next : undefined;
}
