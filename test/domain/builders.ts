import type { Decision, DecisionKind } from '../../domain/contract/decisions.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { LaneMember } from '../../domain/contract/lane.ts';
import type {
  ApprovalPolicy,
  ComponentSpec,
  Identity,
  PlannedComponent,
  PlannedMigration,
  RegionSpec,
  ReleasePlan,
  ReleaseRequest,
  ReleaseSpec,
  VerifiedRelease,
  WaveSpec,
} from '../../domain/contract/release.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { imageArtifact } from '../../domain/delivery.ts';

/**
 * A second more: a lane looks for its holder after whole minutes, and Temporal's test server may lose a workflow task when a timer fires in
 * the very millisecond in which the run that held the lane tells it that it has ended.
 */
export const hour = 3_601_000;

/** The same letter is the same commit. */
export function aCommit(letter = 'a'): string {
  return letter.repeat(40);
}

export function aHash(letter = 'b'): string {
  return letter.repeat(64);
}

/** `core` and `1`: shop/core at the digest 111… */
export function anImage(component = 'core', digit = '1'): string {
  return `registry.test/shop/${component}@sha256:${digit.repeat(64)}`;
}

export function aPerson(id: string, ...groups: string[]): Identity {
  return { id, via: 'token', groups };
}

export const developer = aPerson('dana', 'developers');
export const approver = aPerson('kim', 'approvers');

export function aPolicy(changes: Partial<ApprovalPolicy> = {}): ApprovalPolicy {
  return {
    required: true,
    quorum: 1,
    groups: ['approvers'],
    expiresMs: 86_400_000,
    excludeRequester: true,
    ...changes,
  };
}

/** How a run has said that it ended. */
export function aResult(outcome: string, changes: Partial<ReleaseResult> = {}): ReleaseResult {
  return { outcome, summary: `it ended ${outcome}`, artifacts: [], regions: [], timings: [], ...changes };
}

/** What a worker's own policy says of the environment. */
export function aFloor(approval = aPolicy(), changes: Partial<EnvironmentFloor> = {}): EnvironmentFloor {
  return { approval, clusters: [], planMigrationsBeforeApproval: true, tags: [], services: {}, ...changes };
}

export function aRequest(changes: Partial<ReleaseRequest> = {}): ReleaseRequest {
  return {
    service: 'shop',
    environment: 'production',
    repository: 'https://git.test/shop',
    branch: 'main',
    commit: aCommit(),
    attempt: 1,
    requestedBy: developer,
    requestedAt: 1_000,
    images: {},
    downgrade: false,
    ...changes,
  };
}

export function aComponent(name = 'core', changes: Partial<ComponentSpec> = {}): ComponentSpec {
  return {
    name,
    needs: [],
    paths: [name],
    image: `shop/${name}`,
    build: { context: name, dockerfile: 'Dockerfile', args: {} },
    workloads: [{ deployment: name, containers: [name] }],
    ...changes,
  };
}

export function aRegion(name = 'de', changes: Partial<RegionSpec> = {}): RegionSpec {
  return {
    name,
    cluster: { kind: 'kubeconfig', file: `/etc/slipway/${name}` },
    namespace: 'shop',
    endpoints: [],
    ...changes,
  };
}

/** Deployed, then watched for `bakeMs`, where it bakes. */
export function aWave(regions: string[], bakeMs = 0): WaveSpec {
  const look = { check: 'region', everyMs: 30_000, forMs: bakeMs, onInconclusive: 'hold' } as const;
  return { regions, stages: [{ apply: true, observe: bakeMs > 0 ? [look] : [] }] };
}

export function aSpec(changes: Partial<ReleaseSpec> = {}): ReleaseSpec {
  return {
    service: 'shop',
    environment: 'production',
    branches: ['main'],
    registry: 'registry.test',
    imagesFrom: ['registry.test'],
    components: [aComponent('core')],
    regions: [aRegion('de')],
    waves: [aWave(['de'])],
    scan: { images: true, secrets: true, failOn: ['CRITICAL', 'HIGH'], exceptions: [] },
    migrations: [],
    approval: aPolicy(),
    onFailure: { partial: 'roll-back-all', confirm: false, holdMs: hour },
    queue: 'supersede',
    verification: { digests: true },
    tags: ['latest'],
    notify: [],
    rollout: { timeoutMs: 600_000 },
    configurationHash: aHash('c'),
    policyHash: aHash('d'),
    ...changes,
  };
}

export function aMigrationSpec(
  changes: Partial<ReleaseSpec['migrations'][number]> = {},
): ReleaseSpec['migrations'][number] {
  return {
    database: 'main',
    region: 'de',
    component: 'core',
    commands: { plan: ['plan'], apply: ['migrate'] },
    envFrom: ['database'],
    planEnvFrom: ['database-read-only'],
    env: {},
    lockTimeoutMs: 5_000,
    timeoutMs: 600_000,
    ...changes,
  };
}

export function aPlannedMigration(changes: Partial<PlannedMigration> = {}): PlannedMigration {
  return { database: 'main', region: 'de', component: 'core', pending: ['0002_weight'], contracting: [], ...changes };
}

export function aPlannedComponent(name = 'core', changes: Partial<PlannedComponent> = {}): PlannedComponent {
  const { needs, workloads } = aComponent(name);
  return { name, needs, workloads, image: anImage(name), origin: 'built', ...changes };
}

export function aPlan(changes: Partial<ReleasePlan> = {}): ReleasePlan {
  const spec = aSpec();
  return {
    version: 1,
    service: 'shop',
    environment: 'production',
    branch: 'main',
    commit: aCommit(),
    configurationHash: spec.configurationHash,
    policyHash: spec.policyHash,
    components: [aPlannedComponent('core')],
    regions: spec.regions,
    waves: spec.waves,
    migrations: [],
    migrationSpecs: [],
    gates: [],
    approval: spec.approval,
    onFailure: spec.onFailure,
    rollout: spec.rollout,
    tags: spec.tags,
    ...changes,
  };
}

export function aReleaseId(attempt = 1, commit = aCommit()): string {
  return `release/shop/production/${commit}/${attempt}`;
}

let decisions = 0;
export function aDecision(kind: DecisionKind, changes: Partial<Decision> = {}): Decision {
  decisions += 1;
  return {
    id: `decision-${decisions}`,
    kind,
    releaseId: aReleaseId(),
    planHash: aHash(),
    by: approver,
    channel: 'cli',
    decidedAt: 2_000,
    reason: 'because',
    ...changes,
  };
}

/** A row of the inventory: an earlier release, verified in `de`. */
export function aVerified(changes: Partial<VerifiedRelease> = {}): VerifiedRelease {
  const image = changes.image ?? anImage('core', '0');
  return {
    service: 'shop',
    environment: 'production',
    region: 'de',
    component: 'core',
    image,
    artifact: imageArtifact({}, image),
    commit: aCommit('e'),
    releaseId: aReleaseId(1, aCommit('e')),
    planHash: aHash('e'),
    verifiedAt: 500,
    state: 'verified',
    ...changes,
  };
}

export function aMember(releaseId: string, changes: Partial<LaneMember> = {}): LaneMember {
  return { releaseId, kind: 'release', commit: aCommit(), queue: 'supersede', joinedAt: 1_000, ...changes };
}
