import type { LaneView } from '../../../domain/contract/gateway.ts';
import type { LaneClosure } from '../../../domain/contract/lane.ts';
import { awayInWords, backWith, isAway } from '../../../domain/engine-away.ts';
import { tellCommand } from '../../../domain/lane-standing.ts';
import { visible } from '../../../domain/visible.ts';
import { plural } from '../../cli/words.ts';
import { byInWords, leftBy, shownLane, whyClosed } from './lane-closed.ts';
import { heldInWords, runInWords } from './lane-now.ts';
import type { Inside, LaneNow } from './lane-now.ts';
import { begun } from './sentence.ts';
import { shortly } from './times.ts';
import type { Verdict } from './verdict.ts';

/** Whether anything new begins here, and why not. */
export function laneVerdict(view: LaneView, lane: LaneNow, now: number, inside?: Inside): Verdict {
  if (view.untold !== undefined)
    return {
      tone: 'mute',
      icon: 'unknown',
      says: 'How this lane stands cannot be told.',
      beside: visible(view.untold),
    };
  const { icon, tone } = shownLane({ ...lane, inside, isUnseen: !lane.isSeen });
  return { icon, tone, ...sentenceOf(view, lane, { now, inside }) };
}

function sentenceOf(
  view: LaneView,
  lane: LaneNow,
  { now, inside: state }: { now: number; inside: Inside | undefined },
): Pick<Verdict, 'says' | 'beside'> {
  const [closure, ...others] = lane.closures;
  const more = others.length + (view.moreClosures ?? 0);
  const also = more > 0 ? `${plural(more, 'other thing')} ${more === 1 ? 'closes' : 'close'} it, too. ` : '';
  const held = heldInWords(state);
  const inside = lane.holder
    ? `${begun(runInWords(lane.holder.releaseId))} is in${held === undefined ? ', and goes on' : `, ${held}`}.`
    : '';
  if (closure?.kind === 'hold')
    return { says: `Nothing new begins: ${leftBy(closure)}.`, ...beside(`${causeOf(closure)}${also}${inside}`) };
  if (closure) {
    const until = closure.until === undefined ? '' : ` until ${shortly(closure.until, now)}`;
    // In quotes: a person says what they like.
    const says = `Nothing new begins${until}: “${whyClosed(closure)}”, ${byInWords(closure)}.`;
    return { says, ...beside(`${also}${inside}`) };
  }
  if (!lane.isSeen)
    return { says: 'Nothing on record closes this lane, and how it stands cannot be seen.', ...beside(inside) };
  if (lane.holder && held !== undefined)
    return {
      says: `${begun(runInWords(lane.holder.releaseId))} is in, ${held}.`,
      beside: `${state?.waitingFor ? `${visible(state.waitingFor.who)} can move it. ` : ''}What comes next begins when it has left.`,
    };
  if (lane.holder)
    return {
      says: `${begun(runInWords(lane.holder.releaseId))} is in: what comes next begins when it has left.`,
      beside: 'Where it waits for a decision, its page says who decides.',
    };
  if (!view.status && view.inventory.length === 0) return { says: 'This lane is open, and was not used yet.' };
  return { says: 'This lane is open: a release begins as soon as it is ready.' };
}

/** Where the headline does not say it. */
function causeOf(closure: LaneClosure): string {
  const why = whyClosed(closure);
  return leftBy(closure) === why ? '' : `${begun(why)}. `;
}

function beside(words: string): Pick<Verdict, 'beside'> {
  const told = words.trim();
  return told === '' ? {} : { beside: told };
}

/** Where what is shown is not all that is to be known, and what ends that: each in a line. */
export function troublesOf(view: LaneView): string[] {
  const { unseen, unheard, differs = [], waysOut = [], holderEnded, moreClosures } = view;
  const away = isAway(unseen?.away) ? unseen.away : 'unknown';
  const outcome = holderEnded?.outcome === undefined ? '' : ` ${holderEnded.outcome}`;
  const lines = [
    ...(unseen
      ? [
          `The lane does not say how it stands: ${awayInWords(away)}. What is on record is shown. ${backWith(away, view)}.`,
        ]
      : []),
    ...(unheard === undefined
      ? []
      : [
          `On record and in force; the lane has not heard of it yet: ${unheard}. ${tellCommand(view)}, when it answers again.`,
        ]),
    ...differs.map((words) => `${begun(words)}.`),
    ...waysOut.map((way) => `What ends that: ${way}.`),
    ...(holderEnded
      ? [
          `Its holder has ended${outcome}, and the lane finds out within a minute when somebody waits for it, else within 15.`,
        ]
      : []),
    ...(moreClosures === undefined
      ? []
      : [`${plural(moreClosures, 'older one')} close it as well: they are shown when these are lifted.`]),
  ];
  return lines.map(visible);
}
