import { describe, expect, it } from '@jest/globals';
import type { RegionPhase, RegionStatus, ReleaseResult, ReleaseStatus } from '../../domain/contract/status.ts';
import { endedStatus } from '../../domain/ended-status.ts';
import type { EndFacts } from '../../domain/ended-status.ts';
import { aReleaseId, anImage } from './builders.ts';

const aRegion = (region: string, phase: RegionPhase): RegionStatus => ({
  region,
  phase,
  components: [{ component: 'core', image: anImage(), phase, note: '' }],
});
const timings = [{ stage: 'deploying', startedAt: 1, endedAt: 2 }] as const;
const aResult = (regions: RegionStatus[] = [], outcome = 'halted'): ReleaseResult => ({
  outcome,
  summary: `it ended ${outcome}`,
  planHash: 'p',
  artifacts: [],
  regions,
  timings: [...timings],
});
const line = { at: 1, line: 'de is verified' };
const check = { name: 'de: digest', verdict: 'pass' as const, summary: 'every pod runs it' };
const whatItSays = (regions: RegionStatus[]): ReleaseStatus => ({
  ...aResult(regions),
  releaseId: aReleaseId(),
  stage: 'deploying',
  doing: 'deploying nl',
  migrations: [],
  checks: [check],
  approvals: [],
  log: [line],
});
const facts = (more: Partial<EndFacts>): EndFacts => ({
  releaseId: aReleaseId(),
  summary: 'it ended',
  approvals: [],
  changed: [],
  ...more,
});
const phases = (status: ReleaseStatus | undefined) => status?.regions.map(({ region, phase }) => `${region} ${phase}`);

describe('how a run that has ended stands', () => {
  it('is told from the records alone, when no worker of its version is there any more', () => {
    const regions = [aRegion('de', 'rolled-back'), aRegion('nl', 'failed')];
    const result = { ...aResult(regions), failure: { code: 'SLIP-K8S-1' } as NonNullable<ReleaseResult['failure']> };
    const approvals = [{ by: 'kim', at: 3, channel: 'cli' }];
    expect(endedStatus(facts({ result, report: { log: [line], checks: [check] }, approvals }))).toEqual({
      releaseId: aReleaseId(),
      stage: 'done',
      doing: 'it ended',
      planHash: 'p',
      artifacts: [],
      migrations: [],
      regions,
      checks: [check],
      timings,
      approvals,
      failure: { code: 'SLIP-K8S-1' },
      log: [line],
    });
  });

  it('has the log and the checks that the run itself says, where those are not recorded', () => {
    const result = aResult([aRegion('de', 'verified')], 'verified');
    const answered = whatItSays([aRegion('de', 'deploying')]);
    expect(endedStatus(facts({ result, answered }))).toMatchObject({
      stage: 'done',
      regions: [{ phase: 'verified' }],
      checks: [check],
      log: [line],
    });
  });

  it('says of a region that a run does not know to have changed, because it was reset, that it is unknown', () => {
    const result = aResult([aRegion('de', 'pending'), aRegion('nl', 'pending')]);
    const status = endedStatus(facts({ result, changed: ['database main', 'core in de'] }));
    expect(phases(status)).toEqual(['de unknown', 'nl pending']);
    expect(status?.regions[0]?.note).toMatch(/^core was changed.*what is there now is not known$/);
    expect(status?.regions[0]?.components[0]?.phase).toBe('unknown');
  });

  it('says of a region in which a terminated run was at work that it is unknown, and keeps what it had verified', () => {
    const answered = whatItSays([aRegion('de', 'verified'), aRegion('nl', 'deploying')]);
    const status = endedStatus(facts({ answered, changed: ['core in de', 'core in nl'] }));
    expect(phases(status)).toEqual(['de verified', 'nl unknown']);
    expect(status).toMatchObject({ stage: 'done', doing: 'it ended' });
  });

  it('knows from the records what a terminated run had changed, when nothing of the run is left', () => {
    const result: ReleaseResult = { outcome: 'halted', summary: 's', artifacts: [], regions: [], timings: [] };
    expect(phases(endedStatus(facts({ result, changed: ['core in nl'] })))).toEqual(['nl unknown']);
    expect(phases(endedStatus(facts({ changed: ['core in nl'] })))).toEqual(['nl unknown']);
  });

  it('is nothing for a run of which nothing is known', () => {
    expect(endedStatus(facts({}))).toBeUndefined();
  });
});
