import type { LaneClosure } from '../../../domain/contract/lane.ts';
import { reasonInWords } from '../../../domain/lane-closures.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence } from '../../../domain/whole-text.ts';
import { heldInWords, runInWords } from './lane-now.ts';
import type { Inside } from './lane-now.ts';
import { begun } from './sentence.ts';
import { shownStage } from './states.ts';
import type { Shown, Tone } from './states.ts';
import { shortly } from './times.ts';

/** One thing that keeps new runs out, as a page says it. */
export interface ShownClosure {
  id: string;
  kind: LaneClosure['kind'];
  tone: Tone;
  icon: string;
  title: string;
  /** Until when, or what ends it. */
  until: string;
  /** Each of its sentences. */
  reason: string[];
  by: string;
  /** Of a hold: the run that left it. */
  run?: string;
  from: number;
}

const looks: Record<LaneClosure['kind'], { tone: Tone; icon: string; title: string; word: string }> = {
  hold: { tone: 'stop', icon: 'lock', title: 'Hold', word: 'on hold' },
  freeze: { tone: 'live', icon: 'snow', title: 'Freeze', word: 'frozen' },
  window: { tone: 'mute', icon: 'calendar', title: 'Window', word: 'closed' },
};

/** A kind that this page does not know closes it all the same. */
function lookOf(kind: LaneClosure['kind']): (typeof looks)['hold'] {
  return (looks as Partial<typeof looks>)[kind] ?? { ...looks.window, title: kind };
}

export function shownClosure(closure: LaneClosure, now: number): ShownClosure {
  const { id, kind, from, until } = closure;
  const { tone, icon, title } = lookOf(kind);
  const begins = from > now ? `from ${shortly(from, now)} ` : '';
  const ends =
    until === undefined
      ? kind === 'hold'
        ? 'until somebody clears it'
        : 'until somebody lifts it'
      : `until ${shortly(until, now)}`;
  return {
    ...{ id, kind, tone, icon, title, from },
    until: `${begins}${ends}`,
    reason: reasonInWords(closure)
      .split('\n')
      .filter(Boolean)
      .map((line) => begun(withShortName(line, closure))),
    ...(kind === 'hold' && { run: closure.by }),
    by: byInWords(closure),
  };
}

/** A hold is left by a run, a freeze is ordered by a person. */
export function byInWords({ kind, by }: Pick<LaneClosure, 'kind' | 'by'>): string {
  return kind === 'hold' ? runInWords(by) : visible(by);
}

type Why = Pick<LaneClosure, 'kind' | 'by' | 'reason' | 'unprovenKey'>;

/** Why, in one sentence without its full stop. */
export function whyClosed(closure: Why): string {
  return withShortName(firstSentence(reasonInWords(closure)), closure).replace(/\.$/, '');
}

/** Of a hold, which run has left it, and how that has ended, where its words have it; else why, as it is on record. */
export function leftBy({ by, reason, ...closure }: Why): string {
  const [, outcome] = reason.split(`${by} ended `)[1]?.match(/^([a-z-]{1,40})/) ?? [];
  return outcome === undefined
    ? whyClosed({ by, reason, ...closure })
    : `${runInWords(by)} ended ${outcome.replaceAll('-', ' ')}`;
}

/** By the name that people know it by, a sentence is read; by its whole id it is not. */
function withShortName(words: string, { kind, by }: Why): string {
  return visible(kind === 'hold' && by !== '' ? words.replaceAll(by, runInWords(by)) : words);
}

/** How a lane stands, in a word: what closes it most, else whether somebody is in it, and held there. */
export function shownLane({
  closures,
  holder,
  inside,
  isUnseen,
}: {
  closures: readonly Pick<LaneClosure, 'kind'>[];
  holder?: object | undefined;
  inside?: Inside | undefined;
  /** Nobody says whether anything closes it. */
  isUnseen?: boolean | undefined;
}): Shown {
  const kinds = closures.map(({ kind }) => kind);
  const worst = kinds.includes('hold') ? 'hold' : kinds[0];
  if (worst !== undefined) {
    const { tone, icon, word } = lookOf(worst);
    return { tone, icon, word };
  }
  if (isUnseen) return { tone: 'mute', icon: 'unknown', word: 'unknown' };
  if (holder && heldInWords(inside)) return shownStage('held');
  return holder ? { tone: 'live', icon: 'deploying', word: 'in use' } : { tone: 'mute', icon: 'lane', word: 'open' };
}
