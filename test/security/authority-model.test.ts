import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPlay, deeds } from '../support/authority/play.ts';
import type { Deed, Operation } from '../support/authority/play.ts';
import { createAuthorityWorld } from '../support/authority/world.ts';

/**
 * No sequence of Temporal operations and steps without a valid order changes an environment: the real steps, asked by people, by runs, and by
 * somebody who may do everything in Temporal, in any order, against an oracle that knows nothing but what people have said.
 */

const operation = fc.oneof(
  ...Object.entries(deeds).map(([does, weight]) => ({
    weight,
    arbitrary: fc.record({
      does: fc.constant(does as Deed),
      picks: fc
        .array(fc.nat(999), { minLength: 8, maxLength: 8 })
        .map(([of = 0, ...more]) => [of % 8 > 3 ? 0 : of % 4, ...more]),
    }),
  })),
);

interface Played {
  holes: string[];
  /** What has happened by right, by kind; without what a sequence begins with. */
  byRight: Map<string, number>;
}

async function play(operations: Operation[], options?: Parameters<typeof createAuthorityWorld>[0]): Promise<Played> {
  const world = createAuthorityWorld(options);
  const { prepare, perform } = createPlay(world);
  await prepare();
  const before = new Map(world.byRight);
  for (const one of operations) {
    await perform(one);
    if (world.holes.length > 0) break;
  }
  const byRight = [...world.byRight].map(([what, times]) => [what, times - (before.get(what) ?? 0)] as const);
  return { holes: world.holes, byRight: new Map(byRight) };
}

const sequences = Number(process.env["N"] ?? 5_000);

describe('no sequence of operations without a valid order', () => {
  it('changes an environment, and those with one do', async () => {
    const happened: Record<string, number> = {};
    const any = fc.array(operation, { minLength: 1, maxLength: 20, size: 'max' });
    const isRight = fc.asyncProperty(any, async (operations) => {
      const { holes, byRight } = await play(operations, { passesOver: ['takes over'] });
      for (const [what, times] of byRight) happened[what] = (happened[what] ?? 0) + times;
      expect(holes).toEqual([]);
    });
    await fc.assert(isRight, { numRuns: sequences });
    if (process.env["SHOW"]) console.log(happened);
    // A product that refuses everything would change nothing either.
    for (const what of ['deployed', 'verified', 'tagged', 'ended'])
      expect(happened[what]).toBeGreaterThan(1_000);
    for (const what of ['put-back', 'migrated']) expect(happened[what]).toBeGreaterThan(200);
    expect(happened['revoked']).toBeGreaterThan(50);
  });
});

/** What sequences have found, each by its name. */
describe('a sequence that was found', () => {
  const does = (what: Deed, ...picks: number[]): Operation => ({ does: what, picks });
  const aVerifiedRelease = does('releases', 0, 1, 1);
  const anOrder = does('orders', 0, 0, 0, 0, 1);
  const goesBackAllTheSame = does('goesBack', 0, 11, 1);

  it.each<[string, Operation[]]>([
    ['an order that has expired', [does('orders', 0, 0, 0, 1, 1), does('waits', 2)]],
    ['an order that is void', [anOrder, does('voids', 0)]],
    ['an order of somebody who may not give it', [does('orders', 0, 5, 0, 0, 1)]],
    ['an order for another plan', [does('orders', 0, 0, 0, 0, 7)]],
  ])('revokes nothing by %s, although the run says that it went back', async (_what, ordered) => {
    expect((await play([aVerifiedRelease, ...ordered, goesBackAllTheSame])).holes).toEqual([]);
  });

  it('revokes what was ordered, by a run that went back', async () => {
    const { byRight } = await play([aVerifiedRelease, anOrder, goesBackAllTheSame]);
    expect(byRight.get('put-back')).toBe(4);
    expect(byRight.get('revoked')).toBe(1);
  });
});
