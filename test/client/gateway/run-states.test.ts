import { describe, expect, it } from '@jest/globals';
import { runStates } from '../../../client/gateway/run-states.ts';
import type { Engine } from '../../../client/engine.ts';
import type { ReleaseRow } from '../../../domain/contract/gateway.ts';
import { aReleaseId } from '../../domain/builders.ts';

const rows = (count: number, from = 1): ReleaseRow[] =>
  Array.from({ length: count }, (_, n) => ({ releaseId: aReleaseId(from + n) }) as ReleaseRow);
/** Of a run that waits for nobody nothing is on record that would say how it stands. */
const unasked = { records: undefined as never, pipeline: undefined as never };
const building = { stage: 'building', doing: 'building core', timings: [{ stage: 'building', startedAt: 5 }] };

/** An engine that answers when it is told to. */
function anEngine() {
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const engine = {
    status: (id: string) => {
      asked.push(id);
      return new Promise((resolve) => waiting.push(() => resolve(building)));
    },
  } as unknown as Engine;
  return { engine, asked, answer: () => waiting.splice(0).forEach((one) => one()) };
}

describe('how open runs stand', () => {
  it('is asked once for several lists at once, and again once that is old', async () => {
    let now = 1_000;
    const { engine, asked, answer } = anEngine();
    const states = runStates({ ...unasked, engine, now: () => now });
    const both = [states.of(rows(1)), states.of(rows(1))];
    answer();
    const state = { stage: 'building', since: 5, doing: 'building core' };
    for (const list of await Promise.all(both)) expect(list).toMatchObject([{ state }]);
    await states.of(rows(1));
    expect(asked).toHaveLength(1);
    now += 3_000;
    const later = states.of(rows(1));
    answer();
    await later;
    expect(asked).toHaveLength(2);
  });

  it('is asked of so many for one list, and of so many at once', async () => {
    const { engine, asked, answer } = anEngine();
    const states = runStates({ ...unasked, engine, now: () => 1_000 });
    const lists = [0, 1, 2].map((n) => states.of(rows(50, 1 + n * 50)));
    expect(asked).toHaveLength(60);
    answer();
    const told = (await Promise.all(lists)).map((list) => list.filter(({ state }) => state).length);
    expect(told).toEqual([30, 30, 0]);
  });

  it('is asked of none that has ended', async () => {
    const { engine, asked } = anEngine();
    const over = { ...rows(1)[0]!, outcome: 'verified' };
    expect(await runStates({ ...unasked, engine, now: () => 1_000 }).of([over])).toEqual([over]);
    expect(asked).toEqual([]);
  });
});
