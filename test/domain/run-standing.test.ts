import { describe, expect, it } from '@jest/globals';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import { differencesOfRun } from '../../domain/run-standing.ts';
import { aHash, aReleaseId } from './builders.ts';

const said = (changes: Partial<ReleaseStatus> = {}): ReleaseStatus => ({
  ...{ releaseId: aReleaseId(), stage: 'deploying', doing: '', artifacts: [], migrations: [], checks: [], timings: [] },
  ...{ approvals: [], log: [], planHash: aHash() },
  regions: [
    { region: 'de', phase: 'deploying', components: [] },
    { region: 'nl', phase: 'pending', components: [] },
  ],
  ...changes,
});
const unsaid = (what: string) => `The run itself does not say that it has begun to change ${what}, which is on record.`;

describe('what a run says of itself', () => {
  it.each<[string, string[], Partial<ReleaseStatus>]>([
    ['nothing was changed yet', [], { stage: 'awaiting-approval' }],
    ['it is where it says', ['database main', 'core in de'], {}],
    ['it has more to say than the records', [], {}],
    ['it is over', ['core in de', 'core in nl'], { stage: 'rolling-back', regions: [] }],
  ])('differs in nothing where %s', (_, touched, changes) => {
    expect(differencesOfRun({ touched, planHash: aHash() }, said(changes))).toEqual([]);
  });

  it.each<[string[], Partial<ReleaseStatus>, string]>([
    [['core in nl'], {}, unsaid('core in nl')],
    [['database main'], { stage: 'planning', regions: [] }, unsaid('database main')],
    [['core in de'], { stage: 'awaiting-lane' }, unsaid('core in de')],
    [[], { planHash: aHash('2') }, `The run itself says that its plan is ${aHash('2')}; on record it is ${aHash()}.`],
  ])('is held against the records: %j', (touched, changes, words) => {
    expect(differencesOfRun({ touched, planHash: aHash() }, said(changes))).toEqual([words]);
  });
});
