import { asyncLocalStorage } from '@temporalio/activity';
import type { Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { readInput } from '../../../activities/steps/inputs.ts';
import type { Step as AnyStep } from '../../../activities/steps/inputs.ts';
import { createEngineSteps } from '../../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../../activities/steps/engine-steps.ts';
import type { Lanes } from '../../../activities/lanes/port.ts';
import { createLaneSteps } from '../../../activities/steps/lane-steps.ts';
import { createLookAtPlaces } from '../../../activities/steps/look-at-places.ts';
import { createLookSteps } from '../../../activities/steps/look-steps.ts';
import { createMigrationSteps } from '../../../activities/steps/migration-steps.ts';
import { createRegionSteps } from '../../../activities/steps/region-steps.ts';
import { createVerifySteps } from '../../../activities/steps/verify-steps.ts';
import { Failure } from '../../../domain/errors/failure.ts';
import type { ReleasePlan } from '../../../domain/contract/release.ts';
import type { RollbackChoice } from '../../../domain/rollback.ts';
import { aHash } from '../../domain/builders.ts';
import { createMemoryRecords } from '../memory-records/memory-records.ts';
import { noSmoke } from '../no-smoke.ts';
import { createModelEnvironment } from './environment.ts';
import type { Caller, Deed, Effect, Event, Fact, Seen } from './events.ts';
import { createDecisionDoor } from './decision-door.ts';
import { createModelGateway } from './gateway.ts';
import { descends, floorOf, policyAtFirst } from './ground.ts';
import type { PolicyState } from './ground.ts';
import { notingRecords } from './noting-records.ts';
import { createOracle } from './oracle.ts';
import { tellingWrites, writeAgain } from './remembered.ts';
import type { Left, Remembered } from './remembered.ts';

const silent = new DefaultLogger('ERROR', () => undefined);
const nothingIsAsked = () => Promise.reject(new Error('no endpoint is known'));

/** The real steps on records in memory, in an environment that only notes what is done to it; and an oracle that judges all of it. */
/** `remembered`: how it begins, until `begins` is called with the end of that. */
export function createAuthorityWorld(remembered?: Remembered) {
  const oracle = createOracle();
  const gateway = createModelGateway();
  /** What the oracle does not allow, and how often what has happened by right. */
  const holes: string[] = [];
  const byRight = new Map<string, number>();
  const state = { now: 10_000, step: 0 };
  const records = createMemoryRecords({ now: () => state.now });
  let policy = policyAtFirst;
  let caller: Caller = { workflowId: '', runId: '', type: '' };
  let worker: string | undefined;
  const open = new Set<string>();
  /** Which of Temporal's runs has continued as which. */
  const continued = new Map<string, string>();

  function happened(deed: Deed): void {
    const by = { ...caller };
    const effect = { kind: 'effect', by, step: state.step, ...(worker !== undefined && { worker }), ...deed } as Effect;
    const refused = oracle.judge(effect, state.now);
    if (refused !== undefined) holes.push(`${JSON.stringify({ ...effect, plan: undefined })}: ${refused}`);
    else byRight.set(deed.what, (byRight.get(deed.what) ?? 0) + 1);
    hear(effect);
  }
  /** Of the step that runs, while it is to be remembered. */
  let left: Left | undefined;
  function hear(event: Event): void {
    left?.told.push({ event, now: state.now });
    oracle.tell(event, state.now);
  }
  const tell = (heard: Fact | Seen) => hear(heard);

  const environment = createModelEnvironment({
    happened,
    tell,
    by: () => caller.workflowId,
    puts: (place, image) => left?.put.push([place, image]),
  });
  const hasEnded = (run: string) => oracle.end(run) !== undefined;
  const floors = (name: string) => Promise.resolve(floorOf(name, policy));
  const deps = {
    records: notingRecords(
      remembered && !remembered.isWhole ? tellingWrites(records, (write) => left?.writes.push(write)) : records,
      { happened, hasEnded },
    ),
    verifier: gateway.verifier,
    now: () => state.now,
    floorOf: floors,
  };
  const pipeline = {
    floorOf: floors,
    policyOf: () => Promise.resolve({ hash: aHash('d'), floor: {} }),
    policyProblem: () => Promise.resolve(undefined),
  };
  const source = {
    descends: ({ commit, ancestor }: { commit: string; ancestor: string }) =>
      Promise.resolve(descends(commit, ancestor)),
  };
  const lanes: Lanes = {
    join: () => Promise.resolve(),
    look: (run) => Promise.resolve({ open: open.has(run) }),
    before: ({ workflowId, runId }) => Promise.resolve(continued.get(`${workflowId} ${runId}`)),
  };
  const engine = createEngineSteps({
    ...deps,
    registry: environment.registry,
    pipeline: pipeline as unknown as EngineDependencies['pipeline'],
    source: source as unknown as EngineDependencies['source'],
    lanes,
    notifierFor: () => ({ notify: () => Promise.resolve() }),
  });
  const workerOf = (name: string) => {
    const deliveries = [environment.delivery];
    const verification = { isUnknown: () => Promise.resolve(false) };
    const looks = { deliveries, jobs: environment.jobs, smoke: noSmoke, verification };
    const own = { ...deps, environment: name, deliveries, lookAtPlaces: createLookAtPlaces(looks) };
    return {
      ...createLookSteps(own),
      ...createRegionSteps({ ...own, registry: environment.registry }),
      ...createVerifySteps({ ...own, verification: { check: nothingIsAsked }, smoke: noSmoke }),
      ...createMigrationSteps({ ...own, jobs: environment.jobs, pauses: [] }),
    };
  };
  const workers = { production: workerOf('production'), staging: workerOf('staging') };
  const steps = { ...engine, ...createLaneSteps({ ...deps, lanes }) };
  type Step = keyof typeof steps | keyof typeof workers.production;

  /** What an answer of a step says of the world. */
  async function note(step: Step, input: Record<string, unknown>, answer: unknown): Promise<void> {
    const { releaseId: release, planHash } = input as { releaseId: string; planHash: string };
    const run = caller.workflowId;
    if (step === 'planRelease') {
      const { hash } = (answer as { plan: { hash: string } }).plan;
      happened({ what: 'planned', release, hash, plan: (await records.plans.find(hash)) as ReleasePlan });
    }
    if (step === 'verifyMigration') tell({ kind: 'saw-schema', by: run });
    if (step === 'judgePlanDrift' && (answer as { kind: string }).kind === 'proceed')
      happened({ what: 'compared', release, hash: planHash });
    if (step === 'chooseRollbacks')
      for (const choice of answer as RollbackChoice[])
        tell({ kind: 'chose', run, region: choice.region, targets: choice.kind === 'go' ? choice.targets : [] });
  }

  /** One for all activities of a run: thousands would each take as long as the step itself. */
  const contexts = new Map<string, Context>();
  function contextOf({ workflowId, runId, type: workflowType }: Caller): Context {
    const key = `${workflowId} ${runId} ${workflowType}`;
    const known = contexts.get(key);
    if (known) return known;
    const info = { workflowExecution: { workflowId, runId }, workflowType };
    const { context } = new MockActivityEnvironment(info, { logger: silent });
    contexts.set(key, context);
    return context;
  }

  /** Runs one step as an activity of this workflow; a refusal is an answer, anything else that is thrown is a fault of the test. */
  async function schedule(by: Caller, step: Step, input: object, at: 'production' | 'staging'): Promise<unknown> {
    worker = step in workers.production ? at : undefined;
    caller = by;
    state.now += 1;
    state.step += 1;
    if (!remembered || hasBegun) return run(by, step, input, at);
    const of = JSON.stringify([by, step, input, at, state.now]);
    if (remembered.isWhole) return again(of);
    left = { of, writes: [], told: [], put: [], answer: undefined };
    remembered.steps.push(left);
    left.answer = await run(by, step, input, at);
    const { answer } = left;
    left = undefined;
    return answer;
  }

  let hasBegun = false;
  let at = 0;
  /** The next of the steps that are remembered, by what it has left. */
  async function again(of: string): Promise<unknown> {
    const known = remembered?.steps[at];
    at += 1;
    if (known?.of !== of) throw new Error(`${of} is not how it began before: ${known?.of}`);
    await writeAgain(records, known);
    for (const [place, image] of known.put) environment.stands(place, image);
    for (const { event, now } of known.told) oracle.tell(event, now);
    return known.answer;
  }

  async function run(by: Caller, step: Step, input: object, at: 'production' | 'staging'): Promise<unknown> {
    const all = { ...steps, ...workers[at] } as unknown as Record<string, (input: object) => Promise<unknown>>;
    try {
      // As a worker reads it, before anything else does.
      const read = readInput(step as AnyStep, [input]);
      const answer = await asyncLocalStorage.run(contextOf(by), () => all[step]!(read));
      await note(step, input as Record<string, unknown>, answer);
      return answer ?? true;
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  tell({ kind: 'policy', policy });
  return {
    records,
    gateway,
    /** Somebody decides something. */
    takes: createDecisionDoor({ records, gateway, floorOf: floors, now: () => state.now }),
    environment,
    state,
    holes,
    byRight,
    tell,
    hasEnded,
    schedule,
    /** From here on every step runs. */
    begins() {
      hasBegun = true;
      if (remembered) remembered.isWhole = true;
    },
    policy: () => policy,
    setPolicy(next: PolicyState) {
      policy = next;
      tell({ kind: 'policy', policy });
    },
    isOpen: (run: string) => open.has(run),
    continues(run: string, from: string, to: string) {
      continued.set(`${run} ${to}`, from);
      tell({ kind: 'continued', run, from, to });
    },
    /** Temporal has a workflow of this id, or has none any more. */
    opens(run: string) {
      open.add(run);
      tell({ kind: 'at-work', run, isOpen: true });
    },
    closes(run: string) {
      open.delete(run);
      tell({ kind: 'at-work', run, isOpen: false });
    },
  };
}
export type AuthorityWorld = ReturnType<typeof createAuthorityWorld>;
