import { z } from 'zod';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { SlackParts } from './parts.ts';
import { readPointer } from './pointer.ts';
import type { Pointer } from './pointer.ts';

const id = z.string().regex(/^[A-Z0-9]{1,40}$/);

/** What is read of a click; all else that comes with it is left alone. */
const clickBody = z.object({
  user: z.object({ id }),
  team: z.object({ id }).nullish(),
  channel: z.object({ id }),
  message: z.object({ ts: z.string().regex(/^\d{1,20}\.\d{1,20}$/) }),
  trigger_id: z.string().max(500),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().max(2_000).optional() })).length(1),
});

/** Where somebody has pressed or typed something: what is answered is for them alone. */
export interface Asker {
  user: string;
  channel: string;
  /** The message whose thread the answer stands in. */
  thread?: string;
}

/** A press of a button of ours, as it came. */
export interface Click extends Asker {
  team: string | undefined;
  thread: string;
  trigger: string;
  pointer: Pointer | undefined;
}

/** Undefined for what is no click on one button of a message. */
export function readClick(body: unknown): Click | undefined {
  const read = clickBody.safeParse(body).data;
  if (!read) return undefined;
  const { user, team, channel, message, trigger_id: trigger, actions } = read;
  return {
    user: user.id,
    channel: channel.id,
    thread: message.ts,
    team: team?.id,
    trigger,
    pointer: readPointer(actions[0]?.value),
  };
}

/** Why nothing is done by that click; undefined where its button is one of a message that was drawn by a gateway, for that run. */
export async function refuseForeign(
  { team, parts }: Pick<SlackParts, 'team' | 'parts'>,
  click: Pick<Click, 'team' | 'channel' | 'thread' | 'pointer'>,
): Promise<string | undefined> {
  if (click.team !== (await team())) return 'it comes from another workspace than the one that Slipway is installed in';
  const { pointer } = click;
  if (!pointer) return 'this button is none that Slipway has made';
  const pictures = await parts.records.slack.find([pointer.run]);
  const here = pictures.find(({ channel }) => channel === click.channel);
  const lane = laneOfRun(pointer.run);
  const channels = lane ? await parts.pipeline.slackChannels(lane) : [];
  if (!here || !channels.includes(click.channel)) return 'Slipway shows no such release in this channel';
  return here.picture.ts === click.thread
    ? undefined
    : 'this message is not the one that Slipway keeps up to date: press there';
}
