import { beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { JobObservation, MigrationJobs } from '../../activities/migrations/port.ts';
import { createMigrationJobs } from '../../activities/migrations/job-migrations.ts';
import { migrationEnds } from '../../activities/steps/migration-ends.ts';
import { createMigrationSteps } from '../../activities/steps/migration-steps.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { ServiceBounds } from '../../domain/contract/policy.ts';
import type { MigrationSpec, PinnedImage } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { JobResult, SandboxJob } from '../../lab/sandbox/region.ts';
import { aMigrationSpec, aPlannedComponent, aPlannedMigration } from '../domain/builders.ts';
import { aMomentLater } from '../contract/records-builders.ts';
import { aReleaseThatMayAct, heldAgainst, authorizing, decided } from '../support/acting-release.ts';
import { policyAround } from '../support/policy-around.ts';
import { writeHolder } from '../support/lane-holder.ts';
import { heartbeatOf, useStepsWorld } from '../support/steps-world.ts';

const world = useStepsWorld({ runJob });

/** What the next Jobs with this command do, in turn; after the last, the last again. */
const turns = new Map<string, JobResult[]>();

async function runJob({ command, signal }: SandboxJob): Promise<JobResult> {
  const [next, ...later] = turns.get(command[0] ?? '') ?? [];
  if (next) {
    if (later.length > 0) turns.set(command[0] ?? '', later);
    return next;
  }
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
async function aRelease({
  image = world.region.images.good,
  commands = {},
  spec: changes = {},
  lane,
  pending,
}: Wanted = {}) {
  const spec = aMigrationSpec({
    database,
    commands: { apply: ['migrate'], ...commands },
    envFrom: [],
    planEnvFrom: [],
    ...changes,
  });
  const components = [aPlannedComponent('core', { image })];
  const plan = {
    components,
    regions: [world.regionNamed('de')],
    migrationSpecs: [spec],
    migrations: [aPlannedMigration({ database, ...(pending && { pending }) })],
  };
  const artifacts = [{ component: 'core', image, origin: 'built' as const }];
  const release = await aReleaseThatMayAct(world.records, { plan, artifacts, ...(lane && { lane }) });
  const { releaseId } = release.authority;
  await world.records.plans.keep(releaseId, `migrations-${database}`, aPlannedMigration({ database }));
  return { ...release, releaseId, input: { authority: release.authority, database } };
}

interface Wanted {
  image?: PinnedImage;
  commands?: Partial<MigrationSpec['commands']>;
  spec?: Partial<MigrationSpec>;
  /** In the plan. */
  pending?: string[];
  /** Of another release: this is one more attempt of the same commit, with the same plan. */
  lane?: LaneKey;
}

/** Does this, then that, and the last for ever. */
function aCommand(...results: JobResult[]): string[] {
  const name = randomUUID();
  turns.set(name, results);
  return [name];
}

const connectionRefused = {
  exitCode: 1,
  log: 'connecting\npsycopg.OperationalError: connection failed: connection to server at "10.0.0.7", port 5432 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?\n',
};
const printed = (log: string): JobResult => ({ exitCode: 0, log });

function steps(
  now: () => number = Date.now,
  seenAs: (jobs: MigrationJobs) => MigrationJobs = (jobs) => jobs,
  records = world.environment,
) {
  const jobs = seenAs(createMigrationJobs({ clusters: world.region.clusters }));
  return createMigrationSteps({ ...authorizing(records), jobs, now, pauses: [1, 1] });
}

const kubectlOnJobs = (...args: string[]) =>
  world.region.kubectl([...args, '-n', world.region.namespace, '-l', `slipway/database=${database}`]);

/** Jobs that are removed go when their pods have gone. */
async function removedJobs(): Promise<void> {
  await kubectlOnJobs('wait', 'jobs', '--for=delete', '--timeout=300s');
  expect(await jobs()).toEqual([]);
}

async function jobs(): Promise<string[]> {
  const { stdout } = await kubectlOnJobs('get', 'jobs', '-o', 'name');
  return stdout.split('\n').filter((line) => line !== '');
}

const unavailable = 'unexpected status from HEAD request to https://registry.test/v2/shop: 503 Service Unavailable';

/** Gives an image no grace: that it has one is no matter here. */
const hasty = (now = Date.now) =>
  steps(now, (jobs) => ({
    ...jobs,
    async observe(job) {
      const seen = await jobs.observe(job);
      const isDoomed = seen.state === 'running' && !seen.begun && seen.message.includes('ErrImagePull: ');
      return isDoomed ? { ...seen, state: 'failed', reason: seen.message, log: '', begun: false } : seen;
    },
  }));

describe('a migration that is begun', () => {
  it('is one that was approved: a database of which the plan has nothing pending is left alone', async () => {
    const { act, input } = await aRelease({ pending: [] });
    await expect(act(steps().startMigration, input)).rejects.toMatchObject({
      details: { code: 'SLIP-REL-1', detail: expect.stringContaining('nothing to migrate') },
    });
    expect(await jobs()).toEqual([]);
  });

  it.each([
    ['is no work of the second of two releases, where the first has done it', true, { pending: [], contracting: [] }],
    ['is on record as its own where nobody has done it on record: by hand, or before a copy was restored', false, {}],
  ])('%s', async (_what, byAnother, expected) => {
    const { act, input, releaseId, lane } = await aRelease({
      commands: { plan: aCommand(printed('{"pending":[],"contracting":[]}')) },
    });
    const { pending, contracting } = aPlannedMigration();
    const first = { ...lane, database, releaseId: `${releaseId}0`, pending, contracting, changedAt: 1 };
    if (byAnother) await world.records.schema.record(first);
    await heldAgainst(world.records, lane, input.authority);
    await act(steps().planMigration, { database, releaseId });
    await act(steps().startMigration, input);
    const own = (await world.records.schema.list(lane)).find((one) => one.releaseId === releaseId);
    expect(own).toMatchObject({ pending, contracting, ...expected });
  });

  it('is on record as it was approved where another image has looked since', async () => {
    const { act, input, releaseId, lane } = await aRelease();
    const elsewhere = { ...aPlannedMigration({ database, pending: [] }), by: 'another place' };
    await world.records.plans.keep(releaseId, `migrations-${database}`, elsewhere);
    await act(steps().startMigration, input);
    const { pending, contracting } = aPlannedMigration();
    expect(await world.records.schema.list(lane)).toMatchObject([{ pending, contracting, releaseId }]);
  });
});

describe('a migration that is told failed', () => {
  it('takes its Job away when that never began, as it might begin later with nobody watching', async () => {
    const { act, input } = await aRelease({ image: world.region.images.missing });
    await act(steps().startMigration, input);
    expect(await jobs()).toHaveLength(1);
    await expect(act(hasty().watchMigration, input)).rejects.toMatchObject({
      details: { code: 'SLIP-MIG-12', detail: expect.stringContaining('ErrImagePull') },
    });
    await removedJobs();
  });

  it('is told the same again when the reply was lost after its Job was taken away: nobody need fear that it ran', async () => {
    const { act, input } = await aRelease({ image: world.region.images.missing });
    await act(steps().startMigration, input);
    world.region.region.faults.loseNextReply({ kind: 'Job', verb: 'delete' });
    await expect(act(hasty().watchMigration, input)).rejects.toMatchObject({ details: { kind: 'retryable' } });
    await removedJobs();
    const told = {
      details: { code: 'SLIP-MIG-12', detail: expect.stringMatching(/had not begun: .*ErrImagePull/) },
    };
    await expect(act(hasty().watchMigration, input)).rejects.toMatchObject(told);
    expect(await act(steps().startMigration, input)).toEqual({ adopted: true });
    await expect(act(hasty().watchMigration, input)).rejects.toMatchObject(told);
    expect(jobsMade()).toHaveLength(1);
  });

  it('may have run when it began after all, because its Job could not be taken away, and was gone later', async () => {
    const { act, anActivity, input } = await aRelease({ commands: { apply: ['hang'] } });
    await act(steps().startMigration, input);
    const why = failure('SLIP-MIG-13', 'it had not begun').details;
    await migrationEnds(world.records).keep(input, '', { kind: 'given up', why });
    const activity = anActivity();
    const waits = heartbeatOf(activity);
    const watched = activity.run(steps().watchMigration, input).catch((error: unknown) => error);
    await waits;
    await kubectlOnJobs('delete', 'jobs');
    expect(await watched).toMatchObject({ details: { code: 'SLIP-MIG-7' } });
  });

  it('that has begun is seen through, also when its run is ordered back meanwhile; none is begun then', async () => {
    const run = await aRelease({ commands: { verify: ['migrate'] } });
    await run.act(steps().startMigration, run.input);
    const other = await aRelease();
    for (const one of [run, other]) await decided(one, { records: world.records, kind: 'roll-back' });
    expect(await run.act(steps().watchMigration, run.input)).toEqual({});
    await run.act(steps().verifyMigration, run.input);
    expect(await run.act(steps().startMigration, run.input)).toEqual({ adopted: true });
    const refused = { details: { code: 'SLIP-REL-15', detail: expect.stringContaining('has ordered it back') } };
    await expect(other.act(steps().startMigration, other.input)).rejects.toMatchObject(refused);
    await expect(other.act(steps().watchMigration, other.input)).rejects.toMatchObject(refused);
  });

  it('may have run when its Job is gone and nobody had given it up', async () => {
    const { act, input } = await aRelease({ commands: { apply: ['hang'] } });
    await act(steps().startMigration, input);
    await kubectlOnJobs('delete', 'jobs');
    await expect(act(steps().watchMigration, input)).rejects.toMatchObject({
      details: { code: 'SLIP-MIG-7', next: expect.stringContaining('It may have run') },
    });
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

describe('a migration that never began', () => {
  it.each([
    [unavailable, 'SLIP-MIG-13', 'world'],
    [
      'unexpected status from HEAD request to https://registry.test/v2/shop: 401 Unauthorized',
      'SLIP-MIG-14',
      'operator',
    ],
    ['registry.test/shop: not found', 'SLIP-MIG-12', 'release'],
  ])('leaves no trace in what rollbacks go by, and says who kept it: %s', async (why, code, blame) => {
    const { act, input, lane } = await aRelease({ image: world.region.anUnpullableImage(why).image });
    await act(steps().startMigration, input);
    expect(await world.records.schema.list(lane)).toHaveLength(1);
    await expect(act(hasty().watchMigration, input)).rejects.toMatchObject({
      details: { code, blame, detail: expect.stringContaining('had not begun') },
    });
    expect(await world.records.schema.list(lane)).toEqual([]);
    await removedJobs();
  });

  it('begins with a new Job of the same name when its watch is tried again and the registry is back', async () => {
    const { image, mend } = world.region.anUnpullableImage(unavailable);
    const { act, input, lane } = await aRelease({ image });
    await act(steps().startMigration, input);
    await expect(act(hasty().watchMigration, input)).rejects.toMatchObject({ details: { code: 'SLIP-MIG-13' } });
    mend();
    // A run that moved to a newer engine meanwhile starts it once more: the watch makes it.
    expect(await act(steps().startMigration, input)).toEqual({ adopted: true });
    expect(await jobs()).toEqual([]);
    const again = await world.records.clock.now();
    expect(await act(hasty().watchMigration, input)).toEqual({});
    const [change] = await world.records.schema.list(lane);
    expect(change).toMatchObject({ database });
    expect(change!.changedAt).toBeGreaterThanOrEqual(again);
    expect(jobsMade()).toHaveLength(2);
    expect(new Set(jobsMade()).size).toBe(1);
  });

  it('is not begun again by a run that does not hold the lane any more', async () => {
    const { act, input, lane } = await aRelease({ image: world.region.anUnpullableImage(unavailable).image });
    await act(steps().startMigration, input);
    await expect(act(hasty().watchMigration, input)).rejects.toMatchObject({ details: { code: 'SLIP-MIG-13' } });
    await writeHolder(world.records, lane, undefined);
    await expect(act(hasty().watchMigration, input)).rejects.toMatchObject({ details: { code: 'SLIP-REL-10' } });
    expect(jobsMade()).toHaveLength(1);
  });

  it('is not begun again by a run that has lost the lane while it waited for the Job before to go', async () => {
    const { act, input, lane } = await aRelease({ image: world.region.anUnpullableImage(unavailable).image });
    await act(steps().startMigration, input);
    await expect(act(hasty().watchMigration, input)).rejects.toMatchObject({ details: { code: 'SLIP-MIG-13' } });
    const losing = steps(Date.now, (jobs) => ({
      ...jobs,
      async observe(job) {
        await writeHolder(world.records, lane, undefined);
        return jobs.observe(job);
      },
    }));
    await expect(act(losing.watchMigration, input)).rejects.toMatchObject({ details: { code: 'SLIP-REL-10' } });
    expect(jobsMade()).toHaveLength(1);
  });

  /** Told as failed by one look, its program begins after all, and is gone with its Job before anybody looks again. */
  const late = () => {
    const looks = { first: true };
    return steps(Date.now, (jobs) => ({
      ...jobs,
      async observe(job) {
        const seen = await jobs.observe(job);
        if (!looks.first || seen.state !== 'running') return seen;
        looks.first = false;
        await kubectlOnJobs('wait', 'pods', '--for=jsonpath={.status.phase}=Running', '--timeout=300s');
        return { ...seen, state: 'failed', reason: `ErrImagePull: ${unavailable}`, log: '', begun: false };
      },
      async remove(job) {
        await jobs.remove(job);
        await removedJobs();
      },
    }));
  };

  it('may have been done after all when it begins while it is given up, also where no look meets it', async () => {
    const { act, input, lane } = await aRelease({ commands: { apply: ['hang'] } });
    await act(steps().startMigration, input);
    await expect(act(late().watchMigration, input)).rejects.toMatchObject({
      details: { code: 'SLIP-MIG-7', detail: expect.stringContaining('began when it was given up') },
    });
    expect(await world.records.schema.list(lane)).toHaveLength(1);
    await expect(act(steps().watchMigration, input)).rejects.toMatchObject({ details: { code: 'SLIP-MIG-7' } });
    expect(jobsMade()).toHaveLength(1);
  });

  it('may have been done after all, too, when the worker that gave it up was lost before it could tell', async () => {
    const { act, input, lane } = await aRelease({ commands: { apply: ['hang'] } });
    await act(steps().startMigration, input);
    world.region.region.faults.loseNextReply({ kind: 'Job', verb: 'delete' });
    await expect(act(late().watchMigration, input)).rejects.toMatchObject({ details: { kind: 'retryable' } });
    await removedJobs();
    await expect(act(steps().watchMigration, input)).rejects.toMatchObject({ details: { code: 'SLIP-MIG-7' } });
    expect(await world.records.schema.list(lane)).toHaveLength(1);
    expect(jobsMade()).toHaveLength(1);
  });

  it('is not forgotten when it was begun again and nobody got to say so', async () => {
    const { image, mend } = world.region.anUnpullableImage(unavailable);
    const { act, input } = await aRelease({ image, commands: { apply: ['hang'] } });
    await act(steps().startMigration, input);
    await expect(act(hasty().watchMigration, input)).rejects.toMatchObject({ details: { code: 'SLIP-MIG-13' } });
    mend();
    world.region.region.faults.loseNextReply({ kind: 'Job', verb: 'create' });
    await expect(act(hasty().watchMigration, input)).rejects.toMatchObject({ details: { kind: 'retryable' } });
    await kubectlOnJobs('wait', 'pods', '--for=jsonpath={.status.phase}=Running', '--timeout=300s');
    await kubectlOnJobs('delete', 'jobs');
    await removedJobs();
    await expect(act(steps().watchMigration, input)).rejects.toMatchObject({ details: { code: 'SLIP-MIG-7' } });
  });
});

describe('a migration beside which others run on', () => {
  /** The real Job ends by itself; this is how it looks while a sidecar of its pod does not. */
  const beside = (told: Partial<JobObservation>) =>
    steps(Date.now, (jobs) => ({
      ...jobs,
      async observe(job) {
        const seen = await jobs.observe(job);
        if (seen.state === 'missing') return seen;
        return { state: 'succeeded', log: 'migrated\n', alongside: ['vault-agent'], ...told } as JobObservation;
      },
    }));

  it('has ended with its own container: that is said, and the pod is ended, once it is on record', async () => {
    const { act, input, lane } = await aRelease({ commands: { apply: ['hang'] } });
    await act(steps().startMigration, input);
    world.region.region.faults.loseNextReply({ kind: 'Job', verb: 'delete' });
    await expect(act(beside({}).watchMigration, input)).rejects.toMatchObject({ details: { kind: 'retryable' } });
    await removedJobs();
    expect(await act(beside({}).watchMigration, input)).toMatchObject({
      note: expect.stringContaining('vault-agent ran on'),
    });
    expect(await act(steps().startMigration, input)).toEqual({ adopted: true });
    expect(await world.records.schema.list(lane)).toHaveLength(1);
    expect(jobsMade()).toHaveLength(1);
  });

  it('has failed at once, is told by its log, and is not run again', async () => {
    const { act, input } = await aRelease({ commands: { apply: ['hang'] } });
    await act(steps().startMigration, input);
    const bad = beside({ state: 'failed', reason: 'Error', exitCode: 3, begun: true, log: 'duplicate key\n' });
    const told = {
      details: { code: 'SLIP-MIG-1', detail: expect.stringMatching(/vault-agent ran on[^]*duplicate key/) },
    };
    await expect(act(bad.watchMigration, input)).rejects.toMatchObject(told);
    await removedJobs();
    expect(await act(steps().startMigration, input)).toEqual({ adopted: true });
    await expect(act(steps().watchMigration, input)).rejects.toMatchObject(told);
    expect(jobsMade()).toHaveLength(1);
  });

  it('has ended also where it only looks', async () => {
    const { act, releaseId } = await aRelease({ commands: { plan: ['hang'] } });
    const planned = await act(beside({ log: '{"pending":["0003"],"contracting":[]}\n' }).planMigration, {
      database,
      releaseId,
    });
    expect(planned).toMatchObject({ pending: ['0003'] });
    await removedJobs();
  });
});

describe('startMigration', () => {
  it('says that the schema changes before the cluster has taken the Job, and though it refuses it', async () => {
    const { act, input, lane, releaseId } = await aRelease();
    world.region.region.faults.failNext({ kind: 'Job', verb: 'create' }, 403);
    await expect(act(steps().startMigration, input)).rejects.toMatchObject({
      details: { code: 'SLIP-K8S-6' },
    });
    expect(await jobs()).toEqual([]);
    expect(await world.records.schema.list(lane)).toEqual([
      { ...lane, database, releaseId, pending: ['0002_weight'], contracting: [], changedAt: expect.any(Number) },
    ]);
  });

  it('keeps to the time at which it was first tried', async () => {
    const { act, input, lane } = await aRelease();
    expect(await act(steps().startMigration, input)).toEqual({ adopted: false });
    const first = await world.records.schema.list(lane);
    await aMomentLater(world.records);
    expect(await act(steps().startMigration, input)).toEqual({ adopted: true });
    expect(await world.records.schema.list(lane)).toEqual(first);
  });

  it.each([
    ['ahead', 60_000, 'a login of its own', () => world.environment],
    ['behind', -60_000, 'a login of its own', () => world.environment],
    ['ahead', 60_000, 'one login for all', () => world.records],
    ['behind', -60_000, 'one login for all', () => world.records],
  ])('dates it by the clock of the records, where that of its worker is a minute %s (%d ms; %s)', async (...of) => {
    const [, skewMs, , records] = of;
    const { act, input, lane } = await aRelease();
    const before = await world.records.clock.now();
    await act(steps(() => Date.now() + skewMs, undefined, records()).startMigration, input);
    const [change] = await world.records.schema.list(lane);
    expect(change!.changedAt).toBeGreaterThanOrEqual(before);
    expect(change!.changedAt).toBeLessThanOrEqual(await world.records.clock.now());
  });

  it('does nothing and says nothing for a run that does not hold the lane', async () => {
    const { act, input, lane } = await aRelease();
    await writeHolder(world.records, lane, undefined);
    await expect(act(steps().startMigration, input)).rejects.toMatchObject({ details: { code: 'SLIP-REL-10' } });
    expect(await world.records.schema.list(lane)).toEqual([]);
    expect(await jobs()).toEqual([]);
  });
});

describe('a migration that failed', () => {
  it('is not repeated in its run, and is by another attempt of the same commit', async () => {
    const apply = aCommand({ exitCode: 1, log: 'canceling statement due to lock timeout\n' }, printed('migrated\n'));
    const first = await aRelease({ commands: { apply } });
    await first.act(steps().startMigration, first.input);
    const held = { details: { code: 'SLIP-MIG-10', blame: 'world', detail: expect.stringContaining('lock timeout') } };
    await expect(first.act(steps().watchMigration, first.input)).rejects.toMatchObject(held);
    expect(await first.act(steps().startMigration, first.input)).toEqual({ adopted: true });
    await expect(first.act(steps().watchMigration, first.input)).rejects.toMatchObject(held);

    const again = await aRelease({ commands: { apply }, lane: first.lane });
    expect(again.authority.planHash).toBe(first.authority.planHash);
    expect(await again.act(steps().startMigration, again.input)).toEqual({ adopted: false });
    await again.act(steps().watchMigration, again.input);
    expect(await jobs()).toHaveLength(2);
  });

  it('is waited for by another attempt while its Job is still at work', async () => {
    const first = await aRelease({ commands: { apply: ['hang'] } });
    await first.act(steps().startMigration, first.input);
    const again = await aRelease({ commands: { apply: ['hang'] }, lane: first.lane });
    await expect(again.act(steps().startMigration, again.input)).rejects.toMatchObject({
      details: { code: 'SLIP-MIG-11', kind: 'retryable', detail: expect.stringContaining('slipway-apply-') },
    });
    expect(await jobs()).toHaveLength(1);
    await kubectlOnJobs('delete', 'jobs');
    expect(await again.act(steps().startMigration, again.input)).toEqual({ adopted: false });
  });
});

describe('a look', () => {
  it('that could not be had is had again', async () => {
    const plan = aCommand(connectionRefused, connectionRefused, printed('{"pending":["0003"],"contracting":[]}\n'));
    const { act, releaseId } = await aRelease({ commands: { plan } });
    expect(await act(steps().planMigration, { database, releaseId })).toMatchObject({ pending: ['0003'] });
    await removedJobs();
  });

  it.each<[string, string, JobResult, object]>([
    ['cannot be read', 'plan', printed('Traceback\n'), { code: 'SLIP-MIG-5', blame: 'release' }],
    ['fails', 'plan', { exitCode: 1, log: 'SyntaxError\n' }, { code: 'SLIP-MIG-5', blame: 'release' }],
    ['says no', 'modelsWithoutMigration', { exitCode: 1, log: 'Migrations for shop\n' }, { code: 'SLIP-MIG-6' }],
    ['cannot connect', 'plan', connectionRefused, { code: 'SLIP-MIG-15', blame: 'world' }],
  ])('that %s counts after three tries, each with a Job of its own', async (_what, command, result, details) => {
    const { act, releaseId } = await aRelease({ commands: { [command]: aCommand(result) } });
    const before = jobsMade().length;
    await expect(act(steps().planMigration, { database, releaseId })).rejects.toMatchObject({ details });
    const made = jobsMade().slice(before);
    expect(new Set(made).size).toBe(3);
    await removedJobs();
  });

  it('is one at a time, whoever asks in whichever step: no workflow has more Jobs at once than a look has tries', async () => {
    const { anActivity, releaseId } = await aRelease({ commands: { plan: ['hang'] } });
    const asked = Array.from({ length: 5 }, () => {
      const activity = anActivity();
      return { activity, end: activity.run(steps().planMigration, { database, releaseId }).catch(() => undefined) };
    });
    await Promise.all(asked.map(({ activity, end }) => Promise.race([heartbeatOf(activity), end])));
    expect(new Set(jobsMade()).size).toBe(1);
    for (const { activity } of asked) activity.cancel();
    await Promise.all(asked.map(({ end }) => end));
    await removedJobs();
  });

  it('does not take for its answer what an earlier one has left behind', async () => {
    const plan = aCommand(
      printed('{"pending":["0003"],"contracting":[]}\n'),
      printed('{"pending":[],"contracting":[]}\n'),
    );
    const { act, releaseId } = await aRelease({ commands: { plan } });
    world.region.region.faults.failNext({ kind: 'Job', verb: 'delete' }, 500);
    await expect(act(steps().planMigration, { database, releaseId })).rejects.toMatchObject({
      details: { kind: 'retryable' },
    });
    await kubectlOnJobs('wait', 'jobs', '--for=condition=Complete', '--timeout=300s');
    expect(await act(steps().planMigration, { database, releaseId })).toMatchObject({ pending: [] });
    expect(jobsMade()).toHaveLength(2);
    await removedJobs();
  });

  it('reads all that two thousand migrations print', async () => {
    const names = Array.from(
      { length: 2_000 },
      (_, n) => `shop.${String(n).padStart(4, '0')}_a_migration_with_a_longer_name`,
    );
    const text = names.map((name) => `${name}\n    Create model Thing\n    Add field colour to thing\n`).join('');
    const { act, releaseId } = await aRelease({
      commands: { plan: aCommand(printed(`Planned operations:\n${text}`)) },
    });
    const planned = await act(steps().planMigration, { database, releaseId });
    expect(planned).toMatchObject({ count: 2_000, pending: names.slice(0, 20), unplanned: false });
    const kept = await world.records.plans.kept(releaseId, `migrations-${database}`);
    expect(kept).toMatchObject({ pending: names, contracting: names, unknown: names });
  });

  it('does not go by the beginning of what a plan prints without end', async () => {
    const line = `${'x'.repeat(1_023)}\n`;
    const plan = aCommand(printed(`{"pending":[],"contracting":[]}\n${line.repeat(4_200)}`));
    const { act, releaseId } = await aRelease({ commands: { plan } });
    await expect(act(steps().planMigration, { database, releaseId })).rejects.toMatchObject({
      details: { code: 'SLIP-MIG-5', detail: expect.stringContaining('printed more than') },
    });
  });

  it.each([
    [false, 'live'],
    [true, undefined],
  ])('is had with what the component runs with, planned apart: %s', async (planApart, mode) => {
    const deployment = `core-${randomUUID().slice(0, 8)}`;
    await world.region.createDeployment(deployment, { replicas: 1, image: world.region.images.good });
    await world.region.kubectl(['set', 'env', `deployment/${deployment}`, 'MODE=live', '-n', world.region.namespace]);
    const spec = { like: { deployment, container: 'api' }, ...(planApart && { planApart }) };
    const { anActivity, releaseId } = await aRelease({ commands: { plan: ['hang'] }, spec });
    const activity = anActivity();
    const waits = heartbeatOf(activity);
    const planned = activity.run(steps().planMigration, { database, releaseId }).catch((error: unknown) => error);
    await waits;
    const { stdout } = await kubectlOnJobs('get', 'jobs', '-o', 'json');
    const [job] = (JSON.parse(stdout) as { items: Made[] }).items;
    const env = job?.spec.template.spec.containers[0]?.env;
    expect(env?.find(({ name }) => name === 'MODE')?.value).toBe(mode);
    activity.cancel();
    await planned;
  });
});

interface Made {
  spec: { template: { spec: { containers: { env: { name: string; value: string }[] }[] } } };
}

/** Names of the Jobs that were ever made for this database. */
function jobsMade(): string[] {
  return world.region.region
    .effects()
    .filter(({ verb, kind, name }) => verb === 'create' && kind === 'Job' && name.includes(database))
    .map(({ name }) => name);
}

describe('verifyMigration', () => {
  it('looks again before it says that something is left', async () => {
    const plan = aCommand(printed('{"pending":["0002_weight"]}\n'), printed('{"pending":[]}\n'));
    const { act, input } = await aRelease({ commands: { plan } });
    await act(steps().verifyMigration, input);
    const left = await aRelease({ commands: { plan: aCommand(printed('{"pending":["0002_weight"]}\n')) } });
    await expect(left.act(steps().verifyMigration, left.input)).rejects.toMatchObject({
      details: { code: 'SLIP-MIG-8', detail: expect.stringContaining('still lacks 0002_weight') },
    });
  });
});

describe('planMigration', () => {
  it.each<[string, Partial<ServiceBounds>, RegExp]>([
    ['the secret', { secrets: { plan: [], apply: ['writer', 'reader'] } }, /is planned with the secret reader/],
    ['the namespace', { namespaces: [] }, /is in the namespace/],
    ['the Deployment', { workloads: ['core'] }, /borrows from worker/],
  ])('makes no Job while the policy of this machine does not name %s', async (_what, changes, detail) => {
    const like = { deployment: 'worker', container: 'core' };
    const spec = { envFrom: ['writer'], planEnvFrom: ['reader'], like };
    const { act, releaseId, plan } = await aRelease({ commands: { plan: ['migrate'] }, spec });
    const { clusters, services } = policyAround(plan);
    const floor = { clusters, services: { [plan.service]: { ...services[plan.service]!, ...changes } } };
    const jobs = createMigrationJobs({ clusters: world.region.clusters });
    const strict = createMigrationSteps({ ...authorizing(world.records, floor), jobs, now: Date.now });
    const before = jobsMade().length;
    await expect(act(strict.planMigration, { database, releaseId })).rejects.toMatchObject({
      details: { code: 'SLIP-CFG-3', detail: expect.stringMatching(detail) },
    });
    expect(jobsMade()).toHaveLength(before);
  });

  it.each<[string, (run: Awaited<ReturnType<typeof aRelease>>) => Promise<void>, string]>([
    ['was rejected', (run) => decided(run, { records: world.records, kind: 'reject' }), 'SLIP-REL-13'],
    [
      'has ended',
      ({ releaseId }) => world.records.attempts.conclude(releaseId, { outcome: 'failed', summary: 'no', endedAt: 2 }),
      'SLIP-REL-10',
    ],
  ])('makes no Job for a release that %s', async (_what, over, code) => {
    const run = await aRelease({ commands: { plan: ['migrate'] } });
    await over(run);
    const before = jobsMade().length;
    await expect(run.act(steps().planMigration, { database, releaseId: run.releaseId })).rejects.toMatchObject({
      details: { code },
    });
    expect(jobsMade()).toHaveLength(before);
  });

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
