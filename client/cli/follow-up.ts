import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { exitCodeOf } from './exit-codes.ts';
import { usageFailure } from './failures.ts';
import { chooseFollowView } from './follow-views.ts';
import { follow } from './follow.ts';
import type { GatewayClient } from './gateway-client.ts';
import { parseDuration } from './words.ts';

export interface FollowUpOptions {
  json?: boolean;
  timeout?: string;
}

export function withFollowing(command: Command): Command {
  return command.option(
    '--timeout <duration>',
    'stop following after so long (90s, 30m, 2h) with exit code 5; the release goes on',
  );
}

export function timeoutOf({ timeout }: FollowUpOptions): number | undefined {
  if (timeout === undefined) return undefined;
  const ms = parseDuration(timeout);
  if (ms === undefined)
    throw usageFailure(`--timeout ${JSON.stringify(timeout)} is not a duration`, 'Write it like 90s, 30m or 2h.');
  return ms;
}

interface FollowUp {
  cli: Cli;
  gateway: GatewayClient;
  releaseId: string;
  options: FollowUpOptions;
  /** Added to the JSON document. */
  extra?: { requestKey?: string; created?: boolean; decisionId?: string };
}

/** Follows a release to its end and returns the exit code of how it ended. */
export async function followUp({ cli, gateway, releaseId, options, extra }: FollowUp): Promise<number> {
  const timeoutMs = timeoutOf(options);
  const view = chooseFollowView(cli, options.json ?? false);
  const end = await follow({ cli, gateway, releaseId, view, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const exitCode = exitCodeOf(end);
  if (options.json) cli.printJson('release', { ...extra, ...end, exitCode });
  return exitCode;
}
