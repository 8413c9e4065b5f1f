import { describe, expect, it } from '@jest/globals';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { hearing, type Facts } from '../../activities/shared/saying.ts';
import type { SmokeJob, SmokeJobs, SmokeObservation } from '../../activities/smoke/port.ts';
import { rememberingSmoke } from '../../activities/steps/smoke-memory.ts';
import { runSmokeTests } from '../../activities/steps/smoke-tests.ts';
import type { SmokeSpec } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { aPlan, aRegion } from '../domain/builders.ts';

const silent = new DefaultLogger('ERROR', () => undefined);

type Ended = Extract<SmokeObservation, { state: 'ended' }>;

const deadline = 'DeadlineExceeded: Job was active longer than specified deadline';
const running: SmokeObservation = { state: 'running', message: 'pod is running', ran: true };
const pending: SmokeObservation = { state: 'running', message: 'pod is pending' };
const exited = (exitCode: number, over: Partial<Ended> = {}): Ended => ({
  state: 'ended',
  uid: 'u',
  succeeded: exitCode === 0,
  begun: true,
  exitCode,
  reason: 'Error',
  log: '',
  ...over,
});
const outOfTime: Ended = { state: 'ended', uid: 'u', succeeded: false, begun: true, reason: deadline, log: '' };

const test = (name: string): SmokeSpec => ({ name, component: 'core', command: ['x'], env: {}, timeoutMs: 300_000 });

/** Jobs that are seen as told, look by look, and say what was asked of them. */
function jobsSeen(looks: Record<string, SmokeObservation[]>, over: Partial<SmokeJobs> = {}) {
  const left = new Map(Object.entries(looks).map(([name, seen]) => [name, [...seen]]));
  const asked: string[] = [];
  const nameOf = ({ labels }: SmokeJob) => labels['slipway/smoke']!;
  const jobs: SmokeJobs = {
    look: () => Promise.reject(new Error('not looked at here')),
    start: (job) => Promise.resolve({ adopted: asked.push(`start ${nameOf(job)}`) < 0 }),
    observe: (job) => {
      const those = left.get(nameOf(job))!;
      return Promise.resolve(those.length > 1 ? those.shift()! : those[0]!);
    },
    remove: (job, uid) => Promise.resolve(void asked.push(`remove ${nameOf(job)} ${uid ?? 'any'}`)),
    ...over,
  };
  return { jobs, asked, names: Object.keys(looks), nameOf };
}

interface Try {
  names: string[];
  jobs: SmokeJobs;
  now?: () => number;
  /** Tests that are on record as passed, with what was said of them. */
  passed?: Map<string, string>;
}

/** One try of the step. `said`: its last sign of life. */
function aTry({ names, jobs, now = () => 0, passed = new Map() }: Try, heartbeatDetails?: unknown) {
  const activity = new MockActivityEnvironment({ heartbeatDetails }, { logger: silent });
  let said: unknown;
  activity.on('heartbeat', (details) => void (said = details));
  const region = aRegion('de', { smoke: names.map(test) });
  const place = { plan: aPlan({ regions: [region] }), region, releaseId: 'release/shop/production/a/1', change: 1 };
  const passes = {
    said: (name: string) => Promise.resolve(passed.get(name)),
    keep: (name: string, words: string) => Promise.resolve(void passed.set(name, words)),
  };
  const run = (): Promise<Check[]> =>
    activity.run(() => rememberingSmoke((memory) => runSmokeTests({ jobs, memory, passes, now }, place)));
  return { activity, run, said: () => said };
}

const verdicts = (checks: Check[]) => checks.map(({ verdict }) => verdict);

describe('a smoke test whose time is over, and whose pod is gone', () => {
  it('has failed where this try has seen it run', async () => {
    expect(verdicts(await aTry(jobsSeen({ a: [pending, running, outOfTime] })).run())).toEqual(['fail']);
  });

  it('has failed where an earlier try has seen it run, whose worker was lost', async () => {
    const first = aTry(jobsSeen({ a: [running] }));
    const lost = first.run().catch((error: unknown) => error);
    await new Promise((heard) => first.activity.on('heartbeat', heard));
    first.activity.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
    expect(await lost).toBeInstanceOf(Error);
    expect(verdicts(await aTry(jobsSeen({ a: [outOfTime] }), first.said()).run())).toEqual(['fail']);
  });

  it('tells nothing where nobody has seen it run, and is made anew', async () => {
    const world = jobsSeen({ a: [pending, outOfTime] });
    expect(verdicts(await aTry(world).run())).toEqual(['inconclusive']);
    expect(world.asked).toEqual(['start a', 'remove a u']);
  });

  it('is not told to have run by what was seen of one that told nothing and was removed', async () => {
    const lost = { ...outOfTime, reason: 'PodFailurePolicy', lost: true as const };
    const first = aTry(jobsSeen({ a: [running, lost] }));
    expect(verdicts(await first.run())).toEqual(['inconclusive']);
    expect(verdicts(await aTry(jobsSeen({ a: [outOfTime] }), first.said()).run())).toEqual(['inconclusive']);
  });
});

describe('a smoke test beside which others of its pod run on', () => {
  const alongside = ['mesh'];

  it('stays when it has failed, so that its log can be read, and is known to have failed whatever becomes of it', async () => {
    const world = jobsSeen({ a: [running, exited(1, { alongside })] });
    const first = aTry(world);
    const checks = await first.run();
    expect(world.asked).toEqual(['start a']);
    const next = jobsSeen({ a: [exited(0)] });
    expect(await aTry(next, first.said()).run()).toEqual(checks);
    expect([checks[0]?.verdict, next.asked]).toEqual(['fail', []]);
  });

  it('is removed when it has passed, once that is on record', async () => {
    const world = jobsSeen({ a: [exited(0, { alongside })] });
    const passed = new Map<string, string>();
    const remove = (job: SmokeJob, uid?: string) =>
      Promise.resolve(
        void world.asked.push(`remove ${world.nameOf(job)} ${uid}, on record: ${[...passed.keys()].join()}`),
      );
    await aTry({ ...world, jobs: { ...world.jobs, remove }, passed }).run();
    expect(world.asked).toEqual(['start a', 'remove a u, on record: a']);
  });

  it.each([
    ['told nothing', { ...outOfTime, reason: 'PodFailurePolicy', lost: true as const }, 'inconclusive'],
    ['failed', exited(1), 'fail'],
  ])(
    'is removed when it has passed, and not run again, where another of its region has %s',
    async (_, other, verdict) => {
      const passed = new Map<string, string>();
      const world = jobsSeen({ a: [running, exited(0, { alongside })], b: [running, other] });
      expect(verdicts(await aTry({ ...world, passed }).run())).toEqual(['pass', verdict]);
      expect(world.asked).toContain('remove a u');

      const next = jobsSeen({ a: [outOfTime], b: [exited(0)] });
      expect(verdicts(await aTry({ ...next, passed }).run())).toEqual(['pass', 'pass']);
      expect(next.asked).toEqual(['start b']);
    },
  );

  it('is on record as passed before others of its region have ended', async () => {
    const passed = new Map<string, string>();
    const first = aTry({ ...jobsSeen({ a: [exited(0, { alongside })], b: [running] }), passed });
    const lost = first.run().catch((error: unknown) => error);
    await new Promise((heard) =>
      first.activity.on('heartbeat', (said) => JSON.stringify(said).includes('"ran"') && heard(0)),
    );
    first.activity.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
    expect(await lost).toBeInstanceOf(Error);
    expect([...passed.keys()]).toEqual(['a']);
  });

  it('is looked at again by a later try although it had passed: a sign of life is no proof', async () => {
    const first = aTry(jobsSeen({ a: [running, exited(0, { alongside })] }));
    expect(verdicts(await first.run())).toEqual(['pass']);
    const forged = { smoke: { ...(first.said() as { smoke: object }).smoke } };
    for (const name of Object.keys(forged.smoke)) Object.assign(forged.smoke, { [name]: { name, verdict: 'pass' } });
    expect(verdicts(await aTry(jobsSeen({ a: [exited(1)] }), forged).run())).toEqual(['fail']);
  });
});

it('waits a minute for the Job of an earlier try to go, and then says that it does not', async () => {
  let clock = 0;
  let tries = 0;
  const start = () => {
    tries += 1;
    return Promise.reject(failure('SLIP-SMK-4', 'Job shop/a'));
  };
  const waiting = aTry({ ...jobsSeen({ a: [running] }, { start }), now: () => (clock += 20_000) });
  await expect(waiting.run()).rejects.toMatchObject({ details: { code: 'SLIP-SMK-4', kind: 'retryable' } });
  expect(tries).toBe(3);
});

describe('smoke tests whose step is called off', () => {
  it('are all removed, and the one that cannot be is told', async () => {
    const removed: string[] = [];
    const world = jobsSeen({ a: [running], b: [running], c: [running] });
    const remove = (job: SmokeJob) => {
      if (world.nameOf(job) === 'a') return Promise.reject(failure('SLIP-K8S-6', 'delete Job'));
      removed.push(world.nameOf(job));
      return Promise.resolve();
    };
    const { activity, run } = aTry({ ...world, jobs: { ...world.jobs, remove } });
    const facts: Facts = {};
    const ended = hearing(facts, run).catch((error: unknown) => error);
    await new Promise((heard) => activity.on('heartbeat', heard));
    activity.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
    expect(await ended).toMatchObject({ name: 'CancelledFailure' });
    expect(removed).toEqual(['b', 'c']);
    expect(facts['left']).toEqual([expect.stringMatching(/^Job shop\/slipway-smoke-a-\w+: .*SLIP-K8S-6/)]);
  });
});
