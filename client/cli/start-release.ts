import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { EndedBefore, StartRelease, StartedRelease } from '../../domain/contract/gateway.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import type { Cli } from './cli.ts';
import { exitCodeOf } from './exit-codes.ts';
import { amended, CliFailure, isInterrupted, mayHaveArrived, refusedFailure } from './failures.ts';
import { followUp, withFollowing, type FollowUpOptions } from './follow-up.ts';
import type { GatewayClient } from './gateway-client.ts';
import { oneLine } from './safe-text.ts';
import { dateAndTime } from './words.ts';

/** Of every command that starts a release. */
export interface StartOptions extends FollowUpOptions {
  downgrade?: boolean;
  newAttempt?: boolean;
  requestKey?: string;
  detach?: boolean;
}

export function withStarting(command: Command): Command {
  command
    .option(
      '--downgrade',
      'the commit may be older than what runs, or than the schema: then the plan says so to whoever approves',
    )
    .option('--new-attempt', 'once more, though an earlier attempt of this commit has ended')
    .option(
      '--request-key <key>',
      'the same key is the same request, however often it is sent (default: a new one, printed)',
    )
    .option('--detach', 'do not follow: print the id and exit with 0');
  return withFollowing(command);
}

/** Starts it, and follows it to its end unless it is not to be followed. Returns the exit code. */
export async function startRelease(
  cli: Cli,
  gateway: GatewayClient,
  wanted: Omit<StartRelease, 'requestKey' | 'downgrade' | 'newAttempt'>,
  options: StartOptions,
): Promise<number> {
  const requestKey = options.requestKey ?? randomUUID();
  const request: StartRelease = {
    ...wanted,
    ...(options.downgrade ? { downgrade: true } : {}),
    ...(options.newAttempt ? { newAttempt: true } : {}),
    requestKey,
  };
  if (!options.json) cli.print(`request key: ${requestKey}`);
  const started = await start(gateway, request);
  if (!options.json) cli.print(startedLines(started, options));
  const { releaseId, created, ended } = started;
  if (ended?.noMore) throw overtaken(started, ended.noMore, requestKey);
  if (ended) {
    // Its log was seen by whoever has followed it: how it has ended is said above.
    const exitCode = exitCodeOf({ releaseId, ...ended });
    if (options.json) cli.printJson('started', { ...started, requestKey, exitCode });
    return exitCode;
  }
  if (!options.detach) return followUp({ cli, gateway, releaseId, options, extra: { requestKey, created } });
  if (options.json) cli.printJson('started', { ...started, requestKey });
  return 0;
}

/** A start whose reply was lost may have happened: the same key finds it again. */
async function start(gateway: GatewayClient, request: StartRelease): Promise<StartedRelease> {
  const { requestKey } = request;
  try {
    return await gateway.start(request);
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    if (!mayHaveArrived(error) && !isInterrupted(error)) throw amended(error, { ids: { requestKey } });
    const next = `The release may have started. Repeat the command with --request-key ${requestKey}: it finds that release, or starts it.`;
    throw amended(error, { next, ids: { requestKey } });
  }
}

function startedLines(
  { releaseId, created, ended, pageUrl, temporalUrl }: StartedRelease,
  { detach }: StartOptions,
): string[] {
  return [
    `release: ${releaseId}${created ? '' : ' (it was there already; nothing new was started)'}`,
    ...(ended ? endedLines(ended) : []),
    ...(pageUrl ? [`page: ${oneLine(pageUrl)}`] : []),
    ...(temporalUrl ? [`temporal: ${temporalUrl}`] : []),
    ...(detach && !ended ? [`follow it: slipway watch ${releaseId}`] : []),
  ];
}

function endedLines({ outcome, summary, endedAt, noMore }: EndedBefore): string[] {
  const when = endedAt === undefined ? '' : ` at ${dateAndTime(endedAt)}`;
  const stands = meaningOf(outcome).proven && !noMore ? '; by the records that is what is there now' : '';
  return [
    `it has ended${when}: ${oneLine(outcome)}${summary ? `, ${oneLine(summary)}` : ''}${stands}`,
    ...(stands || noMore ? [] : ['start it once more: the same command with --new-attempt']),
  ];
}

/** What was verified once says nothing of what runs now: to be taken for a success it must still be there. */
function overtaken({ releaseId }: StartedRelease, noMore: string[], requestKey: string): CliFailure {
  const lines = noMore.map((line) => `\n${line}`).join('');
  const message = `${releaseId} was verified, and is not what is there now; nothing was started:${lines}`;
  const next =
    'To put it there again: the same command with --new-attempt (and --downgrade, where what is verified by now is not in its past).';
  return amended(refusedFailure(message, next), { ids: { releaseId, requestKey } });
}
