import { describe, expect, it } from '@jest/globals';
import { rollbackCommand, wayBackInWords, wayBackMeanwhile } from '../../../client/dashboard/words/way-back.ts';
import { comparedStages, longestOf } from '../../../client/dashboard/words/compare-times.ts';
import {
  betweenInWords,
  comparedComponents,
  comparedLines,
  comparedMigrations,
  sentenceOf,
  whyNotBetween,
} from '../../../client/dashboard/words/compare.ts';
import type { RegionPreview, ReleaseView, RollbackPreview } from '../../../domain/contract/gateway.ts';
import type { ReleasePlan } from '../../../domain/contract/release.ts';
import type { ReleaseStatus } from '../../../domain/contract/status.ts';
import { aCommit, aPlan, aPlannedComponent, aPlannedMigration, anImage } from '../../domain/builders.ts';

const view = (number: number, more: Partial<ReleaseView> = {}): ReleaseView => ({
  ...{ releaseId: `r${number}`, number, service: 'shop', environment: 'production', commit: aCommit('a') },
  ...{ branch: 'main', attempt: 1, requestedBy: 'ann', startedAt: 0, open: false, why: [], outcome: 'verified' },
  ...more,
});
const withEnv = (env: Record<string, string>) =>
  aPlan({ components: [aPlannedComponent('core', { delivery: { kind: 'deployment-image', env } })] });

describe('components of two plans', () => {
  it('are the same, changed, new or gone, in the order of the later one', () => {
    const before = aPlan({ components: ['core', 'web', 'old'].map((name) => aPlannedComponent(name)) });
    const web = aPlannedComponent('web', { image: anImage('web', '9') });
    const after = aPlan({ components: [aPlannedComponent('mail'), web, aPlannedComponent('core')] });
    const compared = comparedComponents(before, after);
    expect(compared.map(({ name, sameness }) => `${name} ${sameness}`)).toEqual([
      'mail new',
      'web changed',
      'core same',
      'old gone',
    ]);
    expect(sentenceOf(compared, [])).toBe('3 of 4 images differ; nothing else of the plan does.');
  });

  it('have variables that are other, by name, and never by value', () => {
    const [before, after] = [
      withEnv({ A: 'secret-1', B: 'b', C: 'gone-value' }),
      withEnv({ A: 'secret-2', B: 'b', D: 'new-value' }),
    ];
    const compared = comparedComponents(before, after);
    expect(compared[0]?.variables).toEqual([
      { name: 'A', sameness: 'changed' },
      { name: 'C', sameness: 'gone' },
      { name: 'D', sameness: 'new' },
    ]);
    const all = JSON.stringify([compared, comparedLines(before, after)]);
    for (const value of ['secret-1', 'secret-2', 'gone-value', 'new-value']) expect(all).not.toContain(value);
  });
});

describe('what two plans say otherwise', () => {
  it('is told in the words of a plan, without what has a panel of its own', () => {
    const before = aPlan({ onFailure: { ...aPlan().onFailure, partial: 'roll-back-all' } });
    const after = aPlan({ commit: aCommit('b'), onFailure: { ...before.onFailure, partial: 'hold' } });
    expect(comparedLines(before, after)).toMatchObject([
      { section: 'On failure', what: 'what is deployed already', before: 'roll-back-all', after: 'hold' },
    ]);
    expect(sentenceOf([], comparedLines(before, after))).toBe(
      'The images are the same; 1 other thing of the plan does (on failure).',
    );
    expect(comparedLines(before, before)).toEqual([]);
    expect(sentenceOf(comparedComponents(before, before), [])).toBe('Nothing of what was planned differs.');
  });

  it.each([
    ['of a migration', (env: Record<string, string>) => ({ migrationSpecs: [{ database: 'main', env }] })],
    [
      'of a field of a newer engine',
      (env: Record<string, string>) => ({ sidecars: [{ name: 'x', envVariables: env }] }),
    ],
  ])('has no value of a variable %s', (_what, of) => {
    const plan = (value: string) => ({ ...aPlan(), ...of({ KEY: value }) }) as unknown as ReleasePlan;
    const lines = comparedLines(plan('secret-1'), plan('secret-2'));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.what).toContain('KEY');
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('is what each was to do to a database, and whether anything goes back after it', () => {
    const before = aPlan({ migrations: [aPlannedMigration({ pending: [] })] });
    const after = aPlan({
      migrations: [aPlannedMigration({ contracting: ['0002_weight'] }), aPlannedMigration({ database: 'mail' })],
    });
    expect(comparedMigrations(before, after)).toEqual([
      { database: 'main', before: 'nothing pending', after: '0002_weight', isContracting: true },
      { database: 'mail', after: '0002_weight', isContracting: false },
    ]);
  });
});

describe('commits between two runs', () => {
  const [a, b] = [view(1), view(2, { commit: aCommit('b') })];
  const beside = (releaseId: string) => ({ verified: { planHash: 'h', releaseId, verifiedAt: 1 } });

  it('are those that the later one brings, where that is told beside the earlier', () => {
    expect(whyNotBetween(beside('r1'), a, b)).toBeUndefined();
    const asIs = { verified: { ...beside('r0').verified, plan: aPlan({ commit: a.commit }) } };
    expect(whyNotBetween(asIs, a, b)).toBeUndefined();
  });

  it('are left out, and that is said, where they are told beside another, or beside nothing', () => {
    expect(whyNotBetween(beside('r0'), a, b)).toMatch(/beside r0, and not beside shop#1/);
    expect(whyNotBetween({ untold: true }, a, b)).toContain('not on record');
    expect(whyNotBetween(undefined, a, b)).toContain('not told yet');
    expect(whyNotBetween(beside('r0'), a, a)).toBe('Both are of the same commit.');
  });
});

describe('the commits that are told between two runs', () => {
  const commit = { commit: aCommit('b'), author: 'ann', at: 1, subject: 'Hold' };

  it('are counted', () => {
    expect(betweenInWords({ commits: [commit], more: false })).toEqual({ note: '1 commit' });
    expect(betweenInWords({ commits: [commit, commit], more: true })).toEqual({ note: '2 commits and more' });
  });

  it('are none where the later run is of an older commit, and unknown where what stood there is not on record', () => {
    expect(betweenInWords({ commits: [], more: false })).toEqual({
      instead: 'None: the later run is of an older commit.',
    });
    const untold = betweenInWords({ commits: [], more: false, untold: true });
    expect(untold).toEqual({ instead: 'Which commits lie between them is not on record.' });
  });
});

describe('how long two runs took', () => {
  const status = (timings: ReleaseStatus['timings']): ReleaseStatus => ({
    ...{ releaseId: 'r', stage: 'done', doing: '', artifacts: [], migrations: [], regions: [], timings },
    ...{ checks: [], approvals: [], log: [] },
  });

  it('is told stage by stage, of each the sum, and people apart', () => {
    const a = view(1, { status: status([{ stage: 'deploying', startedAt: 0, endedAt: 900 }]) });
    const b = view(2, {
      status: status([
        { stage: 'awaiting-approval', startedAt: 0, endedAt: 100 },
        { stage: 'deploying', startedAt: 100, endedAt: 300 },
        { stage: 'held', startedAt: 300, endedAt: 400 },
        { stage: 'deploying', startedAt: 400, endedAt: 500 },
      ]),
    });
    const stages = comparedStages(a, b, 1_000);
    expect(stages).toEqual([
      { name: 'waiting for approval', waits: 'people', after: 100 },
      { name: 'deploying', before: 900, after: 300 },
      { name: 'held', waits: 'people', after: 100 },
    ]);
    expect(longestOf(stages)).toBe(900);
    expect(comparedStages(view(1), view(2), 0)).toEqual([]);
  });
});

describe('whether a run could be rolled back', () => {
  const go: RegionPreview = {
    kind: 'go',
    region: 'de',
    targets: [{ component: 'core', image: anImage('core'), releaseId: 'r0', commit: aCommit('0') }],
  };
  const stays: RegionPreview = { kind: 'refused', region: 'nl', why: '0014 dropped a column', next: 'fix forward' };

  it('is told by region, as the records have it', () => {
    const shown = wayBackInWords({ releaseId: 'r', regions: [go, stays] }, null);
    expect(shown).toEqual({
      isEligible: true,
      lines: ['DE goes back to 000000000000.', 'NL stays as it is: 0014 dropped a column.'],
    });
    expect(wayBackInWords({ releaseId: 'r', regions: [stays] }, null)?.isEligible).toBe(false);
  });

  it('is no where whoever looks may not, or where it is refused; and nothing while it is asked', () => {
    const refused = wayBackInWords({ releaseId: 'r', regions: [go], refused: 'ben is in no group' }, null);
    expect([refused?.isEligible, refused?.lines.at(-1)]).toEqual([false, 'You may not order it: ben is in no group.']);
    expect(wayBackInWords(undefined, new Error('it has changed nothing'))).toEqual({
      isEligible: false,
      lines: ['it has changed nothing'],
    });
    expect(wayBackInWords(undefined, null)).toBeUndefined();
  });

  it('is ordered only as it was read', () => {
    const then = { releaseId: 'r', regions: [go, stays] };
    const now = (data: RollbackPreview | undefined, error: Error | null = null) =>
      wayBackMeanwhile(then, { data, error });
    expect(now(structuredClone(then))).toEqual({ says: [] });
    const other = { ...go, targets: go.targets.map((target) => ({ ...target, image: anImage('core', '9') })) };
    for (const regions of [[other, stays], [go], [{ ...stays, region: 'de' }, stays]])
      expect(now({ releaseId: 'r', regions }).why).toBe(
        'It would go back to something else by now: close this, and read that.',
      );
    expect(now({ ...then, refused: 'ben is in no group' }).why).toBe('You may not order it: ben is in no group.');
    expect(now(then, new Error('the gateway does not answer')).why).toContain('the gateway does not answer');
  });

  it('is the same as a command, of which no shell makes anything else', () => {
    expect(rollbackCommand('release/shop/production/ab/1', '')).toBe(
      'slipway rollback release/shop/production/ab/1 --reason "…"',
    );
    expect(rollbackCommand('r; x', "it's $HOME")).toBe("slipway rollback 'r; x' --reason 'it'\\''s $HOME'");
  });
});
