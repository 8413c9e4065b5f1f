import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import type { Delivery, DeliveryTarget } from '../../activities/delivery/port.ts';
import type { Registry } from '../../activities/images/port.ts';
import type { MigrationJobs } from '../../activities/migrations/port.ts';
import type { Records } from '../../activities/records/port.ts';
import type { Verifier } from '../../activities/shared/signatures.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { createLaneSteps } from '../../activities/steps/lane-steps.ts';
import { createMigrationSteps } from '../../activities/steps/migration-steps.ts';
import { createRegionSteps } from '../../activities/steps/region-steps.ts';
import { createVerifySteps } from '../../activities/steps/verify-steps.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
import type { LaneOrder } from '../../domain/contract/lane.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import { allImages, floorOf, lanes, nameOf, policyAtFirst } from './authority-ground.ts';
import type { Lane, PolicyState } from './authority-ground.ts';
import { createOracle } from './authority-oracle.ts';
import type { Effect, Event, KnownHole } from './authority-oracle.ts';
import { createMemoryRecords } from './memory-records.ts';

/** Who schedules a step, as Temporal says. */
export interface Caller {
  workflowId: string;
  runId: string;
  type: string;
}

const silent = new DefaultLogger('ERROR', () => undefined);

/** Who signs here is the gateway alone, whose signatures are told by its memory: forging one is tried elsewhere. */
function aGateway() {
  const known = new Set<string>();
  const seal = <T>(what: T) => {
    known.add(JSON.stringify(what));
    return { keyId: 'gateway', signature: 'its own' };
  };
  const holds = (what: unknown) => known.has(JSON.stringify(what));
  return {
    sign: (decision: Decision) => ({ decision, ...seal(decision) }),
    signOrder: (order: LaneOrder) => ({ order, ...seal(order) }),
    signRequest: <T>(taken: T) => ({ taken, ...seal(taken) }),
    verifier: {
      verify: ({ decision }) => holds(decision),
      verifyOrder: ({ order }) => holds(order),
      verifyRequest: ({ taken }) => holds(taken),
      verifyEnds: () => false,
      unsignedRequests: 'refuse',
    } satisfies Verifier,
  };
}

/** The real steps on records in memory, beside regions that only note what is done to them; and an oracle that judges all of it. */
export function createAuthorityWorld(options: { passesOver?: readonly KnownHole[] } = {}) {
  const oracle = createOracle(options);
  const gateway = aGateway();
  const records = createMemoryRecords();
  /** What the oracle does not allow, and what it has seen happen by right. */
  const holes: string[] = [];
  const byRight = new Map<string, number>();
  const places = new Map<string, string>();
  const state = { now: 10_000, caller: { workflowId: '', runId: '', type: '' }, open: false };
  let policy: PolicyState = policyAtFirst;
  let worker: string | undefined;

  type Done = Effect extends infer E ? (E extends Effect ? Omit<E, 'kind' | 'by' | 'worker'> : never) : never;
  function happened(done: Done): void {
    const effect = {
      kind: 'effect',
      by: { ...state.caller },
      ...(worker !== undefined && { worker }),
      ...done,
    } as Effect;
    const refused = oracle.judge(effect, state.now);
    if (refused !== undefined) holes.push(`${JSON.stringify(effect)}: ${refused}`);
    else byRight.set(done.what, (byRight.get(done.what) ?? 0) + 1);
    oracle.tell(effect, state.now);
  }
  const tell = (event: Event) => oracle.tell(event, state.now);

  /** The namespace names the lane, and the cluster where it is. */
  const laneOf = (namespace: string): Lane =>
    lanes.find(({ service, environment }) => `${service}-${environment}` === namespace)!;
  const placeOf = ({ region, component }: DeliveryTarget) => ({
    lane: laneOf(region.namespace),
    region: region.name,
    component: component.name,
  });
  const keyOf = (place: { lane: Lane; region: string; component: string }) =>
    `${nameOf(place.lane)} ${place.region} ${place.component}`;
  const imageOf = (digest: string, target: DeliveryTarget) =>
    allImages.find(
      (image) => image.endsWith(digest) && image.includes(`/${placeOf(target).lane.service}/${target.component.name}@`),
    ) ?? digest;

  function put(what: 'deployed' | 'put-back', target: DeliveryTarget, image: string) {
    const inPlace = places.get(keyOf(placeOf(target))) === image;
    places.set(keyOf(placeOf(target)), image);
    happened({ what, image, ...placeOf(target) });
    return Promise.resolve({ it: { inPlace } });
  }
  const delivery: Delivery = {
    kind: 'deployment-image',
    plan: (target) => Promise.resolve(imageArtifact({}, target.image)),
    apply: (target) => put('deployed', target, target.image),
    revert: (target, to) => put('put-back', target, imageOf(to.digest, target)),
    watch: () => Promise.resolve('it runs'),
    verify: (target, wanted) => {
      const stands = places.get(keyOf(placeOf(target)));
      return Promise.resolve({ verdict: stands?.endsWith(wanted.digest) ? 'pass' : 'fail', summary: `${stands}` });
    },
  };
  const jobs: MigrationJobs = {
    start(job) {
      happened({ what: 'migrated', lane: laneOf(job.namespace), image: job.image });
      return Promise.resolve({ adopted: false });
    },
    observe: () => Promise.resolve({ state: 'missing' }),
    remove: () => Promise.resolve(),
  };
  const registry: Registry = {
    resolve: (image) => Promise.resolve(image.slice(image.indexOf('@') + 1)),
    digestsOf: () => Promise.resolve(undefined),
    tag(image) {
      happened({ what: 'tagged', image });
      return Promise.resolve();
    },
  };

  const noting: Records = {
    ...records,
    inventory: {
      ...records.inventory,
      async record(rows) {
        const before = await Promise.all(rows.map((row) => records.inventory.history({ ...row, limit: 50 })));
        await records.inventory.record(rows);
        for (const [i, row] of rows.entries()) {
          const { service, environment, region, component, image, releaseId: release } = row;
          const place = { lane: { service, environment }, region, component };
          if (before[i]!.some(({ releaseId }) => releaseId === release)) continue;
          happened({ what: 'verified', release, image, stands: places.get(keyOf(place)), ...place });
        }
      },
      async revoke(release, reason, regions) {
        await records.inventory.revoke(release, reason, regions);
        happened({ what: 'revoked', release, regions: regions ?? ['de', 'nl'] });
      },
    },
    attempts: {
      ...records.attempts,
      async conclude(release, end) {
        await records.attempts.conclude(release, end);
        if (oracle.endOf(release)) return;
        if (end.outcome === 'verified') happened({ what: 'called-verified', release });
        tell({ kind: 'ended', run: release, outcome: end.outcome });
      },
    },
    plans: {
      ...records.plans,
      async keep(run, name, document) {
        await records.plans.keep(run, name, document);
        if (name !== 'result' || oracle.endOf(run)) return;
        tell({ kind: 'ended', run, outcome: (document as { outcome: string }).outcome });
      },
    },
    lanes: {
      ...records.lanes,
      async remember(lane, memory, by) {
        const written = await records.lanes.remember(lane, memory, by);
        const { holder } = memory;
        const ticket = holder ? `${holder.ticket.incarnation}.${holder.ticket.n}` : '';
        if (written) tell({ kind: 'let-in', lane, run: holder?.member.releaseId, ticket });
        return written;
      },
    },
  };

  const floors = (environment: string) => Promise.resolve(floorOf(environment, policy));
  const now = () => state.now;
  const { verifier } = gateway;
  const engine = createEngineSteps({
    records: noting,
    registry,
    verifier,
    now,
    pipeline: { floorOf: floors } as EngineDependencies['pipeline'],
    notifierFor: () => ({ notify: () => Promise.resolve() }),
    source: {} as EngineDependencies['source'],
    lanes: {} as EngineDependencies['lanes'],
  });
  const looking = { join: () => Promise.resolve(), look: () => Promise.resolve({ open: state.open }) };
  const laneSteps = createLaneSteps({ records: noting, lanes: looking, verifier, now });
  const workerOf = (environment: string) => {
    const deps = { records: noting, verifier, now, floorOf: floors, environment };
    const verification = { check: () => Promise.reject(new Error('nothing is asked')) };
    return {
      ...createRegionSteps({ ...deps, deliveries: [delivery], registry }),
      ...createVerifySteps({ ...deps, deliveries: [delivery], verification }),
      ...createMigrationSteps({ ...deps, jobs }),
    };
  };
  const workers = { production: workerOf('production'), staging: workerOf('staging') };
  const steps = { ...engine, ...laneSteps };
  type Step = keyof typeof steps | keyof typeof workers.production;

  /** Runs one step as an activity of this workflow; a refusal is an answer, anything else that is thrown is a fault of the test. */
  async function schedule(caller: Caller, step: Step, input: unknown, at: 'production' | 'staging'): Promise<unknown> {
    const { workflowId, runId, type: workflowType } = caller;
    const isOfWorker = step in workers.production;
    worker = isOfWorker ? at : undefined;
    state.caller = caller;
    const all = { ...steps, ...workers[at] } as Record<string, (input: unknown) => Promise<unknown>>;
    const activity = new MockActivityEnvironment(
      { workflowExecution: { workflowId, runId }, workflowType, activityId: `${step}-1` },
      { logger: silent },
    );
    try {
      return (await activity.run(all[step]!, input)) ?? true;
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  tell({ kind: 'policy', policy });
  return {
    records,
    log: () => oracle.log,
    gateway,
    state,
    places,
    holes,
    byRight,
    tell,
    schedule,
    get policy() {
      return policy;
    },
    setPolicy(next: PolicyState) {
      policy = next;
      tell({ kind: 'policy', policy });
    },
    setPlace: (place: { lane: Lane; region: string; component: string }, image: string) =>
      places.set(keyOf(place), image),
  };
}
export type AuthorityWorld = ReturnType<typeof createAuthorityWorld>;
