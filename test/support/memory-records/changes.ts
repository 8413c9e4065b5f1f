import type { BegunChange, Records } from '../../../activities/records/port.ts';
import { answering, laneName } from './stored.ts';
import type { Clock } from './stored.ts';

interface Change extends BegunChange {
  number: number;
  workflowId: string;
  at: number;
  done?: boolean;
}

export function memoryChanges(
  clock: Clock,
  { touched, inventory }: Pick<Records, 'touched' | 'inventory'>,
): Records['changes'] {
  const all: Change[] = [];
  const isPlace = (a: Change, b: Change) =>
    laneName(a.lane) === laneName(b.lane) && a.region === b.region && a.component === b.component;
  /** The place itself refuses it by now. */
  const isPassed = (change: Change) =>
    all.some(
      (later) =>
        isPlace(later, change) &&
        later.number > change.number &&
        later.done &&
        (later.workflowId !== change.workflowId ||
          (later.purpose === 'roll-back' && change.purpose === 'deploy') ||
          (later.purpose === change.purpose && later.artifact === change.artifact)),
    );
  return {
    async begin(begun, thing) {
      await touched.record(thing);
      const change: Change = { ...begun, number: all.length + 1, workflowId: thing.workflowId, at: clock() };
      const { lane, region, purpose } = change;
      const before = all.findLast((one) => laneName(one.lane) === laneName(lane) && one.region === region);
      for (const one of all)
        if (one.done === undefined && isPlace(one, change) && one.step === change.step && one.purpose === purpose)
          Object.assign(one, { done: false, at: clock() });
      all.push(change);
      if (purpose === 'roll-back')
        await inventory.revoke(thing.workflowId, 'its own run has put back what was there', [region]);
      return { number: change.number, before: before?.number };
    },
    end: answering((number, isDone) => {
      const change = all[number - 1];
      if (change && change.done === undefined) Object.assign(change, { done: isDone, at: clock() });
    }),
    lookAt: answering((lane, region) => {
      const there = all.filter((one) => laneName(one.lane) === laneName(lane) && one.region === region);
      const last = there.at(-1);
      const open = there.filter((change) => change.done === undefined && !isPassed(change));
      return {
        last: last && { number: last.number, at: Math.floor(last.at) },
        underWay: [...new Set(open.map(({ component }) => component))],
      };
    }),
    lastOf: answering((workflowIds) =>
      all
        .filter(
          (change, i) =>
            workflowIds.includes(change.workflowId) &&
            !all.slice(i + 1).some((later) => later.workflowId === change.workflowId && isPlace(later, change)),
        )
        .map(({ workflowId, region, component, number, purpose, done }) => ({
          ...{ workflowId, region, component, number, purpose },
          isDone: done === true,
        })),
    ),
  };
}
