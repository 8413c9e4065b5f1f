import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReleaseSpec } from '../../domain/contract/release.ts';
import { neededQueues } from '../../domain/task-queues.ts';
import { parseRoles, queuesOf } from '../../workers/roles.ts';
import { aCommit, aPolicy } from '../domain/builders.ts';
import { startSteppedWorkers } from '../support/worker-steps.ts';
import type { SteppedWorkers } from '../support/worker-steps.ts';
import { eventually } from '../workflows/support/eventually.ts';
import { idOf } from '../workflows/support/fake-world.ts';
import type { FakeWorld } from '../workflows/support/fake-world.ts';

/** One slot for each kind of work: whatever waits for another kind would wait here for ever. */
const oneOfEach = {
  SLIPWAY_MAX_CHANGES: '1',
  SLIPWAY_MAX_WATCHES: '1',
  SLIPWAY_MAX_ROLLBACKS: '1',
  SLIPWAY_MAX_BUILDS: '1',
};

let workers: SteppedWorkers;
beforeAll(async () => {
  workers = await startSteppedWorkers(oneOfEach, { withMetrics: true });
}, 120_000);
afterAll(async () => {
  await workers?.stop();
}, 60_000);

function service(spec: Partial<ReleaseSpec> = {}): FakeWorld {
  return workers.worlds.create({ approval: aPolicy({ required: false }), ...spec });
}

async function release(world: FakeWorld, commit = aCommit()): Promise<string> {
  const request = world.request({ commit });
  await workers.engine.startRelease(request);
  return idOf(request);
}

async function rollback(world: FakeWorld, releaseId: string): Promise<string> {
  const order = { id: randomUUID() };
  const started = await workers.engine.startRollback({
    lane: { service: world.service, environment: 'production' },
    releaseId,
    decision: world.sign('roll-back', { releaseId }, order),
    request: world.request(),
  });
  return started.releaseId;
}

const waits = (id: string, step: string) =>
  eventually(`${step} of ${id} to wait for a worker`, async () => {
    const pending = (await workers.engine.look(id))?.pending ?? [];
    return pending.some((p) => p.step === step && !p.isTaken);
  });
const begunBy = (world: FakeWorld) => workers.begun.filter((line) => line.startsWith(world.service));
const commits = (n: number) => Array.from({ length: n }, (_, i) => i.toString(16).padStart(40, 'f'));

describe('a watcher that never ends', () => {
  it('keeps neither a rollback run waiting, nor the way back of a release that fails', async () => {
    const finished = service();
    const first = await release(finished);
    expect(await workers.outcome(finished, first)).toBe('verified');

    const failing = service();
    const verifying = failing.hold('verifyRegion de');
    failing.fail('verifyRegion de 1', 'SLIP-VER-1', 'de: 500');
    const second = await release(failing);
    await verifying.reached;

    const endless = service();
    const watching = endless.hold('watchRollout');
    const third = await release(endless);
    await waits(third, 'watchRollout');
    verifying.go();
    await watching.reached;

    expect(await workers.outcome(failing, second)).toBe('rolled-back');
    expect(await workers.outcome(finished, await rollback(finished, first))).toBe('rolled-back');
    // It is still there, and has the only slot: the next watcher waits behind it.
    const behind = service();
    const fourth = await release(behind);
    await waits(fourth, 'watchRollout');
    watching.go();
    expect(await workers.outcome(endless, third)).toBe('verified');
    expect(await workers.outcome(behind, fourth)).toBe('verified');
  });
});

describe('a step between two tries', () => {
  it('says what it failed with, and when it is tried again', async () => {
    const world = service();
    world.away('readRelease', 'SLIP-SRC-2', 3_600_000);
    const id = await release(world);
    const pending = await eventually('the next try', async () => {
      const [step] = (await workers.engine.look(id))?.pending ?? [];
      return step?.attempt === 2 && step;
    });
    expect(pending).toMatchObject({
      step: 'readRelease',
      lastFailure: expect.stringContaining('not now'),
      nextTryAt: expect.any(Number),
    });
    await workers.client.workflow.getHandle(id).terminate('seen enough');
  });
});

describe('where many wait for one slot', () => {
  it('a service that asks much does not keep another waiting', async () => {
    const greedy = service();
    const modest = service();
    const reading = greedy.hold('readRelease');
    const flood = await Promise.all(commits(16).map((commit) => release(greedy, commit)));
    await reading.reached;
    const served = begunBy(greedy).length;
    const one = await release(modest);
    await waits(one, 'readRelease');
    const all = eventually('all to be read', async () => Promise.resolve(begunBy(greedy).filter(isRead).length === 16));
    reading.go();
    await all;
    const reads = workers.begun.filter(
      (line) => isRead(line) && [greedy, modest].some((w) => line.startsWith(w.service)),
    );
    const before = reads.indexOf(`${modest.service} readRelease`) - served;
    // Evenly, so that the second of those that waited would be its; the server may have had one in its hand already.
    expect(before).toBeLessThan(4);
    for (const id of [...flood, one]) await workers.client.workflow.getHandle(id).terminate('seen enough');
  });

  it('a rollback goes first', async () => {
    const finished = service();
    const verified = await release(finished);
    expect(await workers.outcome(finished, verified)).toBe('verified');
    const busy = service();
    const joining = busy.hold('joinLane');
    const flood = await Promise.all(commits(16).map((commit) => release(busy, commit)));
    await joining.reached;
    await waits(flood.at(-1)!, 'joinLane');
    const order = await rollback(finished, verified);
    await waits(order, 'findRelease');
    const from = workers.begun.length;
    joining.go();
    expect(await workers.outcome(finished, order)).toBe('rolled-back');
    const line = workers.begun.slice(from);
    const before = line.slice(0, line.indexOf(`${finished.service} findRelease`)).filter((l) => l.endsWith('joinLane'));
    expect(before.length).toBeLessThan(3);
    for (const id of flood)
      await workers.client.workflow
        .getHandle(id)
        .terminate('seen enough')
        .catch(() => undefined);
  });
});

describe('a step that fails', () => {
  it('is seen between two tries as what it is: what it is about, what it failed with, and when it is tried again', async () => {
    const world = service();
    world.away('applyComponent deploy core de', 'SLIP-K8S-10');
    const id = await release(world);
    const resting = await eventually('the step to rest between two tries', async () =>
      (await workers.engine.look(id))?.pending.find(({ nextTryAt }) => nextTryAt !== undefined),
    );
    expect(resting).toMatchObject({
      step: 'applyComponent',
      about: expect.stringMatching(/^deploy core .* in de$/),
      queue: 'environment-production',
      isTaken: false,
      mostAttempts: 4,
      lastFailure: expect.stringContaining('the API server cannot be reached'),
    });
    expect(resting.attempt).toBeGreaterThan(1);
    world.mendAll();
    expect(await workers.outcome(world, id)).toBe('verified');
  });
});

describe('time that a step waits in a queue', () => {
  it('is not counted against it: only telling people and moving tags end by themselves', async () => {
    const world = service();
    const id = await release(world);
    await workers.outcome(world, id);
    const { events } = await workers.client.workflow.getHandle(id).fetchHistory();
    const steps = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: a }) => (a ? [a] : []));
    const bounded = steps.filter((step) => Number(step.scheduleToCloseTimeout?.seconds ?? 0) > 0);
    expect(steps.length).toBeGreaterThan(8);
    expect([...new Set(bounded.map((step) => step.activityType?.name))]).toEqual(['tagImages']);
    expect(bounded).toHaveLength(1);
  });
});

describe('the workers that are there', () => {
  it('are seen by their queues, and by the version that they print at their start', async () => {
    const { engine, buildId } = workers;
    const polled = neededQueues(['production']).map(({ queue }) => engine.isPolled(queue));
    expect(await Promise.all(polled)).toEqual(Array.from({ length: 7 }, () => true));
    expect(await engine.isPolled('environment-elsewhere')).toBe(false);
    expect((await engine.versions()).find(({ current }) => current)?.buildId).toBe(buildId);
  });

  it('have just the queues that releases to the environments of the policy need', () => {
    const needed = neededQueues(['production']).map(({ queue }) => queue);
    expect(needed).toEqual(
      parseRoles('engine,build,environment:production')
        .flatMap(queuesOf)
        .map((q) => q.taskQueue),
    );
  });
});

describe('the metrics of a worker', () => {
  it('say for each queue how many steps it could still take, and what was asked of Temporal', async () => {
    const served = async () => (await fetch(`http://${workers.metrics}/metrics`)).text();
    // Lanes go on writing down what became of the releases above.
    const free = await eventually('every slot to be free', async () => {
      const slots = slotsOf(await served());
      return Object.values(slots).every((n) => n === '1') && slots;
    });
    expect(Object.keys(free).sort()).toEqual([
      'build',
      'environment-production',
      'environment-production.roll-back',
      'environment-production.roll-back-watch',
      'environment-production.watch',
      'slipway',
      'slipway.watch',
    ]);
    expect(await served()).toMatch(/^temporal_request\{.*RespondWorkflowTaskCompleted/m);
  });
});

/** Free slots for steps, by queue. */
function slotsOf(text: string): Record<string, string | undefined> {
  const lines = text
    .split('\n')
    .filter((line) => /^temporal_worker_task_slots_available\{.*"ActivityWorker"/.test(line));
  const queues = lines.map((line) => [/task_queue="([^"]+)"/.exec(line)?.[1], line.split(' ').at(-1)]);
  return Object.fromEntries(queues) as Record<string, string | undefined>;
}

function isRead(line: string): boolean {
  return line.endsWith(' readRelease');
}

describe('the audit of steps that Temporal has scheduled', () => {
  it('has what was begun, and how it ended, once for each: by the run and the event that the server has numbered', async () => {
    const world = service();
    const cluster = world.away('applyComponent deploy core de', 'SLIP-K8S-10', 1_000);
    const id = await release(world);
    const changes = () => workers.audited.filter(({ who, what }) => who === id && what.startsWith('applyComponent'));
    await eventually('a second try', () =>
      Promise.resolve(workers.begun.filter((s) => s === `${world.service} applyComponent`).length > 1),
    );
    cluster.back();
    expect(await workers.outcome(world, id)).toBe('verified');
    const { runId } = await workers.client.workflow.getHandle(id).describe();
    const rows = changes();
    const keys = rows.map(({ key }) => key.split('/'));
    expect(keys.map(([run]) => run)).toEqual(keys.map(() => runId));
    const ofEach = Map.groupBy(keys, ([, event]) => event);
    expect([...ofEach.values()].map((some) => some.map(([, , how]) => how))).toEqual(
      expect.arrayContaining([['begun', 'failed', 'done']]),
    );
  });
});
