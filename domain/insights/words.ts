import type { Dora, Insights, StepMeasure, TargetMeasure, TargetName, Trouble } from '../contract/insights.ts';
import { timeTargets } from './targets.ts';

/** What the page and the command line say of the same numbers, in the same words. */

/** `45 s`, `4 min 05 s`, `27 min`, `2 h 05 min`, `3 days`: as exact as anybody needs it who compares. */
export function briefly(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  return `${Math.floor(minutes / (24 * 60))} days`;
}

/** `99 %`, `6.5 %`. Nothing is rounded up to all, nor down to none. */
export function percent(part: number): string {
  const value = part * 100;
  if (value === 0 || value === 100) return `${value} %`;
  if (value < 10) return `${Math.max(0.1, value).toFixed(1)} %`;
  return `${Math.min(99, Math.round(value))} %`;
}

/** A limit is in whole minutes. */
export function limitIn({ limitMs }: Pick<TargetMeasure, 'limitMs'>): string {
  return `${Math.round(limitMs / 60_000)} min`;
}

/** A name that only newer gateways know stands as it is. */
export function titleOf(name: TargetName): string {
  return (timeTargets as Partial<typeof timeTargets>)[name]?.title ?? name;
}

/** Whether a target holds, in a few words. */
export function metInWords({ name, state, met, trend, count }: TargetMeasure): string {
  if (state === 'not-measured')
    return `not measured: ${(timeTargets as Partial<typeof timeTargets>)[name]?.unseen ?? 'nothing on record tells it'}`;
  if (met === undefined || count === 0) return 'nothing to count yet';
  const going = trend === 'growing' || trend === 'falling' ? `, ${trend}` : '';
  return `met by ${met === 0 ? 'none' : percent(met)}${going}`;
}

interface Headline {
  tone: 'good' | 'ask' | 'stop' | 'mute';
  says: string;
  /** What would help to look at. */
  slowest?: string;
}

/** Which target slips, and because of which step. */
export function headlineOf({ targets, steps, weeks, dora }: Insights): Headline {
  const counted = targets.filter(({ count, medianMs }) => count > 0 && medianMs !== undefined);
  if (counted.length === 0)
    return dora.deployments.count === 0
      ? { tone: 'mute', says: 'Nothing was verified in these weeks: there is nothing to count yet.' }
      : {
          tone: 'mute',
          says: 'What was verified in these weeks has no times on record: none of the targets can be told.',
        };
  const [worst] = counted.filter(({ state }) => state !== 'holds').sort((a, b) => overBy(b) - overBy(a));
  const slowest = slowestOf(steps, worst, weeks);
  const told = slowest === undefined ? {} : { slowest };
  if (!worst) return { tone: 'good', says: `${holding(counted.length, 'The')}.`, ...told };
  const others = counted.filter((one) => one !== worst);
  const areWell = others.every(({ state }) => state === 'holds');
  const beside = areWell && others.length > 0 ? ` ${holding(others.length, 'The other')}.` : alsoSlip(others);
  return { tone: worst.state === 'missed' ? 'stop' : 'ask', says: `${slips(worst)}${beside}`, ...told };
}

function slips(worst: TargetMeasure): string {
  const { name, medianMs = 0, met = 0, trend, state } = worst;
  const takes = `${titleOf(name)} takes ${briefly(medianMs)} of ${limitIn(worst)}`;
  if (trend === 'growing') return `${takes} and is growing.`;
  return state === 'missed' ? `${takes}.` : `${takes}, and ${percent(1 - met)} take longer.`;
}

function holding(count: number, which: 'The' | 'The other'): string {
  return count === 1 ? `${which} target that is measured holds` : `${which} ${count} targets that are measured hold`;
}

function alsoSlip(others: readonly TargetMeasure[]): string {
  const names = others.filter(({ state }) => state !== 'holds').map(({ name }) => titleOf(name));
  return names.length === 0 ? '' : ` Not in time either: ${names.join(', ')}.`;
}

const overBy = ({ medianMs = 0, limitMs }: TargetMeasure) => medianMs / limitMs;

/** Of a commit that waits longest before anybody asks for it no step is the cause. */
function slowestOf(
  steps: Insights['steps'],
  worst: TargetMeasure | undefined,
  weeks: Insights['weeks'],
): string | undefined {
  if (worst?.name === 'commit-to-production') {
    const last = weeks.findLast(({ count }) => count > 0);
    const { beforeMs = 0, machinesMs = 0 } = last ?? {};
    if (beforeMs > machinesMs)
      return `Most of it passes before anybody asks for the release: ${briefly(beforeMs)} in the last week that has any.`;
  }
  const wanted = worst?.name === 'one-region' ? 'region' : 'stage';
  const step = steps.find(({ kind }) => kind === wanted) ?? steps[0];
  return (
    step && `Slowest: ${stepInWords(step)}, median ${briefly(step.medianMs)}, one of ten over ${briefly(step.mostMs)}.`
  );
}

/** A region is named as people name it. */
export function stepInWords({ kind, name }: StepMeasure): string {
  return kind === 'region' ? `region ${name}` : name;
}

/** `under 5 min`, `15 min to 1 h`, `over 4 h`. */
export function bucketInWords(underMs: number | undefined, before: number | undefined): string {
  const bound = (ms: number) => (ms < 3_600_000 ? `${ms / 60_000} min` : `${ms / 3_600_000} h`);
  if (underMs === undefined) return `over ${bound(before ?? 0)}`;
  return before === undefined ? `under ${bound(underMs)}` : `${bound(before)} to ${bound(underMs)}`;
}

const ends: Record<Trouble['ended'], string> = {
  held: 'held, then verified',
  'rolled-back': 'rolled back',
  halted: 'halted',
  'put-back': 'put back later',
  'ordered-back': 'ordered back, and not back by the records',
  other: 'not known',
};

/** How it went on. */
export function endedInWords(ended: Trouble['ended']): string {
  return (ends as Partial<typeof ends>)[ended] ?? ended;
}

/** Of one that was held and went on, a run keeps no cause at its end. */
export function causeInWords({ cause, code, ended }: Trouble): string {
  if (cause !== '') return code === undefined ? cause : `${code} ${cause}`;
  return ended === 'held' ? 'what held it stands in its own log' : 'no cause is on record';
}

/** `never well since`, where nothing says that it is. */
export function restoredInWords({ restoredMs }: Trouble): string {
  return restoredMs === undefined ? 'not on record' : briefly(restoredMs);
}

/** What people took of it, and what is not well yet: also where nothing was restored. */
export function restoreInWords({ peopleMs, notYet }: Dora['restore']): string {
  const waited = peopleMs === undefined ? 'nothing to count yet' : `of it ${briefly(peopleMs)} people`;
  return notYet > 0 ? `${waited}; ${notYet} not restored, by the records` : waited;
}

/** What bounds the answer, in words; none where all was looked at. */
export function boundsInWords({ lookedAt, more, moreOrders, unread = 0, counted }: Insights): string[] {
  return [
    ...(more ? [`Only the newest ${lookedAt} releases were looked at: there are more in these weeks.`] : []),
    ...(moreOrders ? ['Only the newest orders to roll back were looked at, 500 at most: there may be others.'] : []),
    ...(unread > 0 ? [`Of ${unread} that have ended nothing is on record, or it cannot be read.`] : []),
    ...(counted === 'all' ? ['The policy requires an approval in no environment here: all are counted.'] : []),
  ];
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
