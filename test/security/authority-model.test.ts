import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPlay } from '../support/authority-play.ts';
import type { Operation } from '../support/authority-play.ts';
import { createAuthorityWorld } from '../support/authority-world.ts';

/**
 * No sequence of Temporal operations and steps without a valid order changes an environment: the real steps, asked by people, by runs, and by
 * somebody who may do everything in Temporal, in any order, against an oracle that knows nothing but what people have said.
 */

const sequences = Number(process.env['SLIPWAY_MODEL_SEQUENCES'] ?? 5_000);

/** How often each is done. */
const weights: Record<Operation['does'], number> = {
  asks: 2,
  releases: 4,
  undoes: 3,
  approves: 4,
  decides: 3,
  orders: 4,
  voids: 1,
  seesBroken: 1,
  freezes: 1,
  thaws: 1,
  clears: 2,
  changesPolicy: 1,
  waits: 2,
  goesOn: 8,
  goesBack: 3,
  writesLane: 5,
  intrudes: 16,
  isOpen: 1,
};

const operation = fc.oneof(
  ...Object.entries(weights).map(([does, weight]) => ({
    weight,
    arbitrary: fc.record({
      does: fc.constant(does as Operation['does']),
      picks: fc.array(fc.nat(999), { minLength: 8, maxLength: 8 }).map(([of = 0, ...more]) => [of % 8 > 3 ? 0 : of % 4, ...more]),
    }),
  })),
);

async function play(operations: Operation[]) {
  const world = createAuthorityWorld();
  const { prepare, perform } = createPlay(world);
  await prepare();
  expect(world.holes).toEqual([]);
  const prepared = new Map(world.byRight);
  for (const one of operations) {
    await perform(one);
    if (world.holes.length > 0) break;
  }
  return { world, prepared };
}

describe('no sequence of operations without a valid order', () => {
  it('changes an environment, and those with one do', async () => {
    const happened: Record<string, number> = {};
    let performed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 24, size: 'max' }), async (operations) => {
        const { world, prepared } = await play(operations);
        performed += operations.length;
        for (const [what, times] of world.byRight)
          happened[what] = (happened[what] ?? 0) + times - (prepared.get(what) ?? 0);
        expect(world.holes).toEqual([]);
      }),
      { numRuns: sequences, endOnFailure: false },
    );
    process.stderr.write(`${JSON.stringify({ sequences, performed, happened })}\n`);
  });
});
