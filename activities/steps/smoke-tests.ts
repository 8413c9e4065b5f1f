import { createHash } from 'node:crypto';
import { cancellationDetails, cancellationSignal } from '@temporalio/activity';
import { canonicalJson } from '../../domain/canonical.ts';
import type { PlannedComponent, RegionSpec, ReleasePlan, SmokeSpec } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { judgeSmoke } from '../../domain/smoke.ts';
import { jobInWords } from '../shared/job.ts';
import { beating, poll } from '../shared/polling.ts';
import type { SmokeJob, SmokeJobs, SmokeObservation } from '../smoke/port.ts';
import { sayAlive } from '../shared/remembering.ts';
import { plannedComponent } from './place.ts';
import type { SmokeMemory } from './smoke-memory.ts';
import type { SmokePasses } from './smoke-passes.ts';
import { removeJobs, type JobSeen } from './smoke-removal.ts';

const pace = { firstMs: 200, longestMs: 3_000 };
/** For so long the Job of an earlier try may be leaving: a node or a finalizer that keeps it for longer is for people to look at. */
const leavingMs = 60_000;

export interface SmokePlace {
  plan: ReleasePlan;
  region: RegionSpec;
  releaseId: string;
  /** The last change of the region: what was put there anew is tested anew. */
  change: number | undefined;
}

/**
 * Runs all smoke tests of a region that have not passed there, side by side, each to its end. Their Jobs are found again by whoever runs the step
 * next; they stay for a day after their end, unless that tells nothing, would not come by itself, or the step was called off.
 */
export async function runSmokeTests(running: Running, place: SmokePlace): Promise<Check[]> {
  const tests = (place.region.smoke ?? []).map((test) => ({ test, job: smokeJob(place, test) }));
  // Each is waited for, also where another could not be looked at: what goes on by itself would be nobody's.
  const ended = await Promise.allSettled(tests.map(({ test, job }) => runTest(running, place.region, { test, job })));
  // Of a worker that stops, or is taken for dead, the next one adopts them.
  if (cancellationDetails()?.cancelRequested) {
    await removeJobs(
      running.jobs,
      tests.map(({ job }) => ({ job })),
    );
    cancellationSignal().throwIfAborted();
  }
  // Those would not end by themselves, and it is on record how they have.
  const lasting = ended.flatMap((one) => (one.status === 'fulfilled' ? (one.value.lasts ?? []) : []));
  await removeJobs(running.jobs, lasting);
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value.check;
  });
}

/** What its check is called: an endpoint of the same name is another. */
export function smokeCheck({ name: region }: Pick<RegionSpec, 'name'>, test: string): string {
  return `${region}: smoke test ${test}`;
}

/** Where its pod runs is said by the first workload of its component, as with migrations. */
export function lenderOf({ workloads }: Pick<PlannedComponent, 'workloads'>): SmokeJob['like'] {
  const { deployment, containers } = workloads[0]!;
  return { deployment, container: containers[0]! };
}

function smokeJob({ plan, region, releaseId, change }: SmokePlace, test: SmokeSpec): SmokeJob {
  const component = plannedComponent(plan, test.component);
  const { image } = component;
  const { name, command, env, report, timeoutMs } = test;
  const hash = createHash('sha256')
    .update(canonicalJson([region.name, test, image, releaseId, change ?? 0]))
    .digest('hex');
  return {
    cluster: region.cluster,
    namespace: region.namespace,
    name: `slipway-smoke-${name}`.slice(0, 46).replace(/(?<!-)-+$/, '') + `-${hash.slice(0, 12)}`,
    like: lenderOf(component),
    image,
    command,
    env,
    ...(report && { report }),
    labels: { 'app.kubernetes.io/managed-by': 'slipway', 'slipway/purpose': 'smoke', 'slipway/smoke': name },
    timeoutMs,
  };
}

interface Running {
  jobs: SmokeJobs;
  memory: SmokeMemory;
  passes: SmokePasses;
  now: () => number;
}

async function runTest(
  { jobs, memory, passes, now }: Running,
  region: RegionSpec,
  { test, job }: { test: SmokeSpec; job: SmokeJob },
): Promise<{ check: Check; lasts?: JobSeen }> {
  const name = smokeCheck(region, test.name);
  const before = memory.failed(job.name);
  if (before) return { check: before };
  const said = await passes.said(test.name);
  if (said !== undefined) return { check: { name, verdict: 'pass', summary: said } };
  const notMade = await started({ jobs, now }, job);
  if (notMade !== undefined)
    return { check: { name, verdict: 'inconclusive', summary: `its Job could not be made: ${notMade}` } };
  const seen = await ended({ jobs, memory }, job);
  if (seen.state === 'missing')
    return { check: { name, verdict: 'inconclusive', summary: `${jobInWords(job)} was taken away by somebody` } };
  const { verdict, summary, ...rest } = judgeSmoke({ ...seen, ...(memory.hasRun(job.name) && { ran: true }) }, test);
  const check = { name, verdict, summary: verdict === 'pass' ? summary : `${jobInWords(job)}: ${summary}`, ...rest };
  if (verdict === 'fail') memory.keep(job.name, check);
  else memory.forget(job.name);
  sayAlive(`smoke test ${job.name}: ${verdict}`);
  // It has to be made anew.
  if (verdict === 'inconclusive') await jobs.remove(job, seen.uid);
  // At once: when others have ended, too, its pod may be gone.
  if (verdict === 'pass') await passes.keep(test.name, summary);
  return { check, ...(verdict === 'pass' && seen.alongside && { lasts: { job, uid: seen.uid } }) };
}

/** Why it cannot be made, in the words of whoever says so; undefined once it is there. That of an earlier try may still be leaving. */
function started({ jobs, now }: Pick<Running, 'jobs' | 'now'>, job: SmokeJob): Promise<string | undefined> {
  const until = now() + leavingMs;
  return poll(async () => {
    try {
      await beating(() => jobs.start(job));
      return { done: undefined };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { code, kind, title, detail } = error.details;
      if (code === 'SLIP-SMK-4' && now() < until) return { doing: error.message };
      if (kind === 'retryable') throw error;
      return { done: `${title}: ${detail}` };
    }
  }, pace);
}

type Seen = Exclude<SmokeObservation, { state: 'running' }>;

function ended({ jobs, memory }: Pick<Running, 'jobs' | 'memory'>, job: SmokeJob): Promise<Seen> {
  return poll(async () => {
    const seen = await jobs.observe(job);
    if (seen.state !== 'running') return { done: seen };
    if (seen.ran) memory.keep(job.name, 'ran');
    return { doing: `smoke test ${job.name}: ${seen.message}` };
  }, pace);
}
