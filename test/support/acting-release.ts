import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Records } from '../../activities/records/port.ts';
import { createKeyPair, createSigner, createVerifier } from '../../activities/shared/signatures.ts';
import { keepChoice } from '../../activities/steps/chosen-way-back.ts';
import { hashOfPlan } from '../../activities/steps/authorize.ts';
import type { AuthorizeDependencies } from '../../activities/steps/authorize.ts';
import type { LookAtPlaces } from '../../activities/steps/look-at-places.ts';
import { keepProceeds, laneMarks } from '../../activities/steps/overtaken.ts';
import { keepPlanHash, resultOf } from '../../activities/steps/recorded-result.ts';
import { changing } from '../../activities/steps/changing.ts';
import type { RegionChange } from '../../activities/steps/changing.ts';
import { touching } from '../../activities/steps/touching.ts';
import type { Authority, ReadRelease } from '../../activities/steps/types.ts';
import type { SmokeJobs } from '../../activities/smoke/port.ts';
import type { Decision, DecisionKind } from '../../domain/contract/decisions.ts';
import type { Breach } from '../../domain/contract/breach.ts';
import { rollbackId } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type {
  Identity,
  PinnedImage,
  ReleasePlan,
  ReleaseRequest,
  ReleaseSpec,
  VerifiedRelease,
} from '../../domain/contract/release.ts';
import { placeInWords } from '../../domain/left-behind.ts';
import { writeHolder } from './lane-holder.ts';
import { noSmoke } from './no-smoke.ts';
import {
  aCommit,
  aDecision,
  aFloor,
  aHash,
  aMember,
  aPlan,
  aReleaseId,
  aRequest,
  aSpec,
  aVerified,
  approver,
} from '../domain/builders.ts';
import { policyAround } from './policy-around.ts';

const keys = createKeyPair();
/** What signs in these tests, and the key that shows it. */
export const theSigner = createSigner(keys.privateKeyPem);
export const { publicKeyPem } = keys;
/** Activities that fail are what tests here are about: that Temporal would log it says nothing. */
const silent = new DefaultLogger('ERROR', () => undefined);

const theFloor: EnvironmentFloor = aFloor();

/** Tests of other things name what is nowhere. */
const allIsThere = () => Promise.resolve([]);

/** What steps ask for the right to act: real signatures, and a policy that asks for one approval. */
export function authorizing(
  records: Records,
  floor: Partial<EnvironmentFloor> = {},
): AuthorizeDependencies & { lookAtPlaces: LookAtPlaces; smoke: SmokeJobs } {
  const floorOf = () => Promise.resolve({ ...theFloor, ...floor });
  return {
    records,
    verifier: createVerifier([keys.publicKeyPem]),
    floorOf,
    now: () => 3_000,
    lookAtPlaces: allIsThere,
    smoke: noSmoke,
  };
}

/** A run that may change its environment, and the activities that Temporal would run for it. */
export interface ActingRun {
  lane: LaneKey;
  plan: ReleasePlan;
  authority: Authority;
  /** An activity of this run: each has an id of its own. `heartbeatDetails`: what an earlier try of it has said last. `attempt`: which try it is. */
  anActivity(earlier?: { heartbeatDetails?: unknown; attempt?: number; taskQueue?: string }): MockActivityEnvironment;
  /** Runs a step as such an activity. */
  act<Input, Output>(step: (input: Input) => Promise<Output>, input: Input): Promise<Output>;
}

/**
 * A release in a lane of its own: its plan is stored, its attempt open, its approval signed, and it holds the lane. With the `lane` of
 * another: one more attempt of the same commit. `by`: who has approved it.
 */
export async function aReleaseThatMayAct(
  records: Records,
  {
    plan: planned = {},
    lane = { service: `shop-${randomUUID()}`, environment: 'production' },
    by = approver,
    ...read
  }: { plan?: Partial<ReleasePlan>; lane?: LaneKey; by?: Identity } & Partial<ReadRelease> = {},
): Promise<ActingRun & { request: ReleaseRequest; spec: ReleaseSpec }> {
  const { attempt: _n, ...request } = aRequest(lane);
  const { attempt } = await records.attempts.open(request, {
    requestKey: randomUUID(),
    fresh: true,
    sign: (taken) => theSigner.signRequest(taken),
  });
  const { releaseId } = attempt;

  const plan = aPlan({ ...lane, ...planned });
  letUse(plan);
  const planHash = hashOfPlan(plan);
  await records.plans.store(planHash, plan);
  await keepPlanHash(records.plans, releaseId, planHash);
  await heldAgainst(records, lane, { releaseId, planHash });
  const spec = aSpec({ ...lane, regions: plan.regions, migrations: plan.migrationSpecs });
  const found: ReadRelease = { spec, artifacts: [], toBuild: [], ...read };
  await records.plans.keep(releaseId, 'read', found);

  await records.decisions.store(
    theSigner.sign(aDecision('approve', { decidedAt: Date.now(), id: randomUUID(), releaseId, planHash, by })),
  );
  const run = { releaseId, subject: releaseId, planHash };
  const acting = await letIn(records, { lane, plan, run, workflowType: 'deployRelease' });
  return { ...acting, request: attempt.request, spec: found.spec };
}

/** Its plan was held against what is on record of the lane now, and proceeds. */
export async function heldAgainst(
  records: Records,
  lane: LaneKey,
  of: Pick<Authority, 'releaseId' | 'planHash'>,
): Promise<void> {
  await keepProceeds(records.plans, of, await laneMarks(records, lane));
}

/** Somebody who may has decided this about it, and the gateway has signed and stored it. */
export async function decided(
  { authority: { releaseId, planHash } }: ActingRun,
  { records, kind, ...changes }: { records: Records; kind: DecisionKind } & Partial<Decision>,
): Promise<void> {
  await records.decisions.store(theSigner.sign(aDecision(kind, { id: randomUUID(), releaseId, planHash, ...changes })));
}

/** This release was deployed to its end, and is what runs in these regions, unless it has ended otherwise. */
async function verifiedIn(release: ActingRun, records: Records, regions: string[]): Promise<void> {
  const { lane, plan } = release;
  const { releaseId, planHash } = release.authority;
  if ((await records.attempts.find(releaseId))?.outcome !== undefined) return;
  const known = await records.inventory.current(lane);
  const rows = regions.flatMap((region) =>
    plan.components.map(({ name: component, image }) =>
      aVerified({ ...lane, region, component, image, releaseId, planHash, verifiedAt: 2_500 }),
    ),
  );
  const isKnown = (row: VerifiedRelease) =>
    known.some((one) => one.releaseId === releaseId && one.region === row.region && one.component === row.component);
  for (const { region, component } of rows) await hasChanged(release, records, { region, component });
  await records.inventory.record(rows.filter((row) => !isKnown(row)));
  await records.attempts.conclude(releaseId, { outcome: 'verified', summary: 'it is well', endedAt: 2_600 });
}

/** The engine has chosen what this run puts back there; the release that it undoes, itself or another, has changed the region. */
export async function goesBackTo(
  run: ActingRun,
  {
    records,
    image,
    region = 'de',
    component = 'core',
    undoing = run,
    from,
  }: {
    records: Records;
    image: PinnedImage;
    region?: string;
    component?: string;
    undoing?: ActingRun;
    /** Whose it was. Without: the newest that is on record there with this image, and is not the one undone, where there is another. */
    from?: string;
  },
): Promise<void> {
  const rows = await records.inventory.history({ ...run.lane, region, component, limit: 50 });
  const those = rows.filter((row) => row.image === image);
  const earlier = those.find((row) => row.releaseId !== undoing.authority.releaseId) ?? those[0];
  const releaseId = from ?? earlier?.releaseId ?? aReleaseId(1, aCommit('0'));
  const target = { component, image, releaseId, commit: aCommit('0') };
  await keepChoice(records, run.authority.releaseId, { kind: 'go', region, targets: [target] });
  for (const each of new Set([run, undoing])) {
    const { releaseId } = each.authority;
    const isOver = (await records.attempts.find(releaseId))?.outcome ?? (await resultOf(records.plans, releaseId));
    // Of one that has ended there is on record what it has changed.
    if (isOver) continue;
    await each.act(() => touching({ records, now: () => 2_000 }, placeInWords(component, region)), undefined);
  }
}

type Changed = Parameters<typeof changing>[1];
const inDe: Changed = { region: 'de', component: 'core', purpose: 'deploy', artifact: `sha256:${aHash('1')}` };

/** The run has changed this place, and is done; or `effect` is what comes of it. */
export function hasChanged(
  run: ActingRun,
  records: Records,
  { effect = () => Promise.resolve(), ...place }: Partial<Changed> & { effect?: () => Promise<void> } = {},
): Promise<RegionChange> {
  const deps = { records, now: () => 2_000 };
  return run.act(async () => (await changing(deps, { ...inDe, ...place }, effect)).change, undefined);
}

/** A run that undoes this release, ordered by somebody who may, for these regions only, or `all`; the lane is its own now. */
export async function aRollbackOf(
  release: ActingRun,
  {
    records,
    regions,
    all = false,
    expiresAt = Number.MAX_SAFE_INTEGER,
  }: { records: Records; regions: string[]; all?: boolean; expiresAt?: number },
): Promise<ActingRun> {
  const { lane, plan } = release;
  const { releaseId: subject, planHash } = release.authority;
  const id = randomUUID();
  const run = { releaseId: rollbackId(lane, id), subject, planHash };
  const order = { id, releaseId: subject, planHash, ...(!all && { regions }), run: run.releaseId, expiresAt };
  await verifiedIn(release, records, regions);
  await records.decisions.store(theSigner.sign(aDecision('roll-back', order)));
  return letIn(records, { lane, plan, run, workflowType: 'rollBackRelease' });
}

/** A run that undoes this release because it was seen broken in these regions: nobody has ordered it. */
export async function aRollbackOfBroken(
  release: ActingRun,
  { records, regions }: { records: Records; regions: string[] },
): Promise<ActingRun & { breach: Breach }> {
  const { lane, plan } = release;
  const { releaseId: subject, planHash } = release.authority;
  const seen = { summary: 'front page: 502', seenAt: 9_000, seenBy: 'watch/shop/production/1' };
  await verifiedIn(release, records, regions);
  const breach = { id: randomUUID(), releaseId: subject, planHash, regions, ...seen };
  const run = { releaseId: rollbackId(lane, breach.id), subject, planHash };
  return { breach, ...(await letIn(records, { lane, plan, run, workflowType: 'rollBackRelease' })) };
}

/** The policy names what the plan names. Each release has a service of its own, so that these may stand beside each other. */
function letUse(plan: ReleasePlan): void {
  const { clusters, services } = policyAround(plan);
  theFloor.clusters.push(...clusters);
  Object.assign(theFloor.services, services);
}

async function letIn(
  records: Records,
  {
    lane,
    plan,
    run,
    workflowType,
  }: { lane: LaneKey; plan: ReleasePlan; run: Omit<Authority, 'ticket'>; workflowType: string },
): Promise<ActingRun> {
  const before = await records.lanes.holder(lane);
  const ticket = { incarnation: 1, n: (before?.ticket.n ?? 0) + 1 };
  await writeHolder(records, lane, { member: aMember(run.releaseId), ticket, since: 1_000 });
  const workflowExecution = { workflowId: run.releaseId, runId: randomUUID() };
  const anActivity: ActingRun['anActivity'] = (earlier) => {
    const info = { workflowExecution, workflowType, activityId: randomUUID(), ...earlier };
    return new MockActivityEnvironment(info, { logger: silent });
  };
  return {
    lane,
    plan,
    authority: { ...run, ticket },
    anActivity,
    act: (step, input) => anActivity().run(step, input),
  };
}
