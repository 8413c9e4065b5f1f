import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { renderLive, rowsOf } from '../../../../client/cli/render-live.ts';
import { aRelease, aStatus, noon } from '../builders.ts';
import * as shop from './stories.ts';

const options = { now: shop.seconds(1_300), colors: pc.createColors(false) };
const many = Array.from({ length: 30 }, (_, n) => ({
  region: `region-${n}`,
  phase: (['verified', 'deploying', 'pending'] as const)[Math.floor(n / 10)]!,
  components: [],
}));
const often = Array.from({ length: 60 }, (_, n) => ({
  stage: n % 2 === 0 ? ('deploying' as const) : ('held' as const),
  startedAt: noon + n * 1_000,
  endedAt: noon + (n + 1) * 1_000,
}));
const views = {
  'one that is held': shop.held,
  'one that waits': shop.waiting,
  'one of thirty regions': aRelease({ status: aStatus({ regions: many }) }),
  'one that was held often': aRelease({ status: aStatus({ timings: often }) }),
  'one that cannot be seen': { ...shop.waiting, status: undefined! },
};

describe.each(Object.entries(views))('the picture of %s', (_name, view) => {
  it.each([
    [80, 50],
    [80, 24],
    [60, 12],
    [40, 6],
  ])('is never higher than a terminal of %d columns and %d rows', (columns, rows) => {
    const { lines } = renderLive(view, { ...options, width: columns - 1, rows: rows - 1 });
    expect(rowsOf(lines, columns)).toBeLessThanOrEqual(rows - 1);
  });
});

const drawn = (view: typeof shop.held, rows: number) => renderLive(view, { ...options, width: 99, rows });

it('names of many regions those that are under way, and counts the others', () => {
  const { lines } = drawn(views['one of thirty regions'], 20);
  expect(lines).toEqual(
    expect.arrayContaining([
      '  ✔ verified 10',
      expect.stringMatching(/^ {2}● deploying 10: region-10, region-11, /),
      '  · pending 10',
    ]),
  );
});

it.each([
  [60, []],
  [20, [expect.stringContaining('the rollout failed'), expect.anything()]],
])(
  'says in %d rows that the words of a failure are to be told elsewhere only where they have no room',
  (rows, begins) => {
    expect(drawn(shop.held, rows).untold.slice(0, 2)).toEqual(begins);
  },
);
