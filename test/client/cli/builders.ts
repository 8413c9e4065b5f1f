import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson } from '../../../domain/canonical.ts';
import type { LaneView, PlanView, ReleaseView } from '../../../domain/contract/gateway.ts';
import { releaseId } from '../../../domain/contract/names.ts';
import type { VerifiedRelease } from '../../../domain/contract/release.ts';
import type { ReleaseStatus } from '../../../domain/contract/status.ts';
import { aWave } from '../../domain/builders.ts';

/** 2026-03-01 12:00:00 UTC. */
export const noon = Date.UTC(2026, 2, 1, 12);
export const commit = '0123456789abcdef0123456789abcdef01234567';

export function image(digit: string, component = 'core'): string {
  return `registry.test/shop/${component}@sha256:${digit.repeat(64)}`;
}

export function aStatus(change: Partial<ReleaseStatus> = {}): ReleaseStatus {
  return {
    releaseId: 'set by aRelease',
    stage: 'deploying',
    doing: 'waits for the pods of core in eu-west',
    artifacts: [],
    migrations: [],
    regions: [
      {
        region: 'eu-west',
        phase: 'deploying',
        components: [
          { component: 'core', image: image('a'), phase: 'deploying', note: '1 of 3 pods updated' },
          { component: 'web', image: image('b', 'web'), phase: 'unchanged', note: '' },
        ],
      },
      {
        region: 'us-east',
        phase: 'pending',
        components: [{ component: 'core', image: image('a'), phase: 'pending', note: '' }],
      },
    ],
    checks: [],
    timings: [
      { stage: 'joining', startedAt: noon, endedAt: noon + 400 },
      { stage: 'building', startedAt: noon + 400, endedAt: noon + 12_400 },
      { stage: 'deploying', startedAt: noon + 12_400 },
    ],
    approvals: [],
    log: [{ at: noon + 500, line: 'building core' }],
    ...change,
  };
}

export function aRelease(change: Partial<ReleaseView> = {}): ReleaseView {
  const id =
    change.releaseId ??
    releaseId({ service: 'shop', environment: `prod-${randomUUID().slice(0, 8)}`, commit, attempt: 1 });
  const view: ReleaseView = {
    releaseId: id,
    service: 'shop',
    environment: id.split('/')[2]!,
    commit,
    branch: 'main',
    attempt: 1,
    requestedBy: 'ada',
    startedAt: noon,
    open: true,
    status: aStatus(),
    why: ['the pods of core in eu-west are not ready yet; nobody needs to do anything'],
    ...change,
  };
  return view.status ? { ...view, status: { ...view.status, releaseId: id } } : view;
}

/** The same release, ended. */
export function ended(view: ReleaseView, outcome: string, change: Partial<ReleaseView> = {}): ReleaseView {
  const status = { ...view.status!, stage: 'done' as const };
  const { waitingFor: _, ...settled } = status;
  return {
    ...view,
    open: false,
    outcome,
    summary: `it ${outcome}`,
    endedAt: noon + 60_000,
    status: settled,
    why: [`ended: ${outcome}`],
    ...change,
  };
}

export function awaitingApproval(planHash: string): ReleaseView {
  const waitingFor = { what: 'approval', who: 'one of group release-managers', until: noon + 3_600_000 };
  return aRelease({ status: aStatus({ stage: 'awaiting-approval', doing: '', planHash, waitingFor }) });
}

export function aPlan(change: Partial<PlanView> = {}): { plan: PlanView; hash: string } {
  const plan: PlanView = {
    version: 1,
    service: 'shop',
    environment: 'production',
    branch: 'main',
    commit,
    configurationHash: 'c'.repeat(64),
    policyHash: 'd'.repeat(64),
    components: [
      { name: 'core', image: image('a'), origin: 'built', needs: [], workloads: [] },
      { name: 'web', image: image('b', 'web'), origin: 'unchanged', needs: ['core'], workloads: [] },
    ],
    regions: ['eu-west', 'us-east'].map((name) => ({
      name,
      cluster: { kind: 'kubeconfig', file: 'k' },
      namespace: 'shop',
      endpoints: [],
    })),
    waves: [aWave(['eu-west'], 600_000), aWave(['us-east'])],
    migrations: [
      {
        database: 'orders',
        region: 'eu-west',
        component: 'core',
        pending: ['0004_add_note', '0005_drop_total'],
        contracting: ['0005_drop_total'],
      },
    ],
    migrationSpecs: [],
    gates: [{ gate: 'scan', verdict: 'pass', summary: 'nothing found' }],
    approval: { required: true, quorum: 2, groups: ['release-managers'], expiresMs: 3_600_000, excludeRequester: true },
    onFailure: { partial: 'roll-back-all', confirm: false, holdMs: 0 },
    rollout: { timeoutMs: 600_000 },
    tags: [],
    ...change,
  };
  return { plan, hash: createHash('sha256').update(canonicalJson(plan)).digest('hex') };
}

function verified(region: string, component: string, digit: string): VerifiedRelease {
  return {
    service: 'shop',
    environment: 'production',
    region,
    component,
    image: image(digit, component),
    artifact: { kind: 'deployment-image', digest: `sha256:${digit.repeat(64)}` },
    commit,
    releaseId: 'release/shop/production/earlier/1',
    planHash: 'e'.repeat(64),
    verifiedAt: noon,
    state: 'verified',
  };
}

export function aLane(change: Partial<LaneView> = {}): LaneView {
  return {
    service: 'shop',
    environment: 'production',
    status: { queue: [], closures: [], lastTicket: { incarnation: 1, n: 4 } },
    inventory: ['eu-west', 'us-east'].flatMap((region) => [
      verified(region, 'core', '9'),
      verified(region, 'web', 'b'),
    ]),
    ...change,
  };
}
