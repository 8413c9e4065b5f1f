import { randomUUID } from 'node:crypto';
import { activityInfo, heartbeat } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Announcement } from '../../../domain/announcements.ts';
import { asksForApproval } from '../../../domain/outbox.ts';
import type { Lanes } from '../../../activities/lanes/port.ts';
import { createKeyPair, createSigner, createVerifier } from '../../../activities/shared/signatures.ts';
import { hashOfPlan } from '../../../activities/steps/authorize.ts';
import { atBoundary } from '../../../activities/steps/boundary.ts';
import type {
  BuildSteps,
  EngineSteps,
  EnvironmentSteps,
  LaneSteps,
  LocalSteps,
} from '../../../activities/steps/types.ts';
import { refuseDecider } from '../../../domain/approval.ts';
import { decidersBy } from '../../../domain/deciders.ts';
import type { Decision, DecisionKind, SignedDecision } from '../../../domain/contract/decisions.ts';
import type { LaneClosure, LaneFence, LaneHold, LaneMemory, SignedLaneOrder } from '../../../domain/contract/lane.ts';
import { laneOfRun, orderOfRollback, releaseId } from '../../../domain/contract/names.ts';
import type {
  Artifact,
  PlannedMigration,
  ReleasePlan,
  ReleaseRequest,
  ReleaseSpec,
  SchemaChange,
  SchemaGap,
  VerifiedRelease,
} from '../../../domain/contract/release.ts';
import type { ReleaseResult } from '../../../domain/contract/status.ts';
import type { Verdict } from '../../../domain/contract/verdicts.ts';
import type { DriftVerdict } from '../../../domain/drift.ts';
import { failure, failureDetails } from '../../../domain/errors/catalogue.ts';
import type { ErrorCode } from '../../../domain/errors/catalogue.ts';
import { holdReason } from '../../../domain/hold-reason.ts';
import { newestOf } from '../../../domain/lane-closures.ts';
import { placeInWords, regionsTouched } from '../../../domain/left-behind.ts';
import { endOnRecord, meaningOf } from '../../../domain/outcomes.ts';
import { outlineOfMigration, outlineOfPlan, outlineOfRead } from '../../../domain/outline.ts';
import { assemblePlan } from '../../../domain/plan.ts';
import { chooseRollback } from '../../../domain/rollback.ts';
import { aPlannedMigration, aRequest, aSpec, aVerified, anImage, approver } from '../../domain/builders.ts';

type AllSteps = EngineSteps & LocalSteps & LaneSteps & BuildSteps & EnvironmentSteps;
const keys = createKeyPair();
const signer = createSigner(keys.privateKeyPem);
const verifier = createVerifier([keys.publicKeyPem]);

/** A step that a test holds, to act while it is under way. */
export interface HeldStep {
  reached: Promise<void>;
  go(): void;
}

/** Everything around one service's workflows: what its steps answer, and what they were asked. One per test, told apart by the service's name. */
export interface FakeWorld {
  service: string;
  spec: ReleaseSpec;
  /** Components whose verified image is kept. */
  unchanged: string[];
  /** What each region can go back to. */
  history: VerifiedRelease[];
  /** What was done to its databases. */
  schema: SchemaChange[];
  /** What of that the code of its releases does not know of. */
  olderThanSchema: SchemaGap[];
  /** Verdicts of the next looks; then nothing has drifted. */
  drifts: DriftVerdict[];
  /** Steps in the order in which they were asked, as `applyComponent deploy core de`. */
  calls: string[];
  /** What applying finds: everything there already, and complete. */
  inPlace: boolean;
  /** What applying says besides. */
  note?: string;
  /** What each run has begun to change, and which of Temporal's runs of that id. */
  touched: Map<string, { runId: string; what: string[] }>;
  /** What the next scans of images say; the last one stays. */
  gates: Verdict[];
  /** The same of the operator's own, by name. */
  namedGates: Record<string, Verdict[]>;
  /** Plans on record, by hash. */
  plans: Map<string, ReleasePlan>;
  /** Regions recorded as verified. */
  verified: string[];
  /** Components that looks find scaled to zero. */
  scaledToZero: string[];
  /** Those that were recorded as such, by region. */
  unseen: Record<string, string[]>;
  /** What planning a migration says. */
  pending: Partial<PlannedMigration>;
  /** What the ends of runs have left on record. */
  holds: Pick<LaneHold, 'by' | 'reason'>[];
  /** Runs whose hold was lifted on record. */
  lifted: string[];
  ends: {
    releaseId: string;
    result: ReleaseResult;
    revoke?: { releaseId: string; regions: string[] };
    untold?: Announcement[];
  }[];
  /** What its runs have told people. */
  said: Announcement[];
  /** How long its plans have been before people, by its records. */
  waitedMs: number;
  /** What is on record of its lane. */
  lane: LaneMemory & LaneFence & { runs: string[] };
  /** What closes it on record and it has not heard of: the next holder that it lets in is refused, and it finds them when it begins anew. */
  unheard: LaneClosure[];
  request(changes?: Partial<ReleaseRequest>): ReleaseRequest;
  sign(
    kind: DecisionKind,
    about: { releaseId: string; planHash?: string },
    changes?: Partial<Decision>,
  ): SignedDecision;
  /** An order of this lane, as the gateway signs it. */
  order(
    order: { kind: 'freeze'; until?: number } | { kind: 'unfreeze' | 'clear-hold'; lifts: string },
    reason?: string,
  ): SignedLaneOrder;
  /** Holds the next call that begins with this text. */
  hold(call: string): HeldStep;
  /** Calls that begin with this text fail for good from now on; with `once`, the next one alone. */
  fail(call: string, code: ErrorCode, detail: string, options?: { once: boolean }): { mend(): void };
  /** Calls that begin with this text fail, as this code says, until they are back. Where it may, Temporal tries again `everyMs`. */
  away(call: string, code?: ErrorCode, everyMs?: number): { back(): void };
  /** Nothing fails any more. */
  mendAll(): void;
  outcome(id: string): string | undefined;
  /** Lets everything go on. */
  release(): void;
}

interface Fault {
  call: string;
  wait?: Promise<void>;
  reached?: () => void;
  failure?: ApplicationFailure;
  once?: boolean;
  used: boolean;
}

interface Here {
  world: FakeWorld;
  /** By run and region: what it has on record as verified, and what it has put back and seen there. */
  recorded: Set<string>;
  seenBack: Set<string>;
  requests: Map<string, ReleaseRequest>;
  faults: Fault[];
}

/** As a step that works does, however long a test holds it. */
async function alive(wait: Promise<void> | undefined): Promise<void> {
  const beat = setInterval(() => heartbeat(), 2_000);
  try {
    await wait;
  } finally {
    clearInterval(beat);
  }
}

export class FakeWorlds {
  readonly #worlds = new Map<string, Here>();
  readonly #lanes: () => Lanes;
  readonly #now: () => Promise<number>;

  constructor(lanes: () => Lanes, now: () => Promise<number>) {
    this.#lanes = lanes;
    this.#now = now;
  }

  create(spec: Partial<ReleaseSpec> = {}, service = `shop-${randomUUID().slice(0, 8)}`): FakeWorld {
    const faults: Fault[] = [];
    const requests = new Map<string, ReleaseRequest>();
    const releases: (() => void)[] = [];
    const world: FakeWorld = {
      service,
      spec: aSpec({ service, ...spec }),
      unchanged: [],
      history: aSpec(spec).regions.flatMap((region) =>
        aSpec(spec).components.map(({ name }) =>
          aVerified({ service, region: region.name, component: name, image: anImage(name, '0') }),
        ),
      ),
      schema: [],
      olderThanSchema: [],
      drifts: [],
      calls: [],
      inPlace: false,
      touched: new Map(),
      gates: [],
      namedGates: {},
      plans: new Map(),
      verified: [],
      scaledToZero: [],
      unseen: {},
      pending: {},
      ends: [],
      said: [],
      waitedMs: 0,
      holds: [],
      lifted: [],
      lane: { incarnation: 0, sequence: 0, closures: [], waiting: [], runs: [] },
      unheard: [],
      request: (changes = {}) => {
        const request = aRequest({ service, ...changes });
        requests.set(releaseId(request), request);
        return request;
      },
      sign: (kind, about, changes = {}) =>
        signer.sign({
          id: randomUUID(),
          kind,
          releaseId: about.releaseId,
          planHash: about.planHash ?? '',
          by: approver,
          channel: 'cli',
          decidedAt: 0,
          reason: 'because',
          ...changes,
        }),
      order: (order, reason = 'because') =>
        signer.signOrder({
          id: randomUUID(),
          lane: { service, environment: 'production' },
          by: 'kim',
          at: 1,
          reason,
          ...order,
        }),
      hold: (call) => {
        let go = () => {};
        let reached = () => {};
        const arrived = new Promise<void>((resolve) => (reached = resolve));
        const wait = new Promise<void>((resolve) => (go = resolve));
        faults.push({ call, wait, reached, used: false });
        releases.push(go);
        return { reached: arrived, go };
      },
      fail: (call, code, detail, { once } = { once: false }) => {
        const details = failureDetails(code, detail);
        const error = ApplicationFailure.create({
          message: detail,
          type: code,
          nonRetryable: true,
          details: [details],
        });
        const fault = { call, failure: error, once, used: false };
        faults.push(fault);
        return { mend: () => void faults.splice(faults.indexOf(fault), 1) };
      },
      away: (call, code = 'SLIP-REC-1', everyMs) => {
        const details = failureDetails(code, 'not now');
        const nonRetryable = details.kind === 'terminal';
        const error = ApplicationFailure.create({
          message: `${details.title}: ${details.detail}`,
          type: code,
          nonRetryable,
          details: [details],
          ...(everyMs !== undefined && { nextRetryDelay: everyMs }),
        });
        const fault = { call, failure: error, used: false };
        faults.push(fault);
        return { back: () => void faults.splice(faults.indexOf(fault), 1) };
      },
      mendAll: () => void faults.splice(0),
      outcome: (id) => world.ends.find((end) => end.releaseId === id)?.result.outcome,
      release: () => releases.splice(0).forEach((go) => go()),
    };
    this.#worlds.set(service, { world, requests, faults, recorded: new Set(), seenBack: new Set() });
    return world;
  }

  releaseAll(): void {
    for (const { world } of this.#worlds.values()) world.release();
  }

  #here(): Here {
    const id = activityInfo().workflowExecution?.workflowId ?? '';
    const service = laneOfRun(id)?.service ?? id.split('/')[1] ?? '';
    const found = this.#worlds.get(service);
    if (!found) throw ApplicationFailure.nonRetryable(`no test has a service ${service}`);
    return found;
  }

  async #called(call: string): Promise<Here> {
    const here = this.#here();
    here.world.calls.push(call);
    for (const fault of here.faults.filter((f) => call.startsWith(f.call))) {
      if (fault.failure && !(fault.once && fault.used)) {
        fault.used = true;
        throw fault.failure;
      }
      if (fault.used) continue;
      fault.used = true;
      fault.reached?.();
      await alive(fault.wait);
    }
    return here;
  }
  /** The steps of all three task queues. */
  steps(): AllSteps {
    return atBoundary<AllSteps>({ ...this.#engine(), ...this.#lane(), ...this.#build(), ...this.#environment() });
  }

  #engine(): EngineSteps & LocalSteps {
    return {
      verifySignature: (signed) => Promise.resolve(verifier.verify(signed)),
      verifyOrder: (signed) => Promise.resolve(verifier.verifyOrder(signed)),
      readRelease: async ({ releaseId: id }) => {
        const { world } = await this.#called('readRelease');
        const kept = world.spec.components.filter((c) => world.unchanged.includes(c.name));
        const outline = outlineOfRead({
          spec: world.spec,
          artifacts: kept.map(({ name }) => artifactOf(name, true)),
          toBuild: world.spec.components
            .filter((c) => !kept.includes(c))
            .map(({ name }) => ({ component: name, why: 'it changed' })),
        });
        return { outline, earlier: world.touched.get(id)?.what ?? [] };
      },
      joinLane: async ({ lane, member }) => {
        await this.#called('joinLane');
        await this.#lanes().join(lane, member);
      },
      planRelease: async ({ releaseId: id }) => {
        const { world, requests } = await this.#called('planRelease');
        const { spec, pending, unchanged, olderThanSchema } = world;
        const request = requests.get(id) ?? world.request();
        if (olderThanSchema.length > 0 && !request.downgrade) throw failure('SLIP-REL-11', 'it is older');
        const plan = assemblePlan({
          request,
          olderThanSchema,
          spec,
          artifacts: spec.components.map(({ name }) => artifactOf(name, unchanged.includes(name))),
          migrations: spec.migrations.map(({ database }) => aPlannedMigration({ database, ...pending })),
          gates: [],
        });
        const planHash = hashOfPlan(plan);
        world.plans.set(planHash, plan);
        return { plan: outlineOfPlan(plan, planHash), warnings: [] };
      },
      judgePlanDrift: async () => {
        const { world } = await this.#called('judgePlanDrift');
        return world.drifts.shift() ?? { kind: 'proceed' };
      },
      checkDecision: async ({ signed: { decision }, subject }) => {
        const { world, requests } = await this.#called(`checkDecision ${decision.kind}`);
        const { requestedBy } = requests.get(subject) ?? world.request();
        const { approval, onCall } = world.spec;
        const floor = { approval, ...(onCall && { onCall: { [world.service]: onCall } }) };
        const { waitedMs } = world;
        const refused = refuseDecider({ decision, requestedBy, waitedMs, ...decidersBy(floor, world.service) });
        return refused === undefined ? {} : { refused };
      },
      consumeApproval: async ({ decisionIds }) => {
        await this.#called(`consumeApproval ${decisionIds.length}`);
      },
      announce: async (said) => {
        const { world } = await this.#called(`announce ${asksForApproval(said.message) ? 'attention' : 'problem'}`);
        world.said.push(said);
      },
      recordVerified: async ({ regions, unseen }) => {
        const { world, recorded } = await this.#called(`recordVerified ${regions.join(' ')}`);
        world.verified.push(...regions);
        regions.forEach((region) => recorded.add(byRun(region)));
        Object.assign(world.unseen, unseen);
      },
      chooseRollbacks: async ({ planHash, releaseId: id, regions }) => {
        const { world } = await this.#called(`chooseRollbacks ${regions.join(' ')}`);
        const plan = world.plans.get(planHash);
        if (!plan) throw ApplicationFailure.nonRetryable(`no plan ${planHash}`);
        const { history, schema } = world;
        const touched = world.touched.get(id)?.what ?? [];
        return regions.map((region) => chooseRollback({ plan, releaseId: id, region, history, schema, touched }));
      },
      takeOver: async ({ releaseId: id, from }) => {
        const { world } = await this.#called('takeOver');
        const known = world.touched.get(id);
        if (known && known.runId !== from) throw failure('SLIP-REL-9', known.what.join(', '));
        if (known) known.runId = runId();
      },
      recordEnd: async ({ releaseId: id, result, revoke, untold }) => {
        const { world, recorded, seenBack } = await this.#called(`recordEnd ${result.outcome}`);
        const { what: changed = [] } = world.touched.get(id) ?? {};
        const isRollback = orderOfRollback(id) !== undefined;
        const toBeBack = regionsTouched(changed).filter((region) => isRollback || !recorded.has(byRun(region)));
        const isBack = toBeBack.length > 0 && toBeBack.every((region) => seenBack.has(byRun(region)));
        const seen = { isVerified: true, mayBeUnproven: true, isBack };
        const end = endOnRecord(result, { changed, seen });
        if (meaningOf(end.outcome).lane === 'hold')
          world.holds.push({ by: id, reason: holdReason({ releaseId: id, changed, ...end }) });
        world.ends.push({
          ...{ releaseId: id, result: { ...result, ...end } },
          ...(revoke && { revoke }),
          ...(untold && { untold }),
        });
        return end;
      },
      findRelease: async ({ releaseId: id, by }) => {
        const { world } = await this.#called('findRelease');
        const { planHash = '', outcome } = world.ends.find((end) => end.releaseId === id)?.result ?? {};
        const plan = world.plans.get(planHash);
        if (!plan) throw ApplicationFailure.nonRetryable(`${id} has no recorded plan`, 'SLIP-REL-6');
        return {
          plan: outlineOfPlan(plan, planHash),
          outline: outlineOfRead({ spec: world.spec, artifacts: [], toBuild: [] }),
          earlier: world.touched.get(by)?.what ?? [],
          ...(outcome === 'halted' && { touched: regionsTouched(world.touched.get(id)?.what ?? []) }),
        };
      },
    };
  }

  #lane(): LaneSteps {
    return {
      beginLane: async () => {
        const { world } = await this.#called('beginLane');
        const run = activityInfo().workflowExecution?.runId ?? '';
        const { runs, ...known } = world.lane;
        if (!runs.includes(run)) {
          runs.push(run);
          Object.assign(world.lane, { incarnation: runs.length, sequence: 0 });
        }
        const incarnation = runs.indexOf(run) + 1;
        const closures = newestOf(known.closures);
        const moreClosures = known.closures.length - closures.length;
        const sequence = known.incarnation === incarnation ? known.sequence : 0;
        return { ...known, incarnation, sequence, closures, ...(moreClosures > 0 && { moreClosures }) };
      },
      recordLane: async ({ lane: _lane, ...memory }) => {
        const { world } = await this.#called('recordLane');
        if (memory.holder && world.unheard.length > 0) {
          world.lane.closures = [...world.lane.closures, ...world.unheard.splice(0)];
          return { written: false };
        }
        const { runs, ...known } = world.lane;
        const isLater =
          memory.incarnation > known.incarnation ||
          (memory.incarnation === known.incarnation && memory.sequence > known.sequence);
        if (isLater) world.lane = { ...memory, runs };
        const holds = world.holds.filter(({ by, reason }) =>
          memory.closures.some((one) => one.kind === 'hold' && one.by === by && one.reason !== reason),
        );
        return { written: isLater, ...(holds.length > 0 && { holds }) };
      },
      lookAtHolder: async ({ releaseId: id }) => {
        const { world } = await this.#called('lookAtHolder');
        const { open } = await this.#lanes().look(id);
        const outcome = open ? undefined : (world.outcome(id) ?? 'halted');
        const lifted = !open && world.lifted.includes(id);
        return { open, ...(outcome !== undefined && { outcome }), ...(lifted && { lifted }) };
      },
    };
  }

  #build(): BuildSteps {
    return {
      buildImage: async ({ component }) => {
        await this.#called(`buildImage ${component}`);
        return artifactOf(component, false);
      },
      scanImages: async () => {
        const { world } = await this.#called('scanImages');
        const [verdict = 'pass', ...later] = world.gates;
        if (later.length > 0) world.gates = later;
        return { gate: 'image scan', verdict, summary: verdict === 'pass' ? 'nothing found' : 'the scanner is away' };
      },
      scanSource: async () => {
        await this.#called('scanSource');
        return { gate: 'secret scan', verdict: 'pass', summary: 'nothing found' };
      },
      runTests: async () => {
        await this.#called('runTests');
        return { gate: 'integration tests', verdict: 'pass', summary: '3 tests passed' };
      },
      runGate: async ({ gate }) => {
        const { world } = await this.#called(`runGate ${gate}`);
        const [verdict = 'pass', ...later] = world.namedGates[gate] ?? [];
        if (later.length > 0) world.namedGates[gate] = later;
        return { gate, verdict, summary: verdict === 'pass' ? 'nothing found' : 'the tool has crashed' };
      },
    };
  }

  #environment(): EnvironmentSteps {
    return {
      lookAtRegions: async () => {
        await this.#called('lookAtRegions');
      },
      planMigration: async ({ database }) => {
        await this.#called(`planMigration ${database}`);
        return outlineOfMigration(aPlannedMigration({ database, ...this.#here().world.pending }));
      },
      tagImages: async ({ tags }) => {
        await this.#called(`tagImages ${tags}`);
      },
      startMigration: async ({ database }) => {
        const { world } = await this.#called(`startMigration ${database}`);
        touch(world, `database ${database}`);
        const { service, pending } = world;
        const { pending: names, contracting } = aPlannedMigration(pending);
        world.schema.push({
          service,
          environment: 'production',
          database,
          releaseId: activityInfo().workflowExecution?.workflowId ?? '',
          pending: names,
          contracting,
          changedAt: await this.#now(),
        });
        return { adopted: false };
      },
      watchMigration: async ({ database }) => {
        await this.#called(`watchMigration ${database}`);
        return {};
      },
      verifyMigration: async ({ database }) => {
        await this.#called(`verifyMigration ${database}`);
      },
      applyComponent: async ({ purpose, component, region }) => {
        const { world, recorded } = await this.#called(`applyComponent ${purpose} ${component} ${region}`);
        // What a run puts back, it has verified no more.
        if (purpose === 'roll-back') recorded.delete(byRun(region));
        touch(world, placeInWords(component, region));
        const written = {
          changed: true,
          repeated: false,
          uid: 'u',
          generation: 2,
          appliedAt: await this.#now(),
          before: {},
        };
        const { inPlace, note } = this.#here().world;
        return { [component]: { ...written, inPlace, ...(note !== undefined && { note }) } };
      },
      watchRollout: async ({ purpose, component, region }) => {
        await this.#called(`watchRollout ${purpose} ${component} ${region}`);
        return { note: 'complete' };
      },
      verifyRegion: async ({ region, images, purpose }) => {
        const digits = Object.values(images).map((image) => image.at(-1));
        const { world, seenBack } = await this.#called(`verifyRegion ${region} ${digits.join('')}`);
        if (purpose === 'roll-back') seenBack.add(byRun(region));
        const zero = world.scaledToZero.map((unseen) => ({
          name: `${region}: ${unseen} digest`,
          verdict: 'pass' as const,
          summary: 'scaled to zero',
          unseen,
        }));
        return [{ name: `${region}: digest`, verdict: 'pass', summary: 'every pod runs it' }, ...zero];
      },
      observeRegion: async ({ region }) => {
        await this.#called(`observeRegion ${region}`);
        return [{ name: `${region}: digest`, verdict: 'pass', summary: 'every pod runs it' }];
      },
    };
  }
}

function byRun(region: string): string {
  return `${activityInfo().workflowExecution?.workflowId} ${region}`;
}

function runId(): string {
  return activityInfo().workflowExecution?.runId ?? '';
}

/** As the records do it: who began to change something under an id is the only one who goes on. */
function touch({ touched }: FakeWorld, what: string): void {
  const id = activityInfo().workflowExecution?.workflowId ?? '';
  const known = touched.get(id) ?? { runId: runId(), what: [] };
  touched.set(id, known);
  if (known.runId !== runId()) throw failure('SLIP-REL-9', known.what.join(', '));
  if (!known.what.includes(what)) known.what.push(what);
}

function artifactOf(component: string, unchanged: boolean): Artifact {
  return { component, image: anImage(component, unchanged ? '0' : '1'), origin: unchanged ? 'unchanged' : 'built' };
}

export function idOf(request: ReleaseRequest): string {
  return releaseId(request);
}
