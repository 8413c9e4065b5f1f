import { describe, expect, it } from '@jest/globals';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { hearing, type Facts } from '../../activities/shared/saying.ts';
import type { SmokeJob, SmokeJobs, SmokeObservation } from '../../activities/smoke/port.ts';
import type { SmokeAnswer } from '../../activities/steps/smoke-answers.ts';
import { rememberingSmoke } from '../../activities/steps/smoke-memory.ts';
import { runSmokeTests } from '../../activities/steps/smoke-tests.ts';
import type { SmokeSpec } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { aPlan, aRegion } from '../domain/builders.ts';

const silent = new DefaultLogger('ERROR', () => undefined);

type Ended = Extract<SmokeObservation, { state: 'ended' }>;

const deadline = 'DeadlineExceeded: Job was active longer than specified deadline';
const ranFor = (seconds: number, uid = 'u'): SmokeObservation => ({
  state: 'running',
  uid,
  message: 'pod is running',
  ranMs: seconds * 1_000,
});
const running = ranFor(290);
const pending: SmokeObservation = { state: 'running', uid: 'u', message: 'pod is pending' };
const missing: SmokeObservation = { state: 'missing' };
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
  /** What tests have answered, on record. */
  record?: Map<string, SmokeAnswer>;
}

/** One try of the step. `said`: its last sign of life. */
function aTry({ names, jobs, now = () => 0, record = new Map() }: Try, heartbeatDetails?: unknown) {
  const activity = new MockActivityEnvironment({ heartbeatDetails }, { logger: silent });
  let said: unknown;
  activity.on('heartbeat', (details) => void (said = details));
  const region = aRegion('de', { smoke: names.map(test) });
  const place = { plan: aPlan({ regions: [region] }), region, releaseId: 'release/shop/production/a/1', change: 1 };
  const answers = {
    known: (name: string) => Promise.resolve(record.get(name)),
    keep: (name: string, answer: SmokeAnswer) => Promise.resolve(void record.set(name, answer)),
  };
  const run = (): Promise<Check[]> =>
    activity.run(() => rememberingSmoke((memory) => runSmokeTests({ jobs, memory, answers, now }, place)));
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

  it('tells nothing where it was seen to run for less than half of it', async () => {
    const world = jobsSeen({ a: [ranFor(1), ranFor(40), outOfTime] });
    expect(await aTry(world).run()).toMatchObject([
      { verdict: 'inconclusive', summary: expect.stringMatching(/began late, .* about 40 s of 300 s$/) as unknown },
    ]);
    expect(world.asked).toEqual(['start a', 'remove a u']);
  });

  it('has failed where its pod shows now that it ran, though no look had seen it', async () => {
    expect(verdicts(await aTry(jobsSeen({ a: [{ ...outOfTime, ranMs: 200_000 }] })).run())).toEqual(['fail']);
  });

  it('is not told to have run by what was seen of another of its name, which somebody took away', async () => {
    const first = aTry(jobsSeen({ a: [running, missing] }));
    expect(verdicts(await first.run())).toEqual(['inconclusive']);
    const another = { ...outOfTime, uid: 'v' };
    expect(verdicts(await aTry(jobsSeen({ a: [ranFor(3, 'v'), another] }), first.said()).run())).toEqual([
      'inconclusive',
    ]);
    const replaced = jobsSeen({ a: [running, ranFor(3, 'v'), another] });
    expect(verdicts(await aTry(replaced).run())).toEqual(['inconclusive']);
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
    const record = new Map<string, SmokeAnswer>();
    const world = jobsSeen({ a: [running, exited(1, { alongside })] });
    const checks = await aTry({ ...world, record }).run();
    expect(world.asked).toEqual(['start a']);
    const next = jobsSeen({ a: [exited(0)] });
    expect(await aTry({ ...next, record }).run()).toEqual(checks);
    expect([checks[0]?.verdict, next.asked]).toEqual(['fail', []]);
  });

  it('is removed when it has passed, once that is on record', async () => {
    const world = jobsSeen({ a: [exited(0, { alongside })] });
    const record = new Map<string, SmokeAnswer>();
    const remove = (job: SmokeJob, uid?: string) =>
      Promise.resolve(
        void world.asked.push(`remove ${world.nameOf(job)} ${uid}, on record: ${[...record.keys()].join()}`),
      );
    await aTry({ ...world, jobs: { ...world.jobs, remove }, record }).run();
    expect(world.asked).toEqual(['start a', 'remove a u, on record: a']);
  });

  it.each([
    [
      'told nothing',
      { ...outOfTime, reason: 'PodFailurePolicy', lost: true as const },
      'inconclusive',
      'pass',
      ['start b'],
    ],
    ['failed', exited(1), 'fail', 'fail', []],
  ])(
    'is removed when it has passed, and not run again, where another of its region has %s',
    async (_, other, verdict, later, asked) => {
      const record = new Map<string, SmokeAnswer>();
      const world = jobsSeen({ a: [running, exited(0, { alongside })], b: [running, other] });
      expect(verdicts(await aTry({ ...world, record }).run())).toEqual(['pass', verdict]);
      expect(world.asked).toContain('remove a u');

      const next = jobsSeen({ a: [outOfTime], b: [exited(0)] });
      expect(verdicts(await aTry({ ...next, record }).run())).toEqual(['pass', later]);
      expect(next.asked).toEqual(asked);
    },
  );

  it('is on record as passed before others of its region have ended', async () => {
    const record = new Map<string, SmokeAnswer>();
    const first = aTry({ ...jobsSeen({ a: [exited(0, { alongside })], b: [running] }), record });
    const lost = first.run().catch((error: unknown) => error);
    await new Promise((heard) =>
      first.activity.on('heartbeat', (said) => JSON.stringify(said).includes('290000') && heard(0)),
    );
    first.activity.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
    expect(await lost).toBeInstanceOf(Error);
    expect([...record.keys()]).toEqual(['a']);
  });
});

describe('a sign of life of smoke tests', () => {
  const jobName = /slipway-smoke-a-\w+/.exec.bind(/slipway-smoke-a-\w+/);
  async function namesOfJobs(): Promise<string> {
    const [check] = await aTry(jobsSeen({ a: [exited(1)] })).run();
    return jobName(check!.summary)![0];
  }

  it.each([
    ['passed', (name: string) => ({ [name]: { name, verdict: 'pass', summary: 'forged' } }), 1, 'fail'],
    ['failed', (name: string) => ({ [name]: { name, verdict: 'fail', summary: 'forged' } }), 0, 'pass'],
    ['passed, by its Job', () => ({ u: { name: 'a', verdict: 'pass', summary: 'forged' } }), 1, 'fail'],
    ['failed, by its Job', () => ({ u: { name: 'a', verdict: 'fail', summary: 'forged' } }), 0, 'pass'],
  ])('cannot say that one has %s', async (_, forged, exitCode, verdict) => {
    const said = { smoke: forged(await namesOfJobs()) };
    expect(verdicts(await aTry(jobsSeen({ a: [exited(exitCode)] }), said).run())).toEqual([verdict]);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a word', 'ran'],
    ['a list', [1]],
    ['no tests', { smoke: null }],
    ['a word for all', { smoke: 'ran' }],
    ['nothing of one', { smoke: { u: null } }],
    ['a word of one, as older workers do', { smoke: { u: 'ran' } }],
    ['less than no time', { smoke: { u: -1 } }],
    ['a time that is none', { smoke: { u: Infinity } }],
    ['a time as text', { smoke: { u: '290000' } }],
  ])('tells nothing where it says %s', async (_, said) => {
    expect(verdicts(await aTry(jobsSeen({ a: [outOfTime] }), said).run())).toEqual(['inconclusive']);
  });

  it('carries for how long each was seen to run, by its Job', async () => {
    const first = aTry(jobsSeen({ a: [ranFor(7)] }));
    const lost = first.run().catch((error: unknown) => error);
    await new Promise((heard) => first.activity.on('heartbeat', heard));
    first.activity.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
    await lost;
    expect(first.said()).toMatchObject({ smoke: { u: 7_000 } });
  });
});

describe('a smoke test that has failed beside one that could not be looked at', () => {
  const away = failure('SLIP-K8S-6', 'read Job');
  const world = (looks: Record<string, SmokeObservation[]>, unseen: () => boolean) => {
    const seen = jobsSeen(looks);
    const observe = (job: SmokeJob) =>
      seen.nameOf(job) === 'a' && unseen() ? Promise.reject(away) : seen.jobs.observe(job);
    return { ...seen, jobs: { ...seen.jobs, observe } };
  };

  it('is what is told, with the other one', async () => {
    const those = world({ a: [running], b: [exited(1)] }, () => true);
    expect(await aTry(those).run()).toMatchObject([
      { name: 'de: smoke test a', verdict: 'inconclusive', summary: expect.stringContaining('SLIP-K8S-6') as unknown },
      { name: 'de: smoke test b', verdict: 'fail' },
    ]);
    expect(those.asked).toEqual(['start a', 'start b']);
  });

  it('leaves no Job of the other at work', async () => {
    let looks = 0;
    const those = world({ a: [running], b: [exited(1)] }, () => (looks += 1) > 1);
    expect(verdicts(await aTry(those).run())).toEqual(['inconclusive', 'fail']);
    expect(those.asked).toContain('remove a u');
  });

  it('does not hide what could not be looked at where it has passed', async () => {
    const those = world({ a: [running], b: [exited(0)] }, () => true);
    await expect(aTry(those).run()).rejects.toBe(away);
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
