import type { NotificationView } from '../../domain/contract/outbox.ts';
import { entryOf } from '../../domain/errors/catalogue.ts';
import { visible } from '../../domain/visible.ts';
import type { Colors } from './cli.ts';
import { oneLine } from './safe-text.ts';
import { ago, inLargest, plural } from './words.ts';

interface ListOptions {
  now: number;
  colors: Colors;
  /** Whether those that were delivered or overtaken were asked for, too. */
  all: boolean;
}

/** As the gateway gives them, then what is to be done about those that are dead. What strangers may have written stands there as it is spelled. Pure. */
export function renderNotifications(
  notifications: readonly NotificationView[],
  { now, colors, all }: ListOptions,
): string[] {
  if (notifications.length === 0)
    return [all ? 'Nobody was to be told anything yet.' : 'Nothing waits to be sent, and nothing was given up.'];
  const shown = notifications.flatMap((one) => linesOf(one, { now, colors }));
  const steps = nextSteps(notifications.filter(({ state }) => state === 'dead'));
  return steps.length === 0 ? shown : [...shown, '', ...steps];
}

function linesOf(
  { id, target, run, title, state, tries, madeAt, nextAt, why }: NotificationView,
  { now, colors }: Pick<ListOptions, 'now' | 'colors'>,
): string[] {
  const about = `${inLine(target)}, ${ago(madeAt, now)}: ${inLine(title)}`;
  const next = nextAt === undefined ? '' : `; next ${nextAt > now ? `in ${inLargest(nextAt - now)}` : 'now'}`;
  const tried = state === 'waiting' && tries === 0 ? 'not tried yet' : `tried ${plural(tries, 'time')}`;
  return [
    `${id}  ${colored(state, colors)}  ${about}`,
    `    ${inLine(run)}`,
    `    ${tried}${next}${why === undefined ? '' : `: ${inLine(why)}`}`,
  ];
}

function colored(state: NotificationView['state'], colors: Colors): string {
  if (state === 'dead') return colors.red('✖ dead');
  if (state === 'waiting') return colors.yellow('● waiting');
  return oneLine(state);
}

/** By target: what is wrong with one is wrong with all of its messages. */
function nextSteps(dead: readonly NotificationView[]): string[] {
  const byTarget = Map.groupBy(dead, ({ target }) => target);
  return [...byTarget].flatMap(([target, those]) => [
    `${inLine(target)}: ${plural(those.length, 'message')} dead. ${toMend(those)}`,
    `    slipway notifications again ${those.map(({ id }) => id).join(' ')}`,
  ]);
}

/** Of the newest, which says how it is by now. */
function toMend([newest]: readonly NotificationView[]): string {
  const code = /\bSLIP-[A-Z]{2,5}-\d{1,3}\b/.exec(newest?.why ?? '')?.[0];
  const next = (code === undefined ? undefined : entryOf(code))?.next ?? 'Look at `notify` in the policy.';
  return `${next} Then:`;
}

/** Titles, targets and reasons hold words of others. */
function inLine(text: string): string {
  return visible(oneLine(text));
}
