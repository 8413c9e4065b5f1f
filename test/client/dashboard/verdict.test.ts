import { describe, expect, it } from '@jest/globals';
import { verdictOf } from '../../../client/dashboard/words/verdict.ts';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import type { RegionStatus, ReleaseStatus } from '../../../domain/contract/status.ts';
import { failureDetails } from '../../../domain/errors/catalogue.ts';

const status = (more: Partial<ReleaseStatus>): ReleaseStatus => ({
  ...{ releaseId: 'r', stage: 'deploying', doing: 'deploying nl', artifacts: [], migrations: [], regions: [] },
  ...{ checks: [], timings: [], approvals: [], log: [] },
  ...more,
});
const view = (more: Partial<ReleaseView>): ReleaseView => ({
  ...{ releaseId: 'r', service: 'shop', environment: 'production', commit: 'c', branch: 'main', attempt: 1 },
  ...{ requestedBy: 'ann', startedAt: 0, open: true, why: ['Nobody answers for it.'] },
  ...more,
});
const de: RegionStatus = { region: 'de', phase: 'verified', components: [] };
const nl: RegionStatus = { region: 'nl', phase: 'failed', begunAt: 1_000, since: 10_600, components: [] };

describe('the first sentence of a page', () => {
  it('says of a held run which region failed, after how long, by which words of the pod, and how the others stand', () => {
    const detail =
      'storefront (old pods still ready to serve: 2 of 2): s-1/storefront: CrashLoopBackOff (exit code 1): no CHECKOUT_URL';
    const held = status({ stage: 'held', regions: [de, nl], failure: failureDetails('SLIP-K8S-1', detail) });
    expect(verdictOf(view({ status: held }))).toEqual({
      icon: 'held',
      tone: 'stop',
      says: 'NL failed after 9.6 s: “no CHECKOUT_URL”. DE is verified.',
      beside: 'storefront, when it failed: old pods still ready to serve: 2 of 2.',
    });
  });

  it('is good for nothing that was put back since', () => {
    const ended = view({ open: false, outcome: 'verified', troubles: ['It is verified in de no more.'] });
    expect(verdictOf(ended)).toMatchObject({ icon: 'warn', tone: 'ask' });
  });

  it('is no failure of the release where a step is held, and tried again', () => {
    const failure = failureDetails('SLIP-IMG-2', 'registry away');
    const failing = [{ step: 'tag', failure, since: 1, triedAgainAt: 2, heldUntil: 3 }];
    const held = status({ stage: 'held', failure, failing });
    expect(verdictOf(view({ status: held, why: ['tag is tried again'] })).says).toBe('Tag is tried again.');
  });

  it('says nothing of what signs cannot show, and takes no other failure for words of a pod', () => {
    const detail = (words: string) => failureDetails('SLIP-K8S-1', `api: a-1/api: CrashLoopBackOff: ${words}`);
    const held = (failure: ReturnType<typeof detail>) => status({ stage: 'held', regions: [nl], failure });
    expect(verdictOf(view({ status: held(detail('no \u202E x')) })).says).not.toContain('\u202E');
    const other = failureDetails('SLIP-MIG-5', 'shop: a-1/api: CrashLoopBackOff: all is well');
    expect(verdictOf(view({ status: held(other) })).says).not.toContain('all is well');
  });

  it('names the failure where it is no pod that says it', () => {
    const held = status({ stage: 'held', failure: failureDetails('SLIP-K8S-1', 'what happened is not known') });
    expect(verdictOf(view({ status: held })).says).toBe('It failed: the rollout failed.');
  });

  it('says who can move what waits', () => {
    const waits = status({ stage: 'awaiting-approval', waitingFor: { what: 'approval', who: 'approvers' } });
    expect(verdictOf(view({ status: waits }))).toMatchObject({
      tone: 'ask',
      says: 'It waits for approval: approvers can move it.',
    });
  });

  it('says what it is doing', () => {
    expect(verdictOf(view({ status: status({}) }))).toEqual({ icon: 'deploying', tone: 'live', says: 'Deploying nl.' });
  });

  it('says how it has ended, and what the run says of that', () => {
    const ended = view({ open: false, outcome: 'verified', summary: 'c is verified in de, nl' });
    expect(verdictOf(ended)).toEqual({
      ...{ icon: 'verified', tone: 'good', says: 'Verified: deployed and verified in every region.' },
      beside: 'c is verified in de, nl',
    });
    expect(verdictOf(view({ open: false, outcome: 'of-a-newer-one' })).says).toBe('Of a newer one.');
  });

  it('is never good where nobody says how it stands', () => {
    expect(verdictOf(view({}))).toEqual({ icon: 'unknown', tone: 'mute', says: 'Nobody answers for it.' });
  });
});
