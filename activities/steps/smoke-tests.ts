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
import { answerOf, type SmokeAnswers } from './smoke-answers.ts';
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
 * Runs all smoke tests of a region that have not answered there, side by side, each to its end. Their Jobs are found again by whoever runs the step
 * next; they stay for a day after their end, unless that tells nothing, would not come by itself, or the step was called off.
 */
export async function runSmokeTests(running: Running, place: SmokePlace): Promise<Check[]> {
  const tests = (place.region.smoke ?? []).map((test): Tested => ({ test, job: smokeJob(place, test) }));
  // Each is waited for, also where another could not be looked at: what goes on by itself would be nobody's.
  const ended = await Promise.allSettled(tests.map((one) => runTest(running, place.region, one)));
  // Of a worker that stops, or is taken for dead, the next one adopts them.
  if (cancellationDetails()?.cancelRequested) {
    await removeJobs(
      running.jobs,
      tests.map(({ job }) => ({ job })),
    );
    cancellationSignal().throwIfAborted();
  }
  const hasFailed = ended.some((one) => one.status === 'fulfilled' && one.value.check.verdict === 'fail');
  const thrown = ended.find((one) => one.status === 'rejected');
  const counts = hasFailed && !cancellationSignal().aborted;
  // Of what has passed it is on record; where one has failed nobody comes back for those that could not be looked at.
  const needless = ended.flatMap((one, at) => {
    const isNeedless = one.status === 'fulfilled' ? one.value.lasts : counts && tests[at]!.uid !== undefined;
    return isNeedless ? [tests[at]!] : [];
  });
  await removeJobs(running.jobs, needless);
  if (thrown && !counts) throw thrown.reason;
  return ended.map((one, at) =>
    one.status === 'fulfilled'
      ? one.value.check
      : notLookedAt(smokeCheck(place.region, tests[at]!.test.name), one.reason),
  );
}

function notLookedAt(name: string, why: unknown): Check {
  return { name, verdict: 'inconclusive', summary: `it could not be looked at: ${(why as Error).message}` };
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

/** `uid`: of its Job, once that was seen. */
interface Tested extends JobSeen {
  test: SmokeSpec;
}

interface Running {
  jobs: SmokeJobs;
  memory: SmokeMemory;
  answers: SmokeAnswers;
  now: () => number;
}

async function runTest(
  { jobs, memory, answers, now }: Running,
  region: RegionSpec,
  tested: Tested,
): Promise<{ check: Check; lasts?: true }> {
  const { test, job } = tested;
  const name = smokeCheck(region, test.name);
  const known = await answers.known(test.name);
  if (known) return { check: { name, verdict: known.verdict, summary: known.words } };
  const notMade = await started({ jobs, now }, job);
  if (notMade !== undefined)
    return { check: { name, verdict: 'inconclusive', summary: `its Job could not be made: ${notMade}` } };
  const seen = await ended({ jobs, memory }, tested);
  if (seen.state === 'missing')
    return { check: { name, verdict: 'inconclusive', summary: `${jobInWords(job)} was taken away by somebody` } };
  const { verdict, summary } = judgeSmoke({ ...seen, ...memory.ran(seen.uid, seen.ranMs) }, test);
  const check: Check = { name, verdict, summary: verdict === 'pass' ? summary : `${jobInWords(job)}: ${summary}` };
  // At once: when others have ended, too, its pod may be gone.
  const answer = answerOf(check);
  if (answer) await answers.keep(test.name, answer);
  memory.forget(seen.uid);
  sayAlive(`smoke test ${job.name}: ${verdict}`);
  // It has to be made anew.
  if (!answer) await jobs.remove(job, seen.uid);
  return { check, ...(verdict === 'pass' && seen.alongside && { lasts: true }) };
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

function ended({ jobs, memory }: Pick<Running, 'jobs' | 'memory'>, tested: Tested): Promise<Seen> {
  return poll<Seen>(async () => {
    const seen = await jobs.observe(tested.job);
    if (seen.state === 'missing' && tested.uid !== undefined) memory.forget(tested.uid);
    if (seen.state === 'missing') return { done: seen };
    tested.uid = seen.uid;
    if (seen.state === 'ended') return { done: seen };
    memory.ran(seen.uid, seen.ranMs);
    return { doing: `smoke test ${tested.job.name}: ${seen.message}` };
  }, pace);
}
