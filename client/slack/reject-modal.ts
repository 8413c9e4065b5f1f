import type { types } from '@slack/bolt';
import { z } from 'zod';
import type { Click } from './click.ts';
import { readPointer } from './pointer.ts';

export const rejectView = 'slipway-reject';
const at = { block: 'reason', action: 'reason' };
const mostReason = 1_000;

/** Asks why: a no without a reason helps nobody. */
export function rejectModal({ pointer, channel, thread }: Click): types.ModalView {
  return {
    type: 'modal',
    callback_id: rejectView,
    private_metadata: JSON.stringify({ pointer: JSON.stringify(pointer), channel, thread }),
    title: { type: 'plain_text', text: 'Reject' },
    submit: { type: 'plain_text', text: 'Reject' },
    close: { type: 'plain_text', text: 'Back' },
    blocks: [
      {
        type: 'input',
        block_id: at.block,
        label: { type: 'plain_text', text: 'Why' },
        hint: { type: 'plain_text', text: 'Everybody who looks at the release reads it.' },
        element: { type: 'plain_text_input', action_id: at.action, multiline: true, max_length: mostReason },
      },
    ],
  };
}

const metadata = z.object({ pointer: z.string(), channel: z.string(), thread: z.string() });
const submitted = z.object({
  user: z.object({ id: z.string().regex(/^[A-Z0-9]{1,40}$/) }),
  team: z.object({ id: z.string() }).nullish(),
  view: z.object({
    private_metadata: z.string().max(3_000),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), z.object({ value: z.string().nullish() }))) }),
  }),
});

/** What was sent with the modal; undefined for what did not come from ours. `reason`: on one line; empty where nobody has given one. */
export function readRejection(body: unknown): (Omit<Click, 'trigger'> & { reason: string }) | undefined {
  const read = submitted.safeParse(body).data;
  const about = read && metadata.safeParse(jsonIn(read.view.private_metadata)).data;
  if (!about) return undefined;
  const text = read.view.state.values[at.block]?.[at.action]?.value ?? '';
  const reason = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return {
    user: read.user.id,
    team: read.team?.id,
    channel: about.channel,
    thread: about.thread,
    pointer: readPointer(about.pointer),
    reason,
  };
}

/** What the modal shows where the reason is none. */
export function refuseReason(reason: string): Record<string, string> | undefined {
  if (reason === '') return { [at.block]: 'A reason is needed: people will ask why.' };
  return reason.length > mostReason ? { [at.block]: `It is too long: ${mostReason} characters at most.` } : undefined;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
