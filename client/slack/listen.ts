import type { App } from '@slack/bolt';
import { kindOf } from './buttons.ts';
import { readClick, refuseForeign } from './click.ts';
import type { Click } from './click.ts';
import { decideFor } from './decisions.ts';
import type { SlackParts } from './parts.ts';
import { readRejection, refuseReason, rejectModal, rejectView } from './reject-modal.ts';
import { tell } from './tell.ts';

/** What people press: acknowledged first, as Slack waits for three seconds, and done then. */
export function listen(app: App, slack: SlackParts): void {
  app.action(/^slipway-/, async ({ ack, body, action }) => {
    await ack();
    const click = readClick(body);
    if (click) await pressed(slack, click, 'action_id' in action ? action.action_id : '');
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
  });
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
