import type { App } from '@slack/bolt';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { Identity } from '../../domain/contract/release.ts';
import { Refused } from '../gateway/errors.ts';
import { view } from '../gateway/release-view.ts';
import { askingAs, noRelease } from '../gateway/rights.ts';
import { answering, knownPerson } from './answering.ts';
import { kindOf } from './buttons.ts';
import { readClick, refuseForeign } from './click.ts';
import type { Click } from './click.ts';
import { obey } from './command.ts';
import { auditForeign, decideFor } from './decisions.ts';
import type { Wanted } from './decisions.ts';
import { drawPlan } from './details.ts';
import type { SlackParts } from './parts.ts';
import type { Pointer } from './pointer.ts';
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
    if (!rejection || errors) return;
    const { reason, ...click } = rejection;
    await answering(slack, click, () => decideHere(slack, click, { kind: 'reject', reason }));
  });
}

async function pressed(slack: SlackParts, click: Click, button: string): Promise<void> {
  const kind = kindOf(button);
  await answering(slack, click, async () => {
    // What opens it is good for three seconds: all that is asked is asked when it is sent.
    if (kind === 'reject') return openModal(slack, click);
    if (kind) return decideHere(slack, click, { kind, reason: 'by a button in Slack' });
    const { run } = await requireOurs(slack, click);
    const by = await knownPerson(slack, click.user);
    (await askingAs(slack.parts, by)).require('look', laneOfRun(run), () => noRelease(run));
    if (button === 'slipway-details') await detail(slack, click, run);
    else if (button === 'slipway-hold') await hold(slack, click, by);
  });
}

/** For whoever asks alone: what stands in the thread is of the plan that was in force then. */
async function detail({ parts, client, log }: SlackParts, click: Click, run: string): Promise<void> {
  const planned = await plannedOf(parts, await view(parts, run));
  if (!planned) return tell({ client, log }, click, 'There is no plan yet.');
  const { channel, user, thread } = click;
  const text = `What plan ${planned.hash.slice(0, 12)} changes`;
  await client.chat.postEphemeral({ channel, user, thread_ts: thread, text, blocks: drawPlan(planned) });
}

/** Nothing is decided by it: others see that somebody looks. */
async function hold({ client }: SlackParts, { channel, thread }: Click, by: Identity): Promise<void> {
  const text = `${plain(by.id)} looks at it: it stays as it is, and waits for a decision.`;
  await client.chat.postMessage({ channel, thread_ts: thread, text, parse: 'none', link_names: false });
}

async function openModal({ client }: SlackParts, click: Click): Promise<void> {
  await client.views.open({ trigger_id: click.trigger, view: rejectModal(click) });
}

/** A decision by a message of ours; one by any other is on record, and decides nothing. */
async function decideHere(
  slack: SlackParts,
  click: Omit<Click, 'trigger'>,
  wanted: Omit<Wanted, 'pointer'>,
): Promise<void> {
  const pointer = await requireOurs(slack, click, (of, why) =>
    auditForeign(slack, click.user, { ...wanted, pointer: of }, why),
  );
  await decideFor(slack, click, { ...wanted, pointer });
}

/** Throws 409 for a button of another message than the one that is kept up to date. */
async function requireOurs(
  slack: SlackParts,
  click: Omit<Click, 'trigger'>,
  onRecord: (pointer: Pointer, why: string) => Promise<void> = () => Promise.resolve(),
): Promise<Pointer> {
  const foreign = await refuseForeign(slack, click).catch((error: unknown) => {
    slack.log(error);
    throw new Refused(503, 'unavailable', 'what belongs to it could not be looked up', 'Press again in a moment.');
  });
  const { pointer } = click;
  if (foreign === undefined && pointer) return pointer;
  const why = foreign ?? 'this button is none that Slipway has made';
  if (pointer) await onRecord(pointer, why);
  throw new Refused(409, 'foreign', why);
}
