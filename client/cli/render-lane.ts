import type { LaneView } from '../../domain/contract/gateway.ts';
import type { LaneClosure } from '../../domain/contract/lane.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import { awayInWords, backWith, isAway } from '../../domain/engine-away.ts';
import { shortDigest } from '../../domain/images.ts';
import { tellCommand } from '../../domain/lane-standing.ts';
import { leftInWords } from '../../domain/left-behind.ts';
import { unprovenInWords } from '../../domain/unproven-orders.ts';
import { firstSentence } from '../../domain/whole-text.ts';
import type { Colors } from './cli.ts';
import { table } from './layout.ts';
import { oneLine } from './safe-text.ts';
import { dateAndTime, deadline, duration, shortCommit } from './words.ts';

interface LaneOptions {
  now: number;
  colors: Colors;
  timeZone?: string;
  /** All that is said of why it is closed, and not the first sentence alone. */
  full?: boolean;
}

/** Who writes to an environment, who waits, why nobody is let in, and what is verified there. Pure. */
export function renderLane(view: LaneView, options: LaneOptions): string[] {
  const { colors } = options;
  const title = colors.bold(`${oneLine(view.service)} → ${oneLine(view.environment)}`);
  if (view.untold !== undefined) return [title, ...untoldLines(view, view.untold, options)];
  return [
    title,
    ...(view.status ? statusLines(view, view.status, options) : unansweredLines(view, options)),
    ...unheardLines(view, options),
    ...(view.differs ?? []).map((words) => `  ${colors.yellow(`! ${oneLine(words)}`)}`),
    ...(view.waysOut ?? []).map((way) => `    next: ${oneLine(way)}`),
    ...inventoryLines(view, options),
    ...(view.leftBehind ?? []).map((left) =>
      colors.yellow(
        `! ${oneLine(left.component)} in ${oneLine(left.region)} ${oneLine(leftInWords(left, shortDigest))}`,
      ),
    ),
  ];
}

function statusLines(view: LaneView, status: LaneStatus, options: LaneOptions): string[] {
  const { now, colors } = options;
  const holder = status.holder;
  return [
    holder
      ? `  ${colors.cyan('●')} in use by ${oneLine(holder.releaseId)} for ${duration(now - holder.since)}${gone(view)}`
      : `  ${colors.green('✔')} nobody is writing`,
    ...status.closures.flatMap((closure) => closureLines(view, closure, options)),
    ...moreLines(view),
    ...status.queue.map(({ releaseId, claiming, joinedAt }, at) => {
      const state = claiming ? 'ready, waits for the lane' : 'on its way';
      return `  ${at + 1}. ${oneLine(releaseId)} ${colors.dim(`${state}, here for ${duration(now - joinedAt)}`)}`;
    }),
  ];
}

function gone({ holderEnded }: LaneView): string {
  if (!holderEnded) return '';
  const how = holderEnded.outcome === undefined ? '' : `: ${oneLine(holderEnded.outcome)}`;
  return `, which has ended${how}; the lane finds out within a minute when somebody waits for it, else within 15`;
}

/** What was ordered counts; nothing else is known. */
function untoldLines({ service, environment }: LaneView, untold: string, { colors }: LaneOptions): string[] {
  const words = `! on record and in force; how the lane stands now cannot be told: ${oneLine(untold)}`;
  const next = `slipway lane --service ${oneLine(service)} --environment ${oneLine(environment)}`;
  return [`  ${colors.yellow(words)}`, `    next: ${next}`];
}

/** What was ordered counts, and the lane is to hear of it later. */
function unheardLines({ unheard, waysOut = [], ...lane }: LaneView, { colors }: LaneOptions): string[] {
  if (unheard === undefined) return [];
  const words = `! on record and in force; the lane has not heard of it yet: ${oneLine(unheard)}`;
  const command = oneLine(tellCommand(lane));
  const isSaid = waysOut.some((way) => oneLine(way) === command);
  return [`  ${colors.yellow(words)}`, ...(isSaid ? [] : [`    next: ${command}, when it answers again`])];
}

/** Nobody answers for the lane: what is on record is shown as that, and is not how it stands. */
function unansweredLines(view: LaneView, options: LaneOptions): string[] {
  if (!view.unseen) return ['  the lane has not been used yet'];
  const { colors, timeZone } = options;
  const { holder, closures = [], waiting = [] } = view.unseen.recorded ?? {};
  const away = isAway(view.unseen.away) ? view.unseen.away : undefined;
  return [
    `  ${colors.yellow('?')} how it stands cannot be seen: ${away ? awayInWords(away) : 'nobody answers for it'}. On record:`,
    holder
      ? `  in use by ${oneLine(holder.member.releaseId)} since ${dateAndTime(holder.since, timeZone)}`
      : '  nobody is writing',
    ...closures.flatMap((closure) => closureLines(view, closure, options)),
    ...moreLines(view),
    ...waiting.map((releaseId) => `  waits: ${oneLine(releaseId)}`),
    `  next: ${oneLine(backWith(away ?? 'unknown', view))}`,
  ];
}

function moreLines({ moreClosures }: LaneView): string[] {
  return moreClosures === undefined ? [] : [`  and ${moreClosures} older ones: they are shown when these are lifted`];
}

/** What closes the lane, and the command that opens it; nothing but time opens a window. */
function closureLines(view: LaneView, closure: LaneClosure, { now, colors, timeZone, full }: LaneOptions): string[] {
  const { kind, from, until } = closure;
  const words = {
    hold: colors.red('✖ on hold:'),
    freeze: colors.yellow('✖ frozen:'),
    window: colors.yellow('✖ closed:'),
  };
  const commands = { hold: 'slipway lane clear-hold', freeze: 'slipway unfreeze', window: undefined };
  const since = from > now ? `from ${dateAndTime(from, timeZone)}` : dateAndTime(from, timeZone);
  const end = until === undefined ? '' : `, ${deadline(until, now, timeZone)}`;
  const place = `--service ${oneLine(view.service)} --environment ${oneLine(view.environment)}`;
  const unproven = unprovenInWords(closure);
  const who = unproven === undefined ? '' : `; ${oneLine(unproven)}`;
  const [sentence = '', ...rest] = closure.reason.trim().split('\n');
  const shown = full ? sentence : firstSentence(closure.reason);
  const isAll = full === true || (rest.length === 0 && shown.length >= sentence.length - 1);
  const looked = kind === 'hold' ? ', when somebody has looked' : '';
  return [
    `  ${words[kind]} ${oneLine(shown)} (${oneLine(closure.by)}, ${since}${end}${who})`,
    ...(full ? rest.map((line) => `    ${oneLine(line)}`) : []),
    ...(isAll ? [] : [`    all of it: slipway lane ${place} --full`]),
    ...(commands[kind] ? [`    next: ${commands[kind]} ${place} --id ${oneLine(closure.id)} --reason …${looked}`] : []),
  ];
}

/** A release looks at what runs when it plans, and each step before it writes: nobody looks for this. */
const notSeen = '  By the records. What runs there now is not seen here.';

function inventoryLines({ inventory }: LaneView, { colors, timeZone }: LaneOptions): string[] {
  if (inventory.length === 0) return ['', 'Nothing has been verified here yet.'];
  const rows = inventory.map(({ region, component, image, commit, state, verifiedAt }) => [
    oneLine(region),
    oneLine(component),
    oneLine(shortDigest(image)),
    `commit ${shortCommit(oneLine(commit))}`,
    oneLine(state),
    dateAndTime(verifiedAt, timeZone),
  ]);
  return ['', colors.bold('Verified'), ...table(rows, '  '), colors.dim(notSeen)];
}
