import { randomUUID } from 'node:crypto';
import type { SignedDecision } from '../../domain/contract/decisions.ts';
import type { LaneFence, SignedLaneOrder } from '../../domain/contract/lane.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { OutboxMessage } from '../../domain/contract/outbox.ts';
import type { ReleasePlan, ReleaseRequest, VerifiedRelease } from '../../domain/contract/release.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import type {
  AuditEntry,
  BegunChange,
  OwnLaneBeginning,
  OwnLaneMemory,
  Records,
} from '../../activities/records/port.ts';
import { aWave } from '../domain/builders.ts';

type OpenRequest = Omit<ReleaseRequest, 'attempt'>;

/** A lane that no other test uses. */
export function aLane(): { service: string; environment: string } {
  return { service: `shop-${randomUUID()}`, environment: 'production' };
}

/** What is written from now on has another time than what was written before. */
export async function aMomentLater({ clock }: Pick<Records, 'clock'>): Promise<void> {
  for (const before = await clock.now(); (await clock.now()) === before;);
}

/** Of core in de. */
export function aChange(lane: LaneKey, changes: Partial<BegunChange> = {}): BegunChange {
  const artifact = `sha256:${'a'.repeat(64)}`;
  return { lane, region: 'de', component: 'core', purpose: 'deploy', artifact, ...changes };
}

export function aRequest(changes: Partial<OpenRequest> = {}): OpenRequest {
  return {
    ...aLane(),
    repository: 'example/shop',
    branch: 'main',
    commit: 'a'.repeat(40),
    requestedBy: { id: 'sam', via: 'lab-token', groups: ['developers'] },
    requestedAt: 1_000,
    images: {},
    downgrade: false,
    ...changes,
  };
}

/** The id of a release that was started. */
export async function aRunAskedFor({ attempts }: Pick<Records, 'attempts'>, lane?: LaneKey): Promise<string> {
  const { attempt } = await attempts.open(aRequest(lane), { requestKey: randomUUID(), fresh: true });
  return attempt.releaseId;
}

export function aDecision(changes: Partial<SignedDecision['decision']> = {}): SignedDecision {
  return {
    decision: {
      id: randomUUID(),
      kind: 'approve',
      releaseId: `release/shop/production/${randomUUID()}/1`,
      planHash: 'b'.repeat(64),
      by: { id: 'kim', via: 'lab-token', groups: ['approvers'] },
      channel: 'cli',
      decidedAt: 2_000,
      reason: 'looks right',
      ...changes,
    },
    keyId: 'key-1',
    signature: 'c2lnbmF0dXJl',
  };
}

export function aVerifiedRelease(changes: Partial<VerifiedRelease> = {}): VerifiedRelease {
  const image = changes.image ?? anImage('a');
  return {
    ...aLane(),
    region: 'eu',
    component: 'core',
    image,
    artifact: imageArtifact({}, image),
    commit: 'a'.repeat(40),
    releaseId: `release/shop/production/${randomUUID()}/1`,
    planHash: 'b'.repeat(64),
    verifiedAt: 3_000,
    state: 'verified',
    ...changes,
  };
}

export function anImage(digit: string): string {
  return `registry.test/shop/core@sha256:${digit.repeat(64)}`;
}

export function aPlan(changes: Partial<ReleasePlan> = {}): ReleasePlan {
  return {
    version: 1,
    service: 'shop',
    environment: 'production',
    branch: 'main',
    commit: 'a'.repeat(40),
    configurationHash: 'c'.repeat(64),
    policyHash: 'd'.repeat(64),
    components: [
      {
        name: 'core',
        image: anImage('a'),
        origin: 'built',
        needs: [],
        workloads: [{ deployment: 'core', containers: ['core'] }],
      },
    ],
    regions: [],
    waves: [aWave(['eu'])],
    migrations: [],
    migrationSpecs: [],
    gates: [],
    approval: { required: true, quorum: 1, groups: ['approvers'], expiresMs: 1_000, excludeRequester: true },
    onFailure: { partial: 'roll-back-all', confirm: false, holdMs: 1_000 },
    rollout: { timeoutMs: 1_000 },
    tags: [],
    ...changes,
  };
}

export function anAuditEntry(changes: Partial<AuditEntry> = {}): AuditEntry {
  return {
    lane: `lane/shop-${randomUUID()}/production`,
    key: randomUUID(),
    at: 4_000,
    what: 'deployed',
    who: 'sam',
    facts: { region: 'eu' },
    ...changes,
  };
}

/** That an approval is wanted of a run that no other test has, to be told to `channel`. */
export function aMessage(changes: Partial<OutboxMessage> = {}): OutboxMessage {
  const run = `release/shop/production/${randomUUID()}/1`;
  return {
    key: `${changes.run ?? run}/${randomUUID()}`,
    run,
    thread: changes.run ?? run,
    target: 'channel',
    event: 'approval',
    level: 'attention',
    title: 'shop → production: approval wanted',
    facts: { release: run },
    ...changes,
  };
}

/** What is known of a lane: held, closed twice, and with two who wait. */
/** With a signature that nobody looks at. */
export function aLaneOrder(
  lane: LaneKey,
  what:
    { kind: 'freeze' } | { kind: 'unfreeze' | 'clear-hold'; lifts: string } | { kind: 'clear-ticket'; ticket: string },
): SignedLaneOrder {
  const order = { id: randomUUID(), lane, by: 'kim', at: 2, reason: 'sale', ...what };
  return { order, keyId: 'key', signature: 'signature' };
}

export function aLaneMemory(): OwnLaneMemory {
  const member = {
    releaseId: 'release/one',
    kind: 'release' as const,
    commit: 'a'.repeat(40),
    queue: 'fifo' as const,
    joinedAt: 3,
  };
  return {
    holder: { member, ticket: { incarnation: 1, n: 7 }, since: 4 },
    waiting: ['release/two', 'release/three'],
  };
}

export function aWrite(incarnation: number, sequence: number, runId = 'run-a'): LaneFence & { runId: string } {
  return { incarnation, sequence, runId };
}

/** A lane of which nothing is known yet. */
export function begun(incarnation: number): OwnLaneBeginning {
  return { incarnation, sequence: 0, waiting: [] };
}
