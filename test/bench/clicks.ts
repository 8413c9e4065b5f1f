import { setTimeout as sleep } from 'node:timers/promises';
import { messageWith, press } from '../../lab/slack/press.ts';
import type { Posted } from '../../lab/slack/channel.ts';
import { shop } from '../../lab/shop/pipeline-file.ts';
import { quantile } from './statistics.ts';
import { startUntil } from './waiting.ts';
import type { BenchWorld } from './world.ts';

/** From a press of Approve in Slack to the next step of its run, ms. */
export interface Clicks {
  /** How many runs waited for approval when the first was pressed. */
  waiting: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

const approve = 'slipway-approve';

/** The lane is frozen meanwhile: what was approved asks for it, which is its next step, and changes nothing. */
export async function measureClicks(
  world: BenchWorld,
  waiting: number,
  progress: (line: string) => void,
): Promise<Clicks> {
  // No Job per release: what waits is the same.
  await world.changePolicy({ planMigrationsBeforeApproval: false, notify: ['bench', 'releases'] });
  await world.approver.changeLane(shop, 'freeze', 'clicks are measured');
  const ids: string[] = [];
  await startUntil(world, ids, waiting, progress);
  const messages = await untilShown(world, ids);
  progress(`${ids.length} messages in Slack can be pressed`);
  const waits: number[] = [];
  for (const [releaseId, message] of messages) {
    const pressedAt = Date.now();
    await answered(world, () => click(world, message));
    waits.push((await nextStepAt(world, releaseId)) - pressedAt);
  }
  await Promise.all(ids.map((releaseId) => callOff(world, releaseId)));
  await world.approver.changeLane(shop, 'unfreeze', 'clicks were measured');
  await world.changePolicy({ notify: ['bench'] });
  const figures = { p50Ms: quantile(waits, 0.5), p99Ms: quantile(waits, 0.99), maxMs: Math.max(...waits) };
  progress(`click to next step: ${figures.p50Ms} ms, p99 ${figures.p99Ms} ms`);
  return { waiting: ids.length, ...figures };
}

async function untilShown({ slack }: BenchWorld, ids: readonly string[]): Promise<Map<string, Posted>> {
  for (;;) {
    const shown = ids.flatMap((id) => {
      const message = messageWith(slack.standIn, approve, id);
      return message ? [[id, message] as const] : [];
    });
    if (shown.length === ids.length) return new Map(shown);
    await sleep(250);
  }
}

function click({ slack, engine }: BenchWorld, message: Posted): Promise<void> {
  const { standIn, lab } = slack;
  const receiver = { gatewayUrl: engine.gatewayUrl, signingSecret: lab.signingSecret };
  return press(standIn, receiver, { user: lab.users.approver, button: approve, message });
}

/** Until whoever has pressed is answered: people wait for that before they press another. */
async function answered({ slack }: BenchWorld, work: () => Promise<void>): Promise<void> {
  const told = Promise.withResolvers<void>();
  slack.standIn.seen.onChange = ({ to }) => void (to && told.resolve());
  await work();
  await told.promise;
}

/** When the run asked the lane behind the decision, by Temporal's own history: nothing of it is how often somebody looks. */
async function nextStepAt({ client }: BenchWorld, releaseId: string): Promise<number> {
  const handle = client.workflow.getHandle(releaseId);
  for (;;) {
    const { events } = await handle.fetchHistory();
    const behind = (events ?? []).slice(
      (events ?? []).findIndex((event) => event.workflowExecutionUpdateCompletedEventAttributes),
    );
    const isDecided = behind[0]?.workflowExecutionUpdateCompletedEventAttributes;
    const next = isDecided && behind.find((event) => event.signalExternalWorkflowExecutionInitiatedEventAttributes);
    const { status } = await handle.describe();
    if (!next && status.name !== 'RUNNING') throw new Error(`${releaseId} has ended before it went on: ${status.name}`);
    if (next) return Number(next.eventTime?.seconds ?? 0) * 1_000 + (next.eventTime?.nanos ?? 0) / 1e6;
    await sleep(50);
  }
}

async function callOff({ requester, client }: BenchWorld, releaseId: string): Promise<void> {
  const decisionId = `bench-over-${releaseId.split('/')[3]}`;
  await requester.decide(releaseId, { decisionId, kind: 'abort', channel: 'bench', reason: 'it was a measurement' });
  await client.workflow.getHandle(releaseId).result();
}
