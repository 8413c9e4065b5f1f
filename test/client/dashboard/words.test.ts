import { describe, expect, it } from '@jest/globals';
import { comparedInWords, policyInWords } from '../../../client/dashboard/words/compared.ts';
import { refusedIn, whyNotLines } from '../../../client/dashboard/words/mine.ts';
import { trackOf, timesOf } from '../../../client/dashboard/words/track.ts';
import { votersOf } from '../../../client/dashboard/words/voters.ts';
import { waysOf } from '../../../client/dashboard/words/ways.ts';
import { meaningInWords } from '../../../client/dashboard/words/states.ts';
import { ifNobodyDecides } from '../../../client/dashboard/words/waits.ts';
import { placesOf } from '../../../client/dashboard/words/where.ts';
import type { RegionPreview, ReleaseView, RollbackPreview } from '../../../domain/contract/gateway.ts';
import type { ReleaseStatus } from '../../../domain/contract/status.ts';
import { aPolicy } from '../../domain/builders.ts';

const status = (more: Partial<ReleaseStatus>): ReleaseStatus => ({
  ...{ releaseId: 'r', stage: 'held', doing: '', artifacts: [], migrations: [], regions: [] },
  ...{ checks: [], timings: [], approvals: [], log: [] },
  ...more,
});
const view = (more: Partial<ReleaseView>): ReleaseView => ({
  ...{ releaseId: 'r', service: 'shop', environment: 'production', commit: 'c', branch: 'main', attempt: 1 },
  ...{ requestedBy: 'ann', startedAt: 0, open: true, why: [] },
  ...more,
});

describe('what is said plainly', () => {
  it('is what an end means, and of what a region is called nothing', () => {
    expect(meaningInWords({ word: 'halted' })).toBe(
      'halted: failed, and a person must look before anything else is deployed',
    );
    for (const word of ['verified', 'rolled back', 'failed', 'deploying'])
      expect(meaningInWords({ word })).toBeUndefined();
  });

  it('is what follows where nobody decides', () => {
    expect(ifNobodyDecides(['approve', 'reject'])?.what).toBe('it expires');
    expect(ifNobodyDecides(['roll-back', 'accept-failure'])?.means).toContain('the lane goes on hold');
    expect(ifNobodyDecides(['retry', 'accept-failure'])?.what).toBe('it is looked at again until then');
    expect(ifNobodyDecides([])).toBeUndefined();
  });
});

describe('what may be done', () => {
  const held = {
    status: status({ waitingFor: { what: 'x', who: 'ops', decisions: ['accept-failure', 'roll-back'] } }),
  };
  const target = { component: 'core', image: 'i', releaseId: 'o', commit: 'abcdef0123456789' };
  const goes = (region: string): RegionPreview => ({ kind: 'go', region, targets: [target] });
  const stays: RegionPreview = { kind: 'refused', region: 'nl', why: '0014 dropped a column', next: 'fix forward' };
  const back = (...regions: RegionPreview[]) => waysOf(held, { preview: { releaseId: 'r', regions } })[0];

  it('is what the run says, the safest first', () => {
    expect(waysOf(held).map(({ kind }) => kind)).toEqual(['roll-back', 'accept-failure']);
    expect(waysOf({ status: status({}) })).toEqual([]);
  });

  it('goes back where all regions may, with what follows for the lane', () => {
    const way = back(goes('de'), goes('nl'));
    expect([way?.title, way?.mark, way?.refused]).toEqual(['Roll back DE and NL', 'schema allows', undefined]);
    expect(way?.lines.at(-1)).toContain('on hold');
  });

  it('names no region that does not go', () => {
    const way = back(goes('de'), stays);
    expect([way?.title, way?.mark, way?.tone]).toEqual(['Roll back DE', 'not everywhere', 'ask']);
    expect(way?.lines).toContain('NL stays as it is: 0014 dropped a column.');
  });

  it.each<[string, Parameters<typeof waysOf>[1], string]>([
    ['it is still asked what it goes back to', {}, 'is being asked'],
    ['that cannot be told', { error: new Error('the records are away') }, 'the records are away'],
    ['no region goes', { preview: { releaseId: 'r', regions: [stays] } }, 'no region'],
    [
      'whoever looks may not',
      { preview: { releaseId: 'r', regions: [goes('de')], refused: 'ben is in no group' } satisfies RollbackPreview },
      'ben',
    ],
  ])('does not go back while %s', (_what, asked, why) => {
    const [way] = waysOf(held, asked);
    expect(way?.refused).toContain(why);
    expect(way?.mark).not.toBe('schema allows');
  });

  it.each([
    ['nothing is said of them yet', [], []],
    ['they may', [{ kind: 'retry' as const }, { kind: 'roll-back' as const }], []],
    [
      'they may do nothing, for one reason, which is told once',
      [
        { kind: 'roll-back' as const, refused: 'vic is not in the group ops' },
        { kind: 'accept-failure' as const, refused: 'vic is not in the group ops' },
      ],
      ['Not by you: vic is not in the group ops.'],
    ],
    [
      'they may do one and not the other',
      [{ kind: 'accept-failure' as const, refused: 'vic is not on call' }],
      ['Accept the failure: Not by you: vic is not on call.'],
    ],
  ])('says why not by whoever looks, where %s', (_which, mine, lines) => {
    const ways = waysOf(held, {}).filter(({ kind }) => kind !== 'retry');
    expect(whyNotLines(ways, (kind) => refusedIn(mine, kind))).toEqual(lines);
  });
});

describe('the way of a run', () => {
  const timings = (...stages: [ReleaseStatus['stage'], number][]) =>
    stages.reduce<ReleaseStatus['timings']>((all, [stage, ms]) => {
      const startedAt = all.at(-1)?.endedAt ?? 0;
      return [...all, { stage, startedAt, endedAt: startedAt + ms }];
    }, []);

  it('has no tick on what failed, and people and the lane apart', () => {
    const parts = trackOf(
      view({
        status: status({
          timings: timings(
            ['planning', 2_000],
            ['awaiting-approval', 3_000],
            ['awaiting-lane', 4_000],
            ['deploying', 5_000],
            ['held', 6_000],
          ),
        }),
      }),
      20_000,
    );
    expect(parts.map(({ name, icon }) => [name, icon])).toEqual([
      ['planning', 'pass'],
      ['waiting for approval', 'person'],
      ['waiting for the lane', 'lane'],
      ['deploying', 'failed'],
      ['held', 'held'],
    ]);
    expect(timesOf(parts)).toEqual({ machinesMs: 7_000, peopleMs: 9_000, laneMs: 4_000 });
  });

  it('has none on the last of a run that ended badly', () => {
    const ended = {
      open: false,
      outcome: 'failed',
      endedAt: 5_000,
      status: status({ timings: timings(['building', 5_000]) }),
    };
    expect(trackOf(view(ended), 9_000)[0]?.icon).toBe('same');
    expect(trackOf(view({ ...ended, outcome: 'verified' }), 9_000)[0]?.icon).toBe('pass');
  });
});

describe('what was checked of a region', () => {
  const checks = [
    { name: 'nl: core digest', verdict: 'pass', summary: '' },
    { name: 'nl, put back: core digest', verdict: 'fail', summary: '' },
  ] as const;
  it.each([
    ['verified', '1 of 1 check pass'],
    ['rolled-back', '0 of 1 check pass'],
  ] as const)('is of what is there: %s', (phase, words) => {
    const [place] = placesOf([{ region: 'nl', phase, components: [] }], checks, { plan: undefined, isOpen: true });
    expect(place?.checked).toBe(words);
  });
});

describe('who has said what', () => {
  it('is told, and nothing is made up of who else may', () => {
    const recorded = { approvals: [{ by: 'cleo', at: 1, channel: 'slack' }], changed: [] };
    expect(votersOf(view({ recorded })).map(({ id, about, shown }) => [id, about, shown?.word])).toEqual([
      ['cleo', 'by slack', 'yes'],
      ['ann', 'asked for this release', undefined],
    ]);
  });
});

describe('what a plan is compared with', () => {
  const verified = { planHash: 'h', releaseId: 'o', verifiedAt: 1 };
  it.each([
    [{}, 'nothing was verified'],
    [{ untold: true } as const, 'not on record'],
    [{ verified }, 'not on record any more'],
  ])('is said, also where that is nothing: %j', (beside, words) => {
    expect(comparedInWords(beside)).toContain(words);
  });

  it('is said with what the policy of today asks for', () => {
    expect(policyInWords({ approvalNow: aPolicy({ quorum: 2 }) })[0]).toContain('2 of approvers');
    expect(policyInWords({ policyNow: 'not-let-in' })[0]).toContain('does not let');
    expect(policyInWords({})).toEqual([]);
  });
});
