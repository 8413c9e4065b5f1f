import { beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createMigrationJobs } from '../../activities/migrations/job-migrations.ts';
import { createMigrationSteps } from '../../activities/steps/migration-steps.ts';
import type { MigrationSpec, PinnedImage } from '../../domain/contract/release.ts';
import type { JobResult, SandboxJob } from '../../lab/sandbox/region.ts';
import { aMigrationSpec, aPlannedComponent, aPlannedMigration } from '../domain/builders.ts';
import { aReleaseThatMayAct, authorizing } from '../support/acting-release.ts';
import { heartbeatOf, useStepsWorld } from '../support/steps-world.ts';

const world = useStepsWorld({ runJob });

async function runJob({ command, signal }: SandboxJob): Promise<JobResult> {
  switch (command[0]) {
    case 'migrate':
      return { exitCode: 0, log: 'migrated\n' };
    case 'fail':
      return { exitCode: 3, log: 'duplicate key\n' };
    default:
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ exitCode: 143, log: '' })));
  }
}

let database: string;
beforeEach(() => {
  database = `shop-${randomUUID().slice(0, 8)}`;
});

/** A release that migrates the test's own database, with a look at it on record: one migration is pending. */
async function aRelease({ image = world.region.images.good, commands = {} }: Wanted = {}) {
  const spec = aMigrationSpec({
    database,
    commands: { apply: ['migrate'], ...commands },
    envFrom: [],
    planEnvFrom: [],
  });
  const components = [aPlannedComponent('core', { image })];
  const plan = { components, regions: [world.regionNamed('de')], migrationSpecs: [spec] };
  const artifacts = [{ component: 'core', image, origin: 'built' as const }];
  const release = await aReleaseThatMayAct(world.records, { plan, artifacts });
  const { releaseId } = release.authority;
  await world.records.plans.keep(releaseId, `migrations-${database}`, aPlannedMigration({ database }));
  return { ...release, releaseId, input: { authority: release.authority, database } };
}

interface Wanted {
  image?: PinnedImage;
  commands?: Partial<MigrationSpec['commands']>;
}

function steps(now: () => number = Date.now) {
  const jobs = createMigrationJobs({ clusters: world.region.clusters });
  return createMigrationSteps({ ...authorizing(world.records), jobs, now });
}

const kubectlOnJobs = (...args: string[]) =>
  world.region.kubectl([...args, '-n', world.region.namespace, '-l', `slipway/database=${database}`]);

async function jobs(): Promise<string[]> {
  const { stdout } = await kubectlOnJobs('get', 'jobs', '-o', 'name');
  return stdout.split('\n').filter((line) => line !== '');
}

describe('a migration that is told failed', () => {
  it('takes its Job away when that never began, as it might begin later with nobody watching', async () => {
    const { act, input } = await aRelease({ image: world.region.images.missing });
    await act(steps().startMigration, input);
    expect(await jobs()).toHaveLength(1);
    await expect(act(steps().watchMigration, input)).rejects.toMatchObject({
      details: { code: 'SLIP-MIG-1', detail: expect.stringMatching(/ErrImagePull|ImagePullBackOff/) },
    });
    await kubectlOnJobs('wait', 'jobs', '--for=delete', '--timeout=20s');
    expect(await jobs()).toEqual([]);
  });

  it('leaves its Job where it is when that ran, so that it is never run again', async () => {
    const { act, input } = await aRelease({ commands: { apply: ['fail'] } });
    await act(steps().startMigration, input);
    await expect(act(steps().watchMigration, input)).rejects.toMatchObject({
      details: { code: 'SLIP-MIG-1', detail: expect.stringContaining('duplicate key') },
    });
    const [left] = await jobs();
    expect(left).toBeDefined();
    const removals = world.region.region
      .effects()
      .filter(({ verb, name }) => verb === 'delete' && left?.endsWith(name));
    expect(removals).toEqual([]);
    expect(await act(steps().startMigration, input)).toEqual({ adopted: true });
  });
});

describe('startMigration', () => {
  it('says that the schema changes before the cluster has taken the Job, and though it refuses it', async () => {
    const { act, input, lane, releaseId } = await aRelease();
    world.region.region.faults.failNext({ kind: 'Job', verb: 'create' }, 403);
    await expect(act(steps(() => 5_000).startMigration, input)).rejects.toMatchObject({
      details: { code: 'SLIP-K8S-6' },
    });
    expect(await jobs()).toEqual([]);
    expect(await world.records.schema.list(lane)).toEqual([
      { ...lane, database, releaseId, pending: ['0002_weight'], contracting: [], changedAt: 5_000 },
    ]);
  });

  it('keeps to the time at which it was first tried', async () => {
    const { act, input, lane } = await aRelease();
    expect(await act(steps(() => 5_000).startMigration, input)).toEqual({ adopted: false });
    expect(await act(steps(() => 9_000).startMigration, input)).toEqual({ adopted: true });
    expect((await world.records.schema.list(lane)).map(({ changedAt }) => changedAt)).toEqual([5_000]);
  });

  it('does nothing and says nothing for a run that does not hold the lane', async () => {
    const { act, input, lane } = await aRelease();
    await world.records.lanes.setHolder(lane, undefined);
    await expect(act(steps().startMigration, input)).rejects.toMatchObject({ details: { code: 'SLIP-REL-1' } });
    expect(await world.records.schema.list(lane)).toEqual([]);
    expect(await jobs()).toEqual([]);
  });
});

describe('planMigration', () => {
  it('may be tried again when its Job was removed by another try', async () => {
    const { anActivity, releaseId } = await aRelease({ commands: { plan: ['hang'] } });
    const activity = anActivity();
    const waits = heartbeatOf(activity);
    const planned = activity.run(steps().planMigration, { database, releaseId }).catch((error: unknown) => error);
    await waits;
    expect((await kubectlOnJobs('delete', 'jobs', '--wait=false')).code).toBe(0);
    expect(await planned).toMatchObject({ details: { code: 'SLIP-MIG-9', kind: 'retryable' } });
  });
});
