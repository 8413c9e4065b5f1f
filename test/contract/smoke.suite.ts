import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { SmokeJob, SmokeJobs, SmokeObservation } from '../../activities/smoke/port.ts';
import type { ClusterRef, PinnedImage } from '../../domain/contract/release.ts';
import { judgeSmoke, type SmokeEnd } from '../../domain/smoke.ts';
import { Failure } from '../../domain/errors/failure.ts';

/** A region for the suite to work in. */
export interface SmokeWorld {
  smoke: SmokeJobs;
  clusterRef: ClusterRef;
  namespace: string;
  images: { good: PinnedImage; missing: PinnedImage };
  commands: {
    /** Prints `colour=$COLOUR`, and ends with 0. */
    succeeds: string[];
    /** Prints `boom` and `DB_PASSWORD=geheim`, and ends with 3. */
    fails: string[];
    /** Runs for at least two minutes unless it is stopped. */
    sleeps: string[];
    /** Prints `warming up`, then `reportText`, then `bye`, and ends with 1. */
    reports: string[];
  };
  kubectl(args: string[]): Promise<{ code: number; stdout: string }>;
  /** The next write happens, but its reply is lost. */
  loseNextReply?(): void;
  createDeployment(name: string, options: { replicas: number; image: PinnedImage }): Promise<void>;
  dispose(): Promise<void>;
}

/** Of two tests, one of which has failed with a secret in its message. */
export const reportText =
  '<testsuites><testsuite name="shop"><testcase classname="shop" name="search"/><testcase classname="shop" name="checkout"><failure message="no answer, DB_PASSWORD=geheim"/></testcase></testsuite></testsuites>';

const patience = 300_000;
const deployment = 'api-of-smoke';

/** What everybody who runs smoke tests must do. */
export function describeSmoke(name: string, setUp: () => Promise<SmokeWorld>): void {
  describe(`Smoke tests: ${name}`, () => {
    let world: SmokeWorld;
    beforeAll(async () => {
      world = await setUp();
      await world.createDeployment(deployment, { replicas: 1, image: world.images.good });
    }, patience);
    afterAll(async () => world.dispose(), patience);

    const aJob = (over: Partial<SmokeJob> = {}): SmokeJob => ({
      cluster: world.clusterRef,
      namespace: world.namespace,
      name: `smoke-${randomUUID().slice(0, 12)}`,
      like: { deployment, container: 'api' },
      image: world.images.good,
      command: world.commands.succeeds,
      env: { COLOUR: 'green' },
      labels: { 'slipway/smoke': 'checkout' },
      timeoutMs: 100_000,
      ...over,
    });

    type Running = Extract<SmokeObservation, { state: 'running' }>;

    async function ended(job: SmokeJob, during: (look: Running) => void = () => undefined): Promise<SmokeObservation> {
      for (;;) {
        const seen = await world.smoke.observe(job);
        if (seen.state !== 'running') return seen;
        during(seen);
        await pause(150);
      }
    }

    async function run(over: Partial<SmokeJob>): Promise<{ job: SmokeJob; seen: SmokeObservation }> {
      const job = aJob(over);
      await world.smoke.start(job);
      return { job, seen: await ended(job) };
    }

    async function kubectl(...args: string[]): Promise<void> {
      expect(await world.kubectl([...args, '-n', world.namespace])).toMatchObject({ code: 0 });
    }

    async function get<T>(...what: string[]): Promise<T> {
      const { stdout } = await world.kubectl(['get', ...what, '-n', world.namespace, '-o', 'json']);
      return JSON.parse(stdout) as T;
    }

    const podsOf = async ({ name }: SmokeJob) =>
      (await get<{ items: unknown[] }>('pods', '-l', `job-name=${name}`)).items;

    it(
      'adopts its own Job when the reply was lost, and runs nothing twice',
      async () => {
        const job = aJob();
        world.loseNextReply?.();
        const first = await world.smoke.start(job).catch((error: unknown) => error);
        if (world.loseNextReply) expect(first).toMatchObject({ details: { kind: 'retryable' } });
        expect(await world.smoke.start(job)).toEqual({ adopted: true });
        expect(await ended(job)).toMatchObject({ state: 'ended', succeeded: true });
        expect(await world.smoke.start(job)).toEqual({ adopted: true });
        expect(await podsOf(job)).toHaveLength(1);
      },
      patience,
    );

    it(
      'tells success, and what its program printed',
      async () => {
        const { seen } = await run({});
        expect(seen).toEqual({
          state: 'ended',
          uid: expect.any(String),
          succeeded: true,
          begun: true,
          exitCode: 0,
          reason: '',
          log: 'colour=green\n',
        });
      },
      patience,
    );

    it(
      'tells failure with exit code and last words, without the secrets in them, and does not try again',
      async () => {
        const { job, seen } = await run({ command: world.commands.fails });
        expect(seen).toMatchObject({ state: 'ended', succeeded: false, begun: true, exitCode: 3 });
        expect(JSON.stringify(seen)).toContain('boom');
        expect(JSON.stringify(seen)).not.toContain('geheim');
        expect(await world.smoke.start(job)).toEqual({ adopted: true });
        expect(await world.smoke.observe(job)).toEqual(seen);
        expect(await podsOf(job)).toHaveLength(1);
      },
      patience,
    );

    it(
      'reads the report among what else is printed, and keeps no secret of it',
      async () => {
        const { seen } = await run({ command: world.commands.reports, report: 'junit' });
        expect(seen).toMatchObject({
          exitCode: 1,
          report: {
            total: 2,
            failed: [{ name: 'shop › checkout', message: expect.stringMatching(/^no answer, DB_PASSWORD=/) }],
          },
        });
        expect(JSON.stringify(seen)).not.toContain('geheim');
      },
      patience,
    );

    it(
      'says that there is no report where one was promised',
      async () => {
        expect((await run({ report: 'junit' })).seen).toMatchObject({
          succeeded: true,
          report: { unread: 'it printed no JUnit report' },
        });
      },
      patience,
    );

    it(
      'tells an image that cannot be pulled as a test that has not begun',
      async () => {
        const { job, seen } = await run({ image: world.images.missing });
        expect(seen).toMatchObject({ state: 'ended', succeeded: false, begun: false, log: '' });
        await world.smoke.remove(job);
      },
      patience,
    );

    it(
      'ends at its time limit',
      async () => {
        const job = aJob({ command: world.commands.sleeps, timeoutMs: 10_000 });
        await world.smoke.start(job);
        let ranMs = 0;
        const seen = await ended(job, (look) => (ranMs = Math.max(ranMs, look.ranMs ?? 0)));
        expect(seen).toMatchObject({ begun: true, reason: expect.stringMatching(/^DeadlineExceeded/) });
        expect(ranMs).toBeGreaterThan(0);
        expect(ranMs).toBeLessThanOrEqual(job.timeoutMs);
        await kubectl('delete', 'pod', '-l', `job-name=${job.name}`, '--ignore-not-found');
        expect(await world.smoke.observe(job)).toMatchObject({ state: 'ended', log: '', podGone: true });
      },
      patience,
    );

    it(
      'that was never seen to run says so of a Job that nobody looked at before its time was over',
      async () => {
        // No node takes its pod; where nodes are not chosen, none can have its image.
        const nowhere = 'nowhere-of-smoke';
        await world.createDeployment(nowhere, { replicas: 0, image: world.images.good });
        const patch = { spec: { template: { spec: { nodeSelector: { 'slipway/test': 'no-such-node' } } } } };
        await kubectl('patch', 'deployment', nowhere, '-p', JSON.stringify(patch));
        const like = { deployment: nowhere, container: 'api' };
        const job = aJob({ like, image: world.images.missing, timeoutMs: 10_000 });
        await world.smoke.start(job);
        await kubectl('wait', `job/${job.name}`, '--for=condition=Failed', '--timeout=200s');
        const seen = await ended(job);
        expect(seen).toMatchObject({ state: 'ended', reason: expect.stringMatching(/^DeadlineExceeded/) });
        expect(seen).not.toHaveProperty('ranMs');
        expect(judgeSmoke(seen as SmokeEnd, job).verdict).toBe('inconclusive');
      },
      patience,
    );

    it(
      'refuses a Job of the same name that does something else',
      async () => {
        const { job } = await run({});
        const other = { ...job, command: world.commands.fails };
        for (const work of [() => world.smoke.start(other), () => world.smoke.observe(other)])
          expect(await work().catch(codeOf)).toBe('SLIP-SMK-2');
      },
      patience,
    );

    it(
      'removes a Job that runs, with its pod, and does not mind a missing one',
      async () => {
        const job = aJob({ command: world.commands.sleeps });
        await world.smoke.start(job);
        await world.smoke.remove(job);
        await world.smoke.remove(job);
        expect(await ended(job)).toEqual({ state: 'missing' });
        expect(await podsOf(job)).toEqual([]);
      },
      patience,
    );

    it(
      'removes the Job that was seen, and no other that has its name by now',
      async () => {
        const { job, seen } = await run({});
        const uid = seen.state === 'ended' ? seen.uid : '';
        await world.smoke.remove(job, 'another');
        expect(await world.smoke.observe(job)).toEqual(seen);
        await world.smoke.remove(job, uid);
        expect(await ended(job)).toEqual({ state: 'missing' });
      },
      patience,
    );

    it(
      'gives it nothing of the Deployment but where it runs, no rights, and no more than its share',
      async () => {
        const named = ['deployment', deployment, '-n', world.namespace];
        await world.kubectl([
          'set',
          'env',
          `deployment/${deployment}`,
          'COLOUR=blue',
          'SHAPE=round',
          '-n',
          world.namespace,
        ]);
        const { job } = await run({});
        const { spec } = await get<{ spec: { backoffLimit: number; template: { spec: PodSpec } } }>('job', job.name);
        expect(spec).toMatchObject({
          backoffLimit: 0,
          activeDeadlineSeconds: 100,
          ttlSecondsAfterFinished: 86_400,
          template: { spec: { restartPolicy: 'Never', automountServiceAccountToken: false } },
        });
        const pod = spec.template.spec;
        expect(pod.serviceAccountName ?? 'default').toBe('default');
        expect(pod.volumes ?? []).toEqual([]);
        expect(pod.containers).toEqual([
          expect.objectContaining({
            env: [{ name: 'COLOUR', value: 'green' }],
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              seccompProfile: { type: 'RuntimeDefault' },
            },
            resources: {
              requests: { cpu: '50m', memory: '64Mi', 'ephemeral-storage': '0' },
              limits: { cpu: '1', memory: '512Mi', 'ephemeral-storage': '1Gi' },
            },
          }),
        ]);
        expect(pod.containers[0]?.['envFrom'] ?? []).toEqual([]);
        expect((await world.kubectl(['rollout', 'status', ...named])).code).toBe(0);
      },
      patience,
    );

    it(
      'says what is missing where the Deployment is gone, and makes nothing',
      async () => {
        const job = aJob({ like: { deployment: 'nowhere', container: 'api' } });
        expect(await world.smoke.start(job).catch(codeOf)).toBe('SLIP-SMK-3');
        expect(await world.smoke.observe(job)).toEqual({ state: 'missing' });
      },
      patience,
    );

    it(
      'finds before any is made that its rights suffice',
      async () => {
        const { cluster, namespace, like } = aJob();
        expect(await world.smoke.look({ cluster, namespace, like })).toEqual({ wrong: [], lacking: [], unseen: [] });
      },
      patience,
    );
  });
}

interface PodSpec {
  serviceAccountName?: string;
  volumes?: unknown[];
  containers: Record<string, unknown>[];
}

function codeOf(error: unknown): unknown {
  return error instanceof Failure ? error.details.code : error;
}
