import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { DecisionKind } from '../../domain/contract/decisions.ts';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { shortName } from '../../domain/short-names.ts';
import type { Cli } from './cli.ts';
import { withGateway, type GatewayOptions } from './connect.ts';
import { amended, CliFailure, mayHaveArrived, refusedFailure, usageFailure } from './failures.ts';
import type { GatewayClient } from './gateway-client.ts';
import { withLane, type LaneOptions } from './lane-meant.ts';
import { namesOfRuns, releaseNamed } from './release-named.ts';
import { oneLine } from './safe-text.ts';
import { shortCommit } from './words.ts';

export interface DecisionOptions extends GatewayOptions, LaneOptions {
  plan?: string;
  reason?: string;
  yes?: boolean;
  decisionId?: string;
}

export const channel = 'cli';

/** Options that all decisions share. */
export function withDecision(command: Command): Command {
  return withGateway(withLane(command))
    .argument('<id>', namesOfRuns)
    .option(
      '--plan <hash>',
      'the plan you decide about; refused when the release has another one by now, unless you reject',
    )
    .option('--reason <text>', 'kept with the decision, shown to everybody')
    .option('--yes', 'do not ask')
    .option('--decision-id <id>', 'repeats an earlier try of yours: the same id counts once (default: a new one)');
}

/** Whether there is a person to ask. */
export function canAsk({ io }: Cli, { json }: GatewayOptions): boolean {
  return io.isTTY.stdin && io.isTTY.stderr && !json;
}

/** Without a terminal the answer must have been given on the command line. */
export function requireAnswer(cli: Cli, options: DecisionOptions, next: string): void {
  if (!options.yes && !canAsk(cli, options)) throw usageFailure('there is no terminal to ask in', next);
}

/** The run that a person decides about, as it stands. Which one is meant is said where its id was not typed: before anything is asked or sent. */
export async function decidedAbout(
  cli: Cli,
  gateway: GatewayClient,
  { id, options }: { id: string; options: DecisionOptions },
): Promise<ReleaseView> {
  const release = await gateway.release(await releaseNamed({ cli, gateway, options }, id));
  const { releaseId, service, environment, commit } = release;
  const [typed, name] = [oneLine(id), oneLine(shortName(release))];
  if (releaseId !== id)
    cli.note(
      `${typed === name ? name : `${typed} is ${name}`}: ${oneLine(service)} → ${oneLine(environment)}, commit ${shortCommit(oneLine(commit))} (${oneLine(releaseId)})`,
    );
  return release;
}

/** Asks, unless told not to. Throws when the person says no. */
export async function askUnlessYes(cli: Cli, options: DecisionOptions, question: string): Promise<void> {
  if (options.yes || (await cli.confirm(question))) return;
  throw refusedFailure('not confirmed; nothing was sent', 'Run the command again when you are sure.');
}

/** Why, in the words of whoever decides: asked where there is a person who has not said it. Nothing is an answer, too. */
export async function askReason(cli: Cli, options: DecisionOptions): Promise<string> {
  if (options.reason !== undefined || options.yes || !canAsk(cli, options)) return options.reason ?? '';
  return (await cli.ask('Why? It is kept, and shown to everybody:')).trim();
}

/** The plan in force, which must be the one the person named, if they named one. */
export function planInForce(release: ReleaseView, named: string | undefined): string | undefined {
  const { releaseId } = release;
  const hash = planOf(release);
  if (named !== undefined && named !== hash) {
    if (hash !== undefined && named !== '' && hash.startsWith(named))
      throw refusedFailure(
        `${named} is the beginning of the plan in force, and a decision is about all of it`,
        `Give all of it, if that is the plan you have looked at: --plan ${hash}`,
      );
    const message = hash
      ? `the release now has plan ${hash}, not ${named}`
      : `the release has no plan yet, so not ${named} either`;
    throw refusedFailure(message, `Look at what would change now: slipway plan ${releaseId}`);
  }
  return hash;
}

/** By the records, which know it while nobody answers for the run; by the run's word where a gateway of before does not tell. */
export function planOf({ recorded, status }: ReleaseView): string | undefined {
  return recorded ? recorded.planHash : status?.planHash;
}

interface Sending {
  cli: Cli;
  gateway: GatewayClient;
  release: ReleaseView;
  kind: DecisionKind;
  options: DecisionOptions;
}

/** Sends one decision under one id, tells what the gateway said, and returns 0. */
export async function sendDecision({ cli, gateway, release, kind, options }: Sending): Promise<number> {
  // A no to one of its plans is a no to the release: it is not lost over the plan having moved.
  const named = kind === 'reject' ? options.plan : undefined;
  const planHash = named ?? planInForce(release, options.plan);
  const decisionId = options.decisionId ?? randomUUID();
  const { releaseId } = release;
  const decision = { decisionId, kind, channel, reason: options.reason ?? '', ...(planHash ? { planHash } : {}) };
  const { message, answer } = await repeatable(decisionId, () => gateway.decide(releaseId, decision));
  const follow = `follow it: slipway watch ${releaseId}`;
  if (options.json)
    cli.printJson('decision', { releaseId, decisionId, kind, accepted: true, ...(answer && { answer }), message });
  else if (answer === 'counts') {
    // Done, and not as the run says: no failure, which would have it said again, and no quiet success.
    cli.warn(message);
    cli.print([`${kind}: it counts`, follow]);
  } else {
    const missing = answer === 'queued' ? ['which workers are missing: slipway doctor'] : [];
    cli.print([message || `${kind}: accepted`, ...missing, follow]);
  }
  return 0;
}

/** When the reply was lost, nobody knows whether it arrived: says how to send the very same decision again. */
export async function repeatable<T>(decisionId: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    if (!mayHaveArrived(error)) throw amended(error, { ids: { decisionId } });
    const next = `It may have arrived. Send the same decision again with --decision-id ${decisionId}; it counts once.`;
    throw amended(error, { next, ids: { decisionId } });
  }
}
