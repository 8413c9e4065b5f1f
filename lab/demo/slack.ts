import { randomBytes } from 'node:crypto';
import type { Cli } from '../../client/cli/cli.ts';
import { messageLines } from '../slack/channel-lines.ts';
import type { Posted } from '../slack/channel.ts';
import { messageWith, press } from '../slack/press.ts';
import type { SlackStandIn } from '../slack/stand-in.ts';
import type { LabSlack } from '../world.ts';
import type { Lifetime } from './lifetime.ts';
import type { Narrator } from './narrator.ts';

/** A Slack of the demo's own, and what the engine knows of it. */
export interface DemoSlack {
  standIn: SlackStandIn;
  lab: LabSlack;
}

/** As the demo calls the channel; its id is of the stand-in's choice. */
const channelName = '#releases';
const users = { requester: 'ULABDEVELOPER', approver: 'ULABAPPROVER' };
const lookEveryMs = 100;
/** Messages are edited every three seconds at most. */
const graceMs = 20_000;

export async function startDemoSlack(lifetime: Pick<Lifetime, 'keep'>): Promise<DemoSlack> {
  // Loaded only now: without it nothing of it is needed.
  const { startSlack } = await import('../slack/stand-in.ts');
  const standIn = await lifetime.keep(startSlack());
  const signingSecret = randomBytes(16).toString('hex');
  return { standIn, lab: { apiUrl: standIn.apiUrl, channel: standIn.channel, signingSecret, users } };
}

/** Shows each message whenever it is new or another, as people in the channel see it. */
export function showChannel({ standIn }: DemoSlack, narrator: Narrator): void {
  standIn.seen.onChange = (message) => narrator.block(['', ...drawn(message), '']);
}

function drawn(message: Posted): string[] {
  const what = message.thread ? 'in its thread' : message.edits > 0 ? 'edited in place' : 'new';
  return [`┌ Slack, ${channelName}, ${what}`, ...messageLines(message).map((line) => `│ ${line}`), '└'];
}

/** The message of a run is brought to its end a moment after the run. False where it was not in time. */
export async function untilShown({ standIn }: DemoSlack, outcome: string, { io }: Cli): Promise<boolean> {
  const isShown = () => standIn.seen.messages.some(({ thread, text }) => !thread && text.includes(outcome));
  for (const deadline = io.now() + graceMs; !isShown() && io.now() < deadline;) await io.sleep(lookEveryMs, io.signal);
  return isShown();
}

/** What stands in the channel, threads indented. */
export function channelNow({ standIn }: DemoSlack): string[] {
  return standIn.seen.messages.flatMap((message) =>
    messageLines(message).map((line) => (message.thread ? `  ${line}` : line)),
  );
}

/** Presses Approve below the message of this run, as the lab's approver, as soon as it stands there. */
export async function approveInSlack(
  { standIn, lab }: DemoSlack,
  gatewayUrl: string,
  { releaseId, cli }: { releaseId: string; cli: Cli },
): Promise<void> {
  const button = 'slipway-approve';
  for (;;) {
    const message = messageWith(standIn, button, releaseId);
    if (message)
      return press(
        standIn,
        { gatewayUrl, signingSecret: lab.signingSecret },
        { user: users.approver, button, message },
      );
    await cli.io.sleep(lookEveryMs, cli.io.signal);
  }
}
