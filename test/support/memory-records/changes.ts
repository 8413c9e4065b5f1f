import type { BegunChange, Records, TouchedThing } from '../../../activities/records/port.ts';
import { answering, laneName } from './stored.ts';
import type { Clock } from './stored.ts';

interface Change extends BegunChange {
  number: number;
  workflowId: string;
  begunAt: number;
  at: number;
  done?: boolean;
}

type Place = Pick<Change, 'lane' | 'region' | 'component'>;

/** `touch`, `takeBack`: what else is written with the beginning of a change. */
export function memoryChanges(
  clock: Clock,
  { touch, takeBack }: { touch(thing: TouchedThing): void; takeBack(releaseId: string, region: string): void },
): Records['changes'] & {
  isOpenFor(releaseId: string, place: Place): boolean;
  lastIn(place: Pick<Place, 'lane' | 'region'>): number | undefined;
  begunBackIn(workflowId: string): string[];
  hasAny(workflowId: string): boolean;
} {
  const all: Change[] = [];
  const isIn = (a: Pick<Place, 'lane' | 'region'>, b: Pick<Place, 'lane' | 'region'>) =>
    laneName(a.lane) === laneName(b.lane) && a.region === b.region;
  const isAt = (a: Place, b: Place) => isIn(a, b) && a.component === b.component;
  const isUnderWay = ({ done, begunAt }: Change) => done === undefined && begunAt > clock() - 3_600_000;
  const end = (change: Change, done: boolean) => Object.assign(change, { done, at: clock() });
  const isBack = ({ purpose, done }: Change) => purpose === 'roll-back' && done !== false;
  /** What it makes harmless. */
  const passedBy = (later: Change) =>
    all.filter(
      (one) =>
        one.done === undefined &&
        one.number < later.number &&
        isAt(one, later) &&
        (one.workflowId !== later.workflowId ||
          (later.purpose === 'roll-back' && one.purpose === 'deploy') ||
          (later.purpose === one.purpose && later.artifact === one.artifact)),
    );
  return {
    isOpenFor: (releaseId, place) =>
      all.some((change) => isAt(change, place) && isUnderWay(change)) ||
      all.some((change) => change.workflowId === releaseId && isAt(change, place) && isBack(change)),
    hasPutBack: answering((workflowId) => all.some((change) => change.workflowId === workflowId && isBack(change))),
    lastIn: (place) => all.findLast((one) => isIn(one, place))?.number,
    hasAny: (workflowId) => all.some((change) => change.workflowId === workflowId),
    begunBackIn: (workflowId) =>
      all.filter((one) => one.workflowId === workflowId && one.purpose === 'roll-back').map(({ region }) => region),
    begin: answering((begun, thing) => {
      touch(thing);
      const { workflowId } = thing;
      const before = all.findLast((one) => isIn(one, begun));
      all.push({ ...begun, number: all.length + 1, workflowId, begunAt: clock(), at: clock() });
      if (begun.purpose === 'roll-back') takeBack(workflowId, begun.region);
      return { number: all.length, before: before?.number };
    }),
    end: answering((number, isDone) => {
      const change = all[number - 1];
      if (change?.done !== undefined) return;
      if (change) end(change, isDone);
      if (change && isDone) for (const one of passedBy(change)) end(one, false);
    }),
    lookAt: answering((lane, region) => {
      const there = all.filter((one) => isIn(one, { lane, region }));
      const last = there.at(-1);
      const own = there.filter(({ workflowId }) => workflowId === last?.workflowId);
      return {
        last: last && { number: last.number, at: Math.floor(Math.max(...own.map(({ at }) => at))) },
        underWay: [...new Set(there.filter(isUnderWay).map(({ component }) => component))],
      };
    }),
    lastOf: answering((workflowIds) =>
      all
        .filter(
          (change, i) =>
            workflowIds.includes(change.workflowId) &&
            !all.slice(i + 1).some((later) => later.workflowId === change.workflowId && isAt(later, change)),
        )
        .map(({ workflowId, region, component, number, purpose, done }) => ({
          ...{ workflowId, region, component, number, purpose },
          isDone: done === true,
        })),
    ),
  };
}
