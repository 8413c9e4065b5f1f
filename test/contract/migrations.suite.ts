import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
    /** Prints `options=$PGOPTIONS`, and ends with 0. */
    tellsOptions: string[];
    /** Prints `line 1` to `line 2000`, each on a line of its own, and ends with 0. */
    chats: string[];
  };
  /** The real kubectl on this region: the oracle. */
  kubectl(args: string[]): Promise<{ code: number; stdout: string }>;
  /** The next write happens, but its reply is lost. */
  loseNextReply?(): void;
  /** Makes a Deployment with one container and waits until it is complete. */
  createDeployment(name: string, options: { replicas: number; image: PinnedImage }): Promise<void>;
  dispose(): Promise<void>;
}

const anyUid = expect.any(String) as unknown as string;
const patience = 300_000;

/** `forgotten`: a version that the region remembers no more; a real one has such only after minutes. */
export function describeMigrations(
  name: string,
  setUp: () => Promise<MigrationsWorld>,
  { forgotten }: { forgotten?: string } = {},
): void {
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
        may: { for: 'changing', serviceAccounts: [] },
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

    async function missing(job: MigrationJob): Promise<Extract<JobObservation, { state: 'missing' }>> {
      const seen = await world.jobs.observe(job);
      if (seen.state !== 'missing') throw new Error(`${job.name} is ${seen.state}`);
      return seen;
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

    /** Creates any object, as a platform team would. */
    async function create(object: Record<string, unknown>): Promise<void> {
      const created = await sent(object, ['create', '-n', world.namespace, '--validate=false']);
      expect(created.code).toBe(0);
    }

    async function sent(object: unknown, command: string[]): Promise<{ code: number; stdout: string }> {
      const directory = await mkdtemp(path.join(tmpdir(), 'slipway-object-'));
      try {
        const file = path.join(directory, 'object.json');
        await writeFile(file, JSON.stringify(object));
        return await world.kubectl([...command, '-f', file]);
      } finally {
        await rm(directory, { recursive: true });
      }
    }

    async function aSecret(stringData: Record<string, string>): Promise<string> {
      const name = `secret-${randomUUID().slice(0, 8)}`;
      const data = Object.fromEntries(Object.entries(stringData).map(([key, text]) => [key, btoa(text)]));
      await create({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, data });
      return name;
    }

    /** A Deployment without pods: what it would run with is all that is borrowed. */
    async function aDeployment(pod: Record<string, unknown>, container: Record<string, unknown>) {
      const name = `core-${randomUUID().slice(0, 8)}`;
      const labels = { app: name };
      const containers = [
        { name: 'proxy', image: world.images.good },
        { name: 'api', image: world.images.good, ...container },
      ];
      await create({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name },
        spec: {
          replicas: 0,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { ...pod, containers } },
        },
      });
      return { deployment: name, container: 'api' };
    }

    async function logOf(job: MigrationJob): Promise<string> {
      await world.jobs.start(job);
      const seen = await ended(job);
      expect(seen).toMatchObject({ state: 'succeeded' });
      return seen.state === 'succeeded' ? seen.log.trim() : '';
    }

    async function specOf(job: MigrationJob): Promise<Templated & Record<string, unknown>> {
      const { stdout } = await world.kubectl(['get', 'job', job.name, '-n', job.namespace, '-o', 'json']);
      return (JSON.parse(stdout) as { spec: Templated & Record<string, unknown> }).spec;
    }

    async function statusOf(job: MigrationJob): Promise<{ active?: number }> {
      const { stdout } = await world.kubectl(['get', 'job', job.name, '-n', job.namespace, '-o', 'json']);
      return (JSON.parse(stdout) as { status: { active?: number } }).status;
    }

    it(
      'finds before any Job is made what is there, and does not take what it may not look at for missing',
      async () => {
        const secret = await aSecret({ COLOUR: 'blue' });
        const envFrom = [{ secretRef: { name: secret } }, { configMapRef: { name: 'not-needed', optional: true } }];
        const like = await aDeployment({}, { envFrom });
        const place = { cluster: world.clusterRef, namespace: world.namespace };
        const look = await world.jobs.look({ ...place, like, secrets: [secret] });
        expect(look).toMatchObject({ wrong: [], lacking: [] });
        expect(look.unseen.filter((what) => what !== `Secret ${world.namespace}/${secret}`)).toEqual([]);
      },
      patience,
    );

    it(
      'names before any Job is made all that its Jobs need and that is not there',
      async () => {
        const { namespace, clusterRef: cluster } = world;
        const envFrom = [{ secretRef: { name: 'no-secret' } }, { configMapRef: { name: 'no-settings' } }];
        const like = await aDeployment({ serviceAccountName: 'nobody' }, { envFrom });
        const look = await world.jobs.look({ cluster, namespace, like, secrets: ['no-database'] });
        const needed = [
          `Secret ${namespace}/no-database`,
          `Secret ${namespace}/no-secret`,
          `ConfigMap ${namespace}/no-settings`,
          `ServiceAccount ${namespace}/nobody`,
        ];
        // Where the rights to look are missing it says so instead.
        const told = [...look.wrong.map((text) => text.replace(' does not exist', '')), ...look.unseen];
        expect(told.sort()).toEqual(needed.sort());

        const other = { deployment: `${like.deployment}x`, container: 'api' };
        expect((await world.jobs.look({ cluster, namespace, like: other, secrets: [] })).wrong).toEqual([
          `Deployment ${namespace}/${other.deployment} does not exist: did you mean \`${like.deployment}\`?`,
        ]);
      },
      patience,
    );

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
        expect(await ended(job)).toEqual({ state: 'succeeded', log: 'colour=green\ndone\n', uid: anyUid });
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
        const job = aJob({ command: world.commands.sleeps, timeoutMs: 10_000 });
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
        expect(await ended(job)).toMatchObject({ state: 'missing' });
        expect(await podsOf(job)).toEqual([]);
        await world.jobs.remove(job);
      },
      patience,
    );

    it(
      'knows of what began and went between two looks, and of nothing that never did',
      async () => {
        const begins = aJob({ command: world.commands.sleeps });
        const { version } = await missing(begins);
        await world.jobs.start(begins);
        await until(async () => (await podsOf(begins)).filter(isRunning));
        await world.jobs.remove(begins);
        await ended(begins);
        expect(await world.jobs.mayHaveBegunSince(begins, version)).toBe(true);
        expect(await world.jobs.mayHaveBegunSince(begins, (await missing(begins)).version)).toBe(false);

        const never = aJob({ image: world.images.missing });
        await world.jobs.start(never);
        await until(async () => podsOf(never));
        await world.jobs.remove(never);
        await ended(never);
        expect(await world.jobs.mayHaveBegunSince(never, version)).toBe(false);
      },
      patience,
    );

    if (forgotten !== undefined)
      it('does not say that nothing began where the cluster does not remember so far back', async () => {
        expect(await world.jobs.mayHaveBegunSince(aJob(), forgotten)).toBe(true);
      });

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
      'borrows where, as whom and with what means the pods of the component run',
      async () => {
        const like = await aDeployment(borrowedPod, borrowedContainer);
        const whole = aJob({ like, env: {} });
        await logOf(whole);
        const { template } = await specOf(whole);
        expect(template.spec).toMatchObject(borrowedPod);
        expect(template.spec.containers).toMatchObject([borrowedContainer]);

        const place = aJob({ like: { ...like, only: 'place' }, env: {} });
        await logOf(place);
        const elsewhere = (await specOf(place)).template.spec;
        const { serviceAccountName: _account, volumes: _volumes, ...where } = borrowedPod;
        expect(elsewhere).toMatchObject(where);
        for (const key of ['serviceAccountName', 'volumes']) expect(elsewhere).not.toHaveProperty(key);
        expect(elsewhere.containers).toMatchObject([{ resources: borrowedContainer.resources }]);
        expect(elsewhere.containers[0]).not.toHaveProperty('volumeMounts');
        expect(JSON.stringify(elsewhere.containers)).not.toContain('MODE');
      },
      patience,
    );

    it(
      'runs without a token for its cluster, and gains no rights that it was not begun with',
      async () => {
        const like = await aDeployment({ ...borrowedPod, automountServiceAccountToken: true }, borrowedContainer);
        for (const job of [aJob(), aJob({ like, env: {} })]) {
          await logOf(job);
          const { spec } = (await specOf(job)).template;
          expect(spec).toMatchObject({ automountServiceAccountToken: false });
          expect(spec.containers).toMatchObject([{ securityContext: { allowPrivilegeEscalation: false } }]);
        }
      },
      patience,
    );

    it(
      'starts nothing that would hold a secret of the Deployment that it may not hold while it only looks',
      async () => {
        const [allowed, writes] = await Promise.all([aSecret({ COLOUR: 'blue' }), aSecret({ COLOUR: 'red' })]);
        const may = { for: 'looking' as const, serviceAccounts: [], secrets: [allowed] };
        const lending = (name: string) => aDeployment({}, { envFrom: [{ secretRef: { name } }] });
        const refused = aJob({ like: await lending(writes), env: {}, may });
        expect(detailsOf(await world.jobs.start(refused).catch((error: unknown) => error))).toMatchObject({
          code: 'SLIP-MIG-17',
          detail: expect.stringContaining(`the secret ${writes} of`),
        });
        expect(await world.jobs.observe(refused)).toMatchObject({ state: 'missing' });
        expect(await logOf(aJob({ like: await lending(allowed), env: {}, may }))).toContain('colour=blue');
      },
      patience,
    );

    it(
      'finds its own Job when the policy has changed since it was made',
      async () => {
        const job = aJob();
        await world.jobs.start(job);
        const may = { for: 'changing' as const, serviceAccounts: ['somebody'] };
        expect(await world.jobs.start({ ...job, may })).toEqual({ adopted: true });
        await ended(job);
      },
      patience,
    );

    it(
      'lets secrets of its own win over what it borrows, where they have the variable',
      async () => {
        const like = await aDeployment({}, { env: [{ name: 'COLOUR', value: 'blue' }] });
        const [red, none] = await Promise.all([aSecret({ COLOUR: 'red' }), aSecret({ SHAPE: 'round' })]);
        expect(await logOf(aJob({ like, env: {}, envFrom: [red] }))).toContain('colour=red');
        expect(await logOf(aJob({ like, env: {}, envFrom: [none] }))).toContain('colour=blue');
      },
      patience,
    );

    it(
      'borrows what a release brings before that is there, and lets secrets of its own win over it',
      async () => {
        const [red, none] = await Promise.all([aSecret({ COLOUR: 'red' }), aSecret({ SHAPE: 'round' })]);
        const valueFrom = { secretKeyRef: { name: red, key: 'COLOUR' } };
        const like = await aDeployment({}, { env: [{ name: 'COLOUR', valueFrom }] });
        const telling = (over: Partial<MigrationJob>) =>
          logOf(aJob({ like, brought: { COLOUR: 'yellow' }, env: {}, ...over }));
        expect(await telling({})).toContain('colour=yellow');
        expect(await telling({ envFrom: [none] })).toContain('colour=yellow');
        expect(await telling({ envFrom: [red] })).toContain('colour=red');
        expect(await telling({ env: { COLOUR: 'green' } })).toContain('colour=green');
        expect(await telling({ like: { ...like, only: 'place' } })).not.toContain('yellow');
      },
      patience,
    );

    it(
      'borrows nothing that the release takes out of the Deployment, and all of it where nothing is put in place there',
      async () => {
        const like = await aDeployment({}, {});
        const container = { name: 'api', env: [{ name: 'COLOUR', value: 'ours' }] };
        const written = {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: like.deployment },
          spec: { template: { spec: { containers: [container] } } },
        };
        const applying = (manager: string) =>
          sent(written, ['apply', '--server-side', '--validate=false', `--field-manager=${manager}`, '-n', world.namespace]); // prettier-ignore
        expect(await applying('slipway')).toMatchObject({ code: 0 });
        expect(await logOf(aJob({ like, env: {}, brought: {} }))).not.toContain('ours');
        expect(await logOf(aJob({ like, env: {}, brought: { SHAPE: 'round' } }))).not.toContain('ours');
        expect(await logOf(aJob({ like, env: {} }))).toContain('colour=ours');
        // Another manifest has it as well: it stays.
        expect(await applying('flux')).toMatchObject({ code: 0 });
        expect(await logOf(aJob({ like, env: {}, brought: {} }))).toContain('colour=ours');
      },
      patience,
    );

    it(
      'puts its own text at the end of a variable, wherever the rest of it comes from',
      async () => {
        const appended = { PGOPTIONS: '-c lock_timeout=5000' };
        const telling = (over: Partial<MigrationJob>) => logOf(aJob({ command: world.commands.tellsOptions, ...over }));
        const secret = await aSecret({ PGOPTIONS: '-c b=2' });
        const like = await aDeployment(
          {},
          { envFrom: [{ secretRef: { name: secret } }], env: [{ name: 'OTHER', value: 'x' }] },
        );
        const inEnv = await aDeployment({}, { env: [{ name: 'PGOPTIONS', value: '-c c=3' }] });
        expect(await telling({ appended })).toBe('options= -c lock_timeout=5000');
        expect(await telling({ appended, env: { PGOPTIONS: '-c a=1' } })).toBe('options=-c a=1 -c lock_timeout=5000');
        expect(await telling({ appended, envFrom: [secret] })).toBe('options=-c b=2 -c lock_timeout=5000');
        expect(await telling({ appended, like })).toBe('options=-c b=2 -c lock_timeout=5000');
        expect(await telling({ appended, like: inEnv })).toBe('options=-c c=3 -c lock_timeout=5000');
        expect(await telling({ like: inEnv })).toBe('options=-c c=3');
      },
      patience,
    );

    it(
      'tells the end of a log, and all of it where all of it is wanted',
      async () => {
        const job = aJob({ command: world.commands.chats });
        const end = await logOf(job);
        expect(end).toMatch(/line 2000$/);
        expect(end).not.toContain('line 1\n');
        const all = Array.from({ length: 2_000 }, (_, n) => `line ${n + 1}\n`).join('');
        expect(await world.jobs.observe(job, { wholeLogBytes: 100_000 })).toEqual({
          state: 'succeeded',
          log: all,
          uid: anyUid,
        });
        expect(await world.jobs.observe(job, { wholeLogBytes: 10_000 })).toMatchObject({
          state: 'succeeded',
          cut: true,
        });
      },
      patience,
    );

    it(
      'does not start a Job that must be alone beside another that has not ended',
      async () => {
        const labels = { 'slipway-database': `alone-${randomUUID().slice(0, 8)}` };
        const atWork = aJob({ labels, command: world.commands.sleeps });
        await world.jobs.start(atWork);
        const alone = aJob({ labels, alone: true });
        expect(detailsOf(await world.jobs.start(alone).catch((error: unknown) => error))).toMatchObject({
          code: 'SLIP-MIG-11',
          kind: 'retryable',
          detail: expect.stringContaining(atWork.name),
        });
        expect(await world.jobs.observe(alone)).toMatchObject({ state: 'missing' });
        await world.jobs.remove(atWork);
        await ended(atWork);

        const failed = aJob({ labels, command: world.commands.fails });
        await world.jobs.start(failed);
        await ended(failed);
        expect(await world.jobs.start(alone)).toEqual({ adopted: false });
        expect(await world.jobs.start(alone)).toEqual({ adopted: true });
        await ended(alone);
      },
      patience,
    );

    it(
      'never runs again when its pod is drained, and says so',
      async () => {
        const job = aJob({ command: world.commands.sleeps });
        await world.jobs.start(job);
        const [name] = await until(async () =>
          (await podsOf(job)).filter(isRunning).map(({ metadata }) => metadata.name),
        );
        const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: job.namespace } };
        const address = `/api/v1/namespaces/${job.namespace}/pods/${name}/eviction`;
        expect((await sent(eviction, ['create', '--raw', address])).code).toBe(0);
        expect(await ended(job)).toMatchObject({
          state: 'failed',
          begun: true,
          reason: expect.stringMatching(/PodFailurePolicy.*DisruptionTarget/),
        });
        expect(await world.jobs.start(job)).toEqual({ adopted: true });
        expect((await podsOf(job)).map(({ metadata }) => metadata.name).filter((one) => one !== name)).toEqual([]);
        expect((await statusOf(job)).active ?? 0).toBe(0);
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
        expect(await world.jobs.observe(job)).toMatchObject({ state: 'missing' });
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
            rules: [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
          },
          template: { spec: { restartPolicy: 'Never' } },
        });
        await ended(job);
      },
      patience,
    );
  });
}

const borrowedPod = {
  serviceAccountName: 'default',
  imagePullSecrets: [{ name: 'registry-login' }],
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'shop', effect: 'NoSchedule' }],
  terminationGracePeriodSeconds: 5,
  volumes: [{ name: 'scratch', emptyDir: {} }],
};
const borrowedContainer = {
  env: [{ name: 'MODE', value: 'live' }],
  resources: { limits: { memory: '64Mi' }, requests: { cpu: '10m', memory: '32Mi' } },
  volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }],
};

interface Listed {
  items: { metadata: { name: string }; status: { phase?: string } }[];
}

interface Templated {
  template: { spec: { containers: Record<string, unknown>[] } };
}

function isRunning({ status }: Listed['items'][number]): boolean {
  return status.phase === 'Running';
}

/** Waits until there is something. */
async function until<T>(look: () => Promise<T[]>): Promise<T[]> {
  for (;;) {
    const found = await look();
    if (found.length > 0) return found;
    await pause(150);
  }
}

interface PodTemplated {
  spec: { template: { spec: { containers: { name: string }[] } } };
}

function detailsOf(error: unknown): unknown {
  return error instanceof Failure ? error.details : error;
}
