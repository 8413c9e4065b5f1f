import type { App } from '@slack/bolt';
import { Refused } from '../gateway/errors.ts';
import { view } from '../gateway/release-view.ts';
import { kindOf } from './buttons.ts';
import { readClick, refuseForeign } from './click.ts';
import type { Click } from './click.ts';
import { obey } from './command.ts';
import { decideFor, refusal } from './decisions.ts';
import { drawPlan } from './details.ts';
import type { SlackParts } from './parts.ts';
import { plannedOf } from './picture-facts.ts';
import { readRejection, refuseReason, rejectModal, rejectView } from './reject-modal.ts';
import { tell } from './tell.ts';
import { plain } from './words.ts';

/** What people press: acknowledged first, as Slack waits for three seconds, and done then. */
export function listen(app: App, slack: SlackParts): void {
  app.action(/^slipway-/, async ({ ack, body, action }) => {
    await ack();
    const click = readClick(body);
    if (click) await pressed(slack, click, 'action_id' in action ? action.action_id : '');
  });

  app.command('/slipway', async ({ ack, body }) => {
    await ack();
    await obey(slack, body);
  });

  app.view(rejectView, async ({ ack, body }) => {
    const rejection = readRejection(body);
    const errors = rejection && refuseReason(rejection.reason);
    await (errors ? ack({ response_action: 'errors', errors }) : ack());
    if (rejection && !errors) await rejected(slack, rejection);
  });
}

async function pressed(slack: SlackParts, click: Click, button: string): Promise<void> {
  const kind = kindOf(button);
  // What opens it is good for three seconds: all that is asked is asked when it is sent.
  if (kind === 'reject') return openModal(slack, click);
  await unlessForeign(slack, click, async (pointer) => {
    if (kind) await decideFor(slack, click, { kind, pointer, reason: 'by a button in Slack' });
    else if (button === 'slipway-details') await detail(slack, click, pointer.run);
    else if (button === 'slipway-hold') await hold(slack, click);
  });
}

/** Whoever reads a channel may read its thread: the same, for them alone. */
async function detail({ parts, client, log, ...slack }: SlackParts, click: Click, run: string): Promise<void> {
  try {
    const planned = await plannedOf(parts, await view(parts, run));
    if (!planned) return await tell({ client, log }, click, 'There is no plan yet.');
    const { channel, user, thread } = click;
    const text = `What plan ${planned.hash.slice(0, 12)} changes`;
    await client.chat.postEphemeral({ channel, user, thread_ts: thread, text, blocks: drawPlan(planned) });
  } catch (error) {
    log(error);
    await tell({ client, log, ...slack }, click, refusal(error));
  }
}

/** Nothing is decided by it: others see that somebody looks. */
async function hold(slack: SlackParts, { user, channel, thread }: Click): Promise<void> {
  const found = await slack.who(user);
  if ('refused' in found)
    return tell(slack, { user, channel, thread }, refusal(new Refused(403, 'stranger', found.refused, found.next)));
  const text = `${plain(found.id)} looks at it: it stays as it is, and waits for a decision.`;
  await slack.client.chat.postMessage({ channel, thread_ts: thread, text, parse: 'none' }).catch(slack.log);
}

async function openModal({ client, log }: SlackParts, click: Click): Promise<void> {
  await client.views.open({ trigger_id: click.trigger, view: rejectModal(click) }).catch(log);
}

async function rejected(slack: SlackParts, { reason, ...click }: Omit<Click, 'trigger'> & { reason: string }) {
  await unlessForeign(slack, click, (pointer) => decideFor(slack, click, { kind: 'reject', pointer, reason }));
}

async function unlessForeign(
  slack: SlackParts,
  click: Omit<Click, 'trigger'>,
  work: (pointer: NonNullable<Click['pointer']>) => Promise<void>,
): Promise<void> {
  const foreign = await refuseForeign(slack, click).catch((error: unknown) => {
    slack.log(error);
    return 'what belongs to it could not be looked up: try it again';
  });
  if (foreign !== undefined || !click.pointer)
    return tell(slack, click, `:information_source: Nothing has changed: ${foreign}.`);
  await work(click.pointer);
}
