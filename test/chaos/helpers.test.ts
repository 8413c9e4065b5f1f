import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { startTemporal } from '../../lab/services/temporal.ts';
import type { TemporalServer } from '../../lab/services/temporal.ts';
import { loadPolicy } from '../../pipeline/index.ts';
import { policyOnDisk } from '../support/world-policy.ts';
import type { Damage } from '../support/world-policy.ts';
import { resetTo, taskAt, terminate } from '../support/world-temporal.ts';
import type { Place } from '../support/world-temporal.ts';

describe('a run, from outside of the engine,', () => {
  let directory: string;
  let server: TemporalServer;
  let temporal: Client;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-chaos-'));
    server = await startTemporal({ directory, ui: false, progress: () => {} });
    temporal = new Client({ connection: await Connection.connect({ address: server.address }) });
  });
  afterAll(async () => {
    await temporal?.connection.close();
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** Does the run's next workflow task by hand, as a worker would that has nothing to order. Its queue is its own, as a reset fills it again. */
  async function doTask(queue: string): Promise<void> {
    const { namespace } = temporal.options;
    const taskQueue = { name: queue };
    const { taskToken } = await temporal.withDeadline(Date.now() + 60_000, () =>
      temporal.workflowService.pollWorkflowTaskQueue({ namespace, taskQueue }),
    );
    await temporal.workflowService.respondWorkflowTaskCompleted({ namespace, taskToken, commands: [] });
  }

  /** A run that has done three workflow tasks, one for its start and one for each signal. */
  async function aRun(workflowId: string) {
    const handle = await temporal.workflow.start('anything', { workflowId, taskQueue: workflowId });
    await doTask(workflowId);
    for (const signal of ['one', 'two']) {
      await handle.signal(signal);
      await doTask(workflowId);
    }
    return handle;
  }

  it.each<[Place, number]>([
    ['first', 0],
    ['middle', 1],
    ['last', 2],
  ])('goes back to its %s workflow task: the tasks before it stay done', async (place, done) => {
    const handle = await aRun(`back-to-${place}`);
    const { runId: before } = await handle.describe();
    const runId = await resetTo(temporal, handle.workflowId, place);
    expect(runId).not.toBe(before);
    expect(await handle.describe()).toMatchObject({ runId, status: { name: 'RUNNING' } });
    const { events } = await handle.fetchHistory();
    expect(events?.filter((event) => event.workflowTaskCompletedEventAttributes)).toHaveLength(done);
  });

  it('ends at once when it is terminated', async () => {
    const handle = await temporal.workflow.start('anything', {
      workflowId: 'ended',
      taskQueue: 'ended',
    });
    await terminate(temporal, handle.workflowId);
    expect((await handle.describe()).status.name).toBe('TERMINATED');
  });

  it('cannot go back before its first task is done', () => {
    expect(() => taskAt([{ eventId: 1 }, { eventId: 2 }], 'first')).toThrow('no completed workflow task');
  });
});

describe('a policy file on disk', () => {
  const good = 'clusters: {}\nservices: {}\nenvironments: {}\n';
  let directory: string;
  let file: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-policy-'));
    file = join(directory, 'policy.yaml');
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  const isPolicy = async () => loadPolicy(await readFile(file, 'utf8'), 'policy.yaml').ok;

  it.each<Damage>(['typo', 'half-written', 'gone'])(
    'is no policy when it is damaged (%s), and the old one when mended',
    async (how) => {
      await writeFile(file, good);
      expect(await isPolicy()).toBe(true);
      const policy = policyOnDisk(file);
      await policy.damage(how);
      await expect(isPolicy().catch(() => false)).resolves.toBe(false);
      await policy.mend();
      expect(await readFile(file, 'utf8')).toBe(good);
    },
  );
});
