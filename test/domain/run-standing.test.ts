import { describe, expect, it } from '@jest/globals';
import type { RegionPhase, ReleaseStatus } from '../../domain/contract/status.ts';
import { differencesOfRun } from '../../domain/run-standing.ts';
import type { RunOnRecord } from '../../domain/run-standing.ts';
import { aHash, anImage, aReleaseId } from './builders.ts';

const said = (changes: Partial<ReleaseStatus> = {}): ReleaseStatus => ({
  ...{ releaseId: aReleaseId(), stage: 'deploying', doing: '', artifacts: [], migrations: [], checks: [] },
  timings: [{ stage: 'migrating', startedAt: 1 }],
  ...{ approvals: [], log: [], planHash: aHash() },
  regions: [
    { region: 'de', phase: 'deploying', components: [] },
    { region: 'nl', phase: 'pending', components: [] },
  ],
  ...changes,
});
const unsaid = (what: string) => `The run itself does not say that it has begun to change ${what}, which is on record.`;

const recorded = (changes: Partial<RunOnRecord> = {}): RunOnRecord => ({
  ...{ touched: [], planHash: aHash(), seenWell: [], back: {}, isRollback: false },
  ...changes,
});
const at = (region: string, phase: RegionPhase) => ({ region, phase, components: [] });
const cells = (region: string, phase: RegionPhase, of: Record<string, RegionPhase>) => ({
  ...at(region, phase),
  components: Object.entries(of).map(([component, its]) => ({ component, image: anImage(), phase: its, note: '' })),
});
const migrated = { timings: [{ stage: 'migrating' as const, startedAt: 1 }] };
const straightOn = { timings: [{ stage: 'deploying' as const, startedAt: 1 }] };
const notWell = (region: string) =>
  `The run itself says that ${region} is verified; on record no step has seen it well.`;
const notBack = (region: string) =>
  `The run itself says that ${region} is back; on record no step has seen all of it back.`;

const twoRegions: Partial<ReleaseStatus> = { regions: [at('de', 'pending'), at('nl', 'deploying')] };
const strange = (regions: string) =>
  `The run itself names ${regions}, which is in neither its plan nor what it has changed by the records.`;

describe('what a run says of itself', () => {
  const all = ['core in de', 'web in de'];
  it.each<[string, Partial<RunOnRecord>, Partial<ReleaseStatus>]>([
    ['nothing was changed yet', {}, { stage: 'awaiting-approval' }],
    ['it is where it says', { touched: ['database main', 'core in de'] }, {}],
    ['it has more to say than the records', {}, {}],
    ['a region was seen well', { touched: all, seenWell: ['de'] }, { regions: [at('de', 'verified')] }],
    ['it is back', { touched: all, back: { de: ['core', 'web'] } }, { regions: [at('de', 'rolled-back')] }],
    [
      'it has put back what others had changed',
      { isRollback: true, back: { de: ['core'] } },
      { regions: [at('de', 'rolled-back')] },
    ],
    ['it names regions of its plan, or that it has changed', { planned: ['de'], touched: ['core in nl'] }, twoRegions],
    ['nobody knows its plan', { touched: [] }, { regions: [at('mars', 'pending')] }],
    ['it says that it was at a database', { touched: ['database main'] }, { stage: 'held', ...migrated }],
    [
      'it is back, but for what is new there',
      { touched: all, back: { de: ['core'] } },
      { regions: [cells('de', 'partly-back', { core: 'rolled-back', web: 'unproven' })] },
    ],
    ['it was ended from outside, and says nothing', { touched: ['database main'] }, { stage: 'done', timings: [] }],
    ['it is over, and others were there since', { seenWell: undefined }, { regions: [at('de', 'verified')] }],
  ])('differs in nothing where %s', (_, changes, words) => {
    expect(differencesOfRun(recorded(changes), said(words))).toEqual([]);
  });

  it.each<[Partial<RunOnRecord>, Partial<ReleaseStatus>, string[]]>([
    [{ touched: ['core in nl'] }, {}, [unsaid('core in nl')]],
    [{ touched: ['core in nl'] }, { regions: [] }, [unsaid('core in nl')]],
    [{ touched: all }, { regions: [at('de', 'unchanged')] }, [unsaid('core in de, web in de')]],
    [{ touched: ['database main'] }, { stage: 'planning', regions: [] }, [unsaid('database main')]],
    [{ touched: ['core in de'] }, { stage: 'awaiting-lane' }, [unsaid('core in de')]],
    [{ touched: all }, { regions: [at('de', 'verified')] }, [notWell('de')]],
    [{ touched: all, back: { de: ['core'] } }, { regions: [at('de', 'rolled-back')] }, [notBack('de')]],
    [{ isRollback: true }, { regions: [at('de', 'rolled-back')] }, [notBack('de')]],
    [{ touched: ['database main'] }, { stage: 'held', ...straightOn }, [unsaid('database main')]],
    [{ touched: ['database main'] }, { stage: 'held', timings: [] }, [unsaid('database main')]],
    [{ isRollback: true }, { regions: [cells('de', 'rolling-back', { core: 'rolled-back' })] }, [notBack('de')]],
    [{ touched: all }, { regions: [at('de', 'partly-back')] }, [notBack('de')]],
    [
      { touched: all, back: { de: ['core'] } },
      { regions: [cells('de', 'rolling-back', { core: 'rolled-back', web: 'rolled-back' })] },
      [notBack('de')],
    ],
    [{ touched: all }, { regions: [cells('de', 'deployed', { core: 'verified', web: 'deployed' })] }, [notWell('de')]],
    [
      { touched: all },
      { regions: [cells('de', 'deploying', { core: 'deploying', web: 'unchanged' })] },
      [unsaid('web in de')],
    ],
    [{ planned: ['de'] }, twoRegions, [strange('nl')]],
    [{ planned: ['de'] }, { regions: [at('nl', 'verified'), at('uk', 'rolled-back')] }, [strange('nl, uk')]],
    [
      { planned: [] },
      { regions: ['r1', 'r2', 'r3', 'r4', 'r5'].map((name) => at(name, 'pending')) },
      [strange('r1, r2, r3 and 2 more')],
    ],
    [{}, { planHash: aHash('2') }, [`The run itself says that its plan is ${aHash('2')}; on record it is ${aHash()}.`]],
  ])('is held against the records: %j', (changes, words, lines) => {
    expect(differencesOfRun(recorded(changes), said(words))).toEqual(lines);
  });
});
