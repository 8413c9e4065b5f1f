import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobObservation, MigrationJob, MigrationJobs } from '../../activities/migrations/port.ts';
import type { ClusterRef, PinnedImage } from '../../domain/contract/release.ts';
import { Failure } from '../../domain/errors/failure.ts';

/** A region for the suite to work in. */
export interface MigrationsWorld {
  jobs: MigrationJobs;
  clusterRef: ClusterRef;
  namespace: string;
  images: { good: PinnedImage; missing: PinnedImage };
  commands: {
    /** Prints `colour=$COLOUR` and the line `done`, and ends with 0. */
    succeeds: string[];
    /** Prints `boom` and `DB_PASSWORD=geheim`, and ends with 3. */
    fails: string[];
    /** Runs for at least two minutes unless it is stopped. */
    sleeps: string[];
  };
  /** The real kubectl on this region: the oracle. */
  kubectl(args: string[]): Promise<{ code: number; stdout: string }>;
  /** The next write happens, but its reply is lost. */
  loseNextReply?(): void;
  /** Makes a Deployment with one container and waits until it is complete. */
  createDeployment(name: string, options: { replicas: number; image: PinnedImage }): Promise<void>;
  dispose(): Promise<void>;
}

const patience = 300_000;

export function describeMigrations(name: string, setUp: () => Promise<MigrationsWorld>): void {
  describe(`Migration jobs: ${name}`, () => {
    let world: MigrationsWorld;

    beforeAll(async () => {
      world = await setUp();
    }, patience);
    afterAll(async () => world.dispose(), patience);

    function aJob(over: Partial<MigrationJob> = {}): MigrationJob {
      return {
        cluster: world.clusterRef,
        namespace: world.namespace,
        name: `migrate-${randomUUID().slice(0, 12)}`,
        image: world.images.good,
        command: world.commands.succeeds,
        env: { COLOUR: 'green' },
        envFrom: [],
        labels: { 'slipway-database': 'shop' },
        timeoutMs: 100_000,
        ...over,
      };
    }

    async function ended(job: MigrationJob): Promise<JobObservation> {
      for (;;) {
        const seen = await world.jobs.observe(job);
        if (seen.state !== 'running') return seen;
        await pause(150);
      }
    }

    async function podsOf(job: MigrationJob): Promise<Listed['items']> {
      const { stdout } = await world.kubectl([
        'get',
        'pods',
        '-n',
        job.namespace,
        '-l',
        `job-name=${job.name}`,
        '-o',
        'json',
      ]);
      return (JSON.parse(stdout) as Listed).items;
    }

    async function specOf(job: MigrationJob): Promise<Record<string, unknown>> {
      const { stdout } = await world.kubectl(['get', 'job', job.name, '-n', job.namespace, '-o', 'json']);
      return (JSON.parse(stdout) as { spec: Record<string, unknown> }).spec;
    }

    it(
      'adopts its own Job when the reply was lost',
      async () => {
        const job = aJob();
        world.loseNextReply?.();
        const first = await world.jobs.start(job).catch((error: unknown) => error);
        if (world.loseNextReply) expect(detailsOf(first)).toMatchObject({ kind: 'retryable' });
        expect(await world.jobs.start(job)).toEqual({ adopted: true });
        expect(await ended(job)).toMatchObject({ state: 'succeeded' });
        expect(await podsOf(job)).toHaveLength(1);
      },
      patience,
    );

    it(
      'starts one Job of two at once',
      async () => {
        const job = aJob();
        const both = await Promise.all([world.jobs.start(job), world.jobs.start(job)]);
        expect(both.map((one) => one.adopted).sort()).toEqual([false, true]);
        await ended(job);
        expect(await podsOf(job)).toHaveLength(1);
      },
      patience,
    );

    it(
      'tells success with the log',
      async () => {
        const job = aJob();
        expect(await world.jobs.start(job)).toEqual({ adopted: false });
        expect(await ended(job)).toEqual({ state: 'succeeded', log: 'colour=green\ndone\n' });
      },
      patience,
    );

    it(
      'tells failure with exit code and log, without the secrets in it, and never tries again',
      async () => {
        const job = aJob({ command: world.commands.fails });
        await world.jobs.start(job);
        const seen = await ended(job);
        expect(seen).toMatchObject({
          state: 'failed',
          exitCode: 3,
          begun: true,
          reason: expect.stringContaining('BackoffLimitExceeded'),
        });
        expect(seen).toMatchObject({ log: expect.stringContaining('boom') });
        expect(JSON.stringify(seen)).not.toContain('geheim');

        expect(await world.jobs.start(job)).toEqual({ adopted: true });
        expect(await world.jobs.observe(job)).toMatchObject({ state: 'failed' });
        expect(await podsOf(job)).toHaveLength(1);
      },
      patience,
    );

    it(
      'tells an image that cannot be pulled while Kubernetes would go on trying',
      async () => {
        const job = aJob({ image: world.images.missing });
        await world.jobs.start(job);
        expect(await ended(job)).toMatchObject({
          state: 'failed',
          begun: false,
          log: '',
          reason: expect.stringMatching(/^(ErrImagePull|ImagePullBackOff): .*not found/),
        });
        await world.jobs.remove(job);
      },
      patience,
    );

    it(
      'stops at the time limit',
      async () => {
        const job = aJob({ command: world.commands.sleeps, timeoutMs: 2_000 });
        await world.jobs.start(job);
        expect(await ended(job)).toMatchObject({
          state: 'failed',
          begun: true,
          reason: expect.stringContaining('DeadlineExceeded'),
        });
      },
      patience,
    );

    it(
      'refuses a Job of the same name that does something else',
      async () => {
        const job = aJob();
        await world.jobs.start(job);
        const other = { ...job, command: world.commands.fails };
        for (const work of [world.jobs.start(other), world.jobs.observe(other)]) {
          expect(detailsOf(await work.catch((error: unknown) => error))).toMatchObject({
            code: 'SLIP-MIG-2',
            kind: 'terminal',
          });
        }
        expect(await ended(job)).toMatchObject({ state: 'succeeded' });
      },
      patience,
    );

    it(
      'removes a Job that runs, with its pod, and does not mind a missing one',
      async () => {
        const job = aJob({ command: world.commands.sleeps });
        await world.jobs.start(job);
        await world.jobs.remove(job);
        await world.jobs.remove(job);
        expect(await ended(job)).toEqual({ state: 'missing' });
        expect(await podsOf(job)).toEqual([]);
        await world.jobs.remove(job);
      },
      patience,
    );

    it(
      'borrows what the component runs with, and lets the Job have the last word',
      async () => {
        const deployment = `core-${randomUUID().slice(0, 8)}`;
        await world.createDeployment(deployment, { replicas: 1, image: world.images.good });
        await world.kubectl(['set', 'env', `deployment/${deployment}`, 'COLOUR=blue', '-n', world.namespace]);
        const { stdout } = await world.kubectl(['get', 'deployment', deployment, '-n', world.namespace, '-o', 'json']);
        const container = (JSON.parse(stdout) as PodTemplated).spec.template.spec.containers[0]?.name ?? '';
        const like = { deployment, container };

        const borrowing = aJob({ like, env: {} });
        await world.jobs.start(borrowing);
        expect(await ended(borrowing)).toMatchObject({ log: expect.stringContaining('colour=blue') });

        const insisting = aJob({ like, env: { COLOUR: 'red' } });
        await world.jobs.start(insisting);
        expect(await ended(insisting)).toMatchObject({ log: expect.stringContaining('colour=red') });
      },
      patience,
    );

    it(
      'starts nothing when the Deployment to borrow from is not as named',
      async () => {
        const job = aJob({ like: { deployment: 'nowhere', container: 'api' } });
        expect(detailsOf(await world.jobs.start(job).catch((error: unknown) => error))).toMatchObject({
          code: 'SLIP-MIG-3',
          kind: 'terminal',
        });
        expect(await world.jobs.observe(job)).toEqual({ state: 'missing' });
      },
      patience,
    );

    it(
      'asks for one pod, one try, and no second pod before the first is gone',
      async () => {
        const job = aJob();
        await world.jobs.start(job);
        expect(await specOf(job)).toMatchObject({
          backoffLimit: 0,
          completions: 1,
          parallelism: 1,
          activeDeadlineSeconds: 100,
          ttlSecondsAfterFinished: 86_400,
          podReplacementPolicy: 'Failed',
          podFailurePolicy: {
            rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
          },
          template: { spec: { restartPolicy: 'Never' } },
        });
        await ended(job);
      },
      patience,
    );
  });
}

interface Listed {
  items: unknown[];
}

interface PodTemplated {
  spec: { template: { spec: { containers: { name: string }[] } } };
}

function detailsOf(error: unknown): unknown {
  return error instanceof Failure ? error.details : error;
}
