import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPlay, deeds } from '../support/authority/play.ts';
import type { Deed, Operation } from '../support/authority/play.ts';
import { nothingYet } from '../support/authority/remembered.ts';
import type { Remembered } from '../support/authority/remembered.ts';
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

interface Sequence {
  operations: Operation[];
  /** It begins with a commit that is verified in the first lane; else with one that is approved there. */
  isVerified?: boolean;
}
interface Played {
  holes: string[];
  /** What has happened by right, by kind; without what the sequence begins with. */
  byRight: Map<string, number>;
}

async function play({ operations, isVerified = true }: Sequence, remembered?: Remembered): Promise<Played> {
  const world = createAuthorityWorld(remembered);
  const { prepare, perform } = createPlay(world);
  await prepare(isVerified);
  world.begins();
  const before = new Map(world.byRight);
  for (const one of operations) {
    await perform(one);
    if (world.holes.length > 0) break;
  }
  const byRight = [...world.byRight]
    .map(([what, times]) => [what, times - (before.get(what) ?? 0)] as const)
    .filter(([, times]) => times > 0);
  return { holes: world.holes, byRight: new Map(byRight) };
}

const any = fc.record({
  operations: fc.array(operation, { minLength: 1, maxLength: 10, size: 'max' }),
  isVerified: fc.boolean(),
});
/** How sequences begin: the same steps each time, which took as long as all that is tried. */
const beginnings = { verified: nothingYet(), approved: nothingYet() };
const beginningOf = ({ isVerified }: Sequence) => (isVerified ? beginnings.verified : beginnings.approved);

const sequences = 5_000;

describe('no sequence of operations without a valid order', () => {
  it('changes an environment, and those with one do', async () => {
    const happened: Record<string, number> = {};
    const isRight = fc.asyncProperty(any, async (sequence) => {
      const { holes, byRight } = await play(sequence, beginningOf(sequence));
      for (const [what, times] of byRight) happened[what] = (happened[what] ?? 0) + times;
      expect(holes).toEqual([]);
    });
    await fc.assert(isRight, { numRuns: sequences });
    // A product that refuses everything would change nothing either.
    for (const what of ['deployed', 'verified', 'tagged', 'ended']) expect(happened[what]).toBeGreaterThan(1_000);
    for (const what of ['put-back', 'migrated']) expect(happened[what]).toBeGreaterThan(20);
    expect(happened['revoked']).toBeGreaterThan(2);
  });
});

describe('a sequence that begins with what the first steps have left', () => {
  it('goes on as one in which they ran', async () => {
    const remembered = { verified: nothingYet(), approved: nothingYet() };
    for (const sequence of fc.sample(any, 100)) {
      const known = sequence.isVerified ? remembered.verified : remembered.approved;
      expect(await play(sequence, known)).toEqual(await play(sequence));
    }
  });
});

const does = (what: Deed, ...picks: number[]): Operation => ({ does: what, picks });

/** What sequences have found, each by its name. `byRight`: what happens in it, so that it is about something. */
describe('a sequence that was found', () => {
  const aVerifiedRelease = does('releases', 0, 1, 1);
  const anOrder = does('orders', 0, 0, 0, 0, 1);
  const anOrderOfOla = does('orders', 0, 6, 0, 0, 1);
  const goesBackAllTheSame = does('goesBack', 0, 11, 1);

  it.each<[string, Operation[]]>([
    ['an order that has expired', [does('orders', 0, 0, 0, 1, 1), does('waits', 2)]],
    ['an order that is void', [anOrder, does('voids', 0)]],
    ['an order of somebody who may not give it', [does('orders', 0, 5, 0, 0, 1)]],
    ['an order for another plan', [does('orders', 0, 0, 0, 0, 14)]],
    ['an order to which somebody has said no', [anOrder, does('saysNo', 0, 1, 0)]],
    ['an order to which somebody on call has said no', [anOrder, does('saysNo', 0, 1, 3)]],
    ['an order of somebody who was on call', [anOrderOfOla, does('changesPolicy', 4)]],
  ])('revokes nothing by %s, although the run says that it went back', async (_what, ordered) => {
    const { holes, byRight } = await play({ operations: [aVerifiedRelease, ...ordered, goesBackAllTheSame] });
    expect(holes).toEqual([]);
    expect(byRight.get('revoked')).toBeUndefined();
  });

  it.each([
    ['somebody who approves', anOrder],
    ['somebody on call, who approves nothing', anOrderOfOla],
  ])('revokes what was ordered by %s, by a run that went back', async (_who, order) => {
    const { byRight } = await play({ operations: [aVerifiedRelease, order, goesBackAllTheSame] });
    expect(byRight.get('put-back')).toBe(4);
    expect(byRight.get('revoked')).toBe(1);
  });

  it.each<[string, Operation[], Record<string, number>]>([
    [
      'lets nobody in beside a release that is half way, by a lane that was impersonated',
      [does('releases', 0, 0, 6), does('writesLane', 1, 0)],
      { 'let-in': 1, deployed: 3 },
    ],
    [
      'leaves the hold of a release that was terminated, also where the lane does not ask',
      [does('releases', 0, 0, 6), does('terminates', 0), does('writesLane', 1, 0), does('goesOn', 1, 12)],
      { deployed: 3, ended: 1 },
    ],
    [
      'gives a region of a later wave no turn by what was put back there',
      [does('releases', 0, 2, 3), does('wavers', 0, 2, 0, 1), does('leavesOut', 0, 5, 23, 4, 0, 0)],
      { 'put-back': 2, deployed: 2 },
    ],
    [
      'calls nothing back where a region was left out',
      [aVerifiedRelease, anOrder, does('leavesOut', 0, 5, 6, 23, 2, 0)],
      { 'put-back': 2, ended: 2 },
    ],
    [
      'revokes nothing of a release that is over',
      [does('releases', 0, 0, 9), does('settles', 0), does('writesLane', 0, 0), does('goesBack', 0, 11, 1)],
      { verified: 4, ended: 1 },
    ],
    [
      'puts nothing back that was chosen before the schema was changed',
      [
        does('releases', 3, 0, 1),
        does('releases', 3, 2, 1),
        anOrder,
        does('goesBack', 0, 1),
        does('asks', 3, 1, 0, 1),
        does('approves', 0),
        does('writesLane', 0, 0),
        does('goesOn', 0, 5),
        does('settles', 0),
        does('writesLane', 1, 0),
        does('goesBack', 1, 11),
      ],
      { migrated: 1, ended: 3 },
    ],
    [
      'gives out no ticket twice, so that what was chosen by it would count again',
      [
        does('releases', 3, 0, 1),
        does('releases', 3, 2, 1),
        anOrder,
        does('goesBack', 0, 1),
        does('asks', 3, 2, 0, 1),
        does('approves', 0),
        does('writesLane', 0, 0),
        does('goesOn', 0, 2),
        does('settles', 0),
        does('writesLane', 1, 3, 5),
        does('goesBack', 1, 9),
      ],
      { compared: 3, ended: 3 },
    ],
    [
      'goes on in no run that says of itself which it goes on for',
      [does('releases', 0, 1, 6), does('takesOver', 0, 0, 9)],
      { migrated: 1, deployed: 1 },
    ],
    [
      'counts no approval of somebody whom the policy does not name any more',
      [does('changesPolicy', 1), does('asks', 3, 0, 1), does('approves', 0), does('goesOn', 0, 15)],
      { compared: 1 },
    ],
  ])('%s', async (_what, operations, expected) => {
    const { holes, byRight } = await play({ operations });
    expect(holes).toEqual([]);
    expect(Object.fromEntries(byRight)).toMatchObject(expected);
  });

  it('revokes nothing by an order of somebody who is on call for another service', async () => {
    const { holes, byRight } = await play({
      operations: [does('releases', 3, 0, 1), anOrderOfOla, goesBackAllTheSame],
    });
    expect(holes).toEqual([]);
    expect(byRight.get('verified')).toBe(2);
    expect(byRight.get('revoked')).toBeUndefined();
  });

  it.each([
    ['somebody who may', 1, true],
    ['somebody on call', 5, false],
  ])('deploys what was approved by %s alone: %s, %s', async (_who, by, isDeployed) => {
    const operations = [does('asks', 0, 2, 0, 1), does('decides', 0, 0, by, 1), does('goesOn', 0, 3)];
    const { holes, byRight } = await play({ operations });
    expect(holes).toEqual([]);
    expect(byRight.get('compared')).toBe(1);
    expect(byRight.has('deployed')).toBe(isDeployed);
  });

  const asksAndIsApproved = [does('asks', 0, 2, 0, 1), does('approves', 0)];
  const isOnCallNoMore = does('changesPolicy', 4);
  const isApproverNoMore = does('changesPolicy', 1);

  it.each<[string, Operation[]]>([
    ['somebody who was on call, and aborted it', [does('decides', 0, 3, 5, 1), isOnCallNoMore]],
    ['somebody who approved, and aborted it', [does('decides', 0, 3, 1, 1), isApproverNoMore]],
    ['somebody who approved, and rejected it', [does('decides', 0, 2, 1, 1), isApproverNoMore]],
    ['who asked for it, and aborted it', [does('decides', 0, 3, 0, 1), isApproverNoMore]],
  ])('deploys nothing to which the no still stands of %s', async (_who, no) => {
    const { holes, byRight } = await play({ operations: [...asksAndIsApproved, ...no, does('goesOn', 0, 15, 1)] });
    expect(holes).toEqual([]);
    expect(byRight.get('compared')).toBe(1);
    expect(byRight.has('deployed')).toBe(false);
  });

  it.each<[string, Operation[]]>([
    ['aborts', [isOnCallNoMore, does('decides', 0, 3, 5, 1), does('changesPolicy', 4)]],
    ['rejects', [does('decides', 0, 2, 5, 1)]],
    ['orders back', [isOnCallNoMore, does('decides', 0, 4, 5, 1), does('changesPolicy', 4)]],
  ])('deploys what somebody %s who might not when they said it', async (_what, no) => {
    const { holes, byRight } = await play({ operations: [...asksAndIsApproved, ...no, does('goesOn', 0, 15)] });
    expect(holes).toEqual([]);
    expect(byRight.get('deployed')).toBe(4);
  });

  it('deploys no further what somebody on call has ordered back, once others are on call', async () => {
    const operations = [
      ...asksAndIsApproved,
      does('goesOn', 0, 3),
      does('decides', 0, 4, 5, 1),
      isOnCallNoMore,
      does('goesOn', 0, 15, 1),
    ];
    const { holes, byRight } = await play({ operations });
    expect(holes).toEqual([]);
    expect(byRight.get('deployed')).toBe(1);
  });

  it.each<[string, Operation, Operation]>([
    ['somebody who was on call', anOrderOfOla, isOnCallNoMore],
    ['somebody who approved', anOrder, isApproverNoMore],
  ])('carries out to its end what it has begun by the order of %s', async (_who, order, changes) => {
    const operations = [aVerifiedRelease, order, does('goesBack', 0, 2), changes, goesBackAllTheSame];
    const { holes, byRight } = await play({ operations });
    expect(holes).toEqual([]);
    expect(byRight.get('put-back')).toBe(4);
    expect(byRight.get('revoked')).toBe(1);
  });

  it('lets a lane go on that had let in a run of another one, which is half way in its own', async () => {
    const operations = [
      does('writesLane', 0, 616, 560),
      does('wavers', 0, 0, 3),
      does('leavesOut', 0, 0, 0, 0, 0, 475),
      does('settles', 0),
      does('goesOn', 0),
    ];
    const { holes, byRight } = await play({ operations, isVerified: false });
    expect(holes).toEqual([]);
    expect(Object.fromEntries(byRight)).toMatchObject({ deployed: 1, 'let-in': 3 });
  });
});
