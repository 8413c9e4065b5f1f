import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AppliedChange, Kubernetes, WorkloadChange, WorkloadRef } from '../../activities/kubernetes/port.ts';
import type { ClusterRef, PinnedImage, Ticket } from '../../domain/contract/release.ts';
import { Failure } from '../../domain/errors/failure.ts';
import type { RolloutObservation } from '../../domain/rollout-observation.ts';
import { patienceOf } from '../../domain/rollout-patience.ts';
import { evaluateRollout, type RolloutVerdict } from '../../domain/rollout.ts';

/** A region for the suite to work in. */
export interface KubernetesWorld {
  kubernetes: Kubernetes;
  clusterRef: ClusterRef;
  namespace: string;
  /** `good` and `better` run; `crashing` writes a line to its log and ends with an exit code other than 0; `missing` cannot be pulled. */
  images: { good: PinnedImage; better: PinnedImage; crashing: PinnedImage; missing: PinnedImage };
  /** The real kubectl on this region: the oracle. */
  kubectl(args: string[]): Promise<{ code: number; stdout: string }>;
  /** The next write that is no dry run happens, but its reply is lost. */
  loseNextReply?(): void;
  /** Somebody else writes the Deployment between our next look and our write. */
  interfereOnce?(): void;
  /**
   * Makes a Deployment with one container and waits until it is complete. A container that ends at once must never count as available:
   * where a container counts as ready the moment it runs, that takes `minReadySeconds` of 2.
   */
  createDeployment(name: string, options: { replicas: number; image: PinnedImage }): Promise<void>;
  dispose(): Promise<void>;
}

/** Of a look. */
const allWell = { wrong: [], lacking: [], unseen: [] };

/** Long enough for a real kubelet; the simulated one needs a second or two. */
const patience = 300_000;
/** What goes wrong here will not get better, and what runs stays up. */
const quickly = patienceOf({ timeoutMs: patience / 2, patience: { imagePullMs: 3_000, steadyMs: 2_000 } });

export function describeKubernetes(name: string, setUp: () => Promise<KubernetesWorld>): void {
  describe(`Kubernetes: ${name}`, () => {
    let world: KubernetesWorld;

    beforeAll(async () => {
      world = await setUp();
    }, patience);
    afterAll(async () => world.dispose(), patience);

    /** A Deployment of its own for each test, running the good image. */
    async function aWorkload(replicas = 2): Promise<WorkloadRef & { container: string }> {
      const deployment = `api-${randomUUID().slice(0, 8)}`;
      await world.createDeployment(deployment, { replicas, image: world.images.good });
      const workload = { cluster: world.clusterRef, namespace: world.namespace, deployment };
      const state = await world.kubernetes.read(workload);
      return { ...workload, container: Object.keys(state?.images ?? {})[0] ?? '' };
    }

    function aChange(
      { container, ...workload }: WorkloadRef & { container: string },
      image: PinnedImage,
      ticket: Ticket = { incarnation: 1, n: 5 },
    ): WorkloadChange {
      return {
        workload,
        images: { [container]: image },
        env: {},
        ticket,
        purpose: 'deploy',
        releaseId: `release/shop/lab/${ticket.n}/1`,
        changeCause: `release ${ticket.n}`,
      };
    }

    /** The same images and ticket, put there as a rollback. */
    function rollbackOf(change: WorkloadChange): WorkloadChange {
      return { ...change, purpose: 'roll-back' };
    }

    async function podsOf(workload: WorkloadRef): Promise<string[]> {
      return (await world.kubernetes.observe(workload)).newPods.map((pod) => pod.name).sort();
    }

    /** Looks until the verdict is final; a complete one must be seen twice. */
    async function follow(
      change: WorkloadChange,
      applied: AppliedChange,
      each: (seen: RolloutObservation) => void = () => undefined,
    ): Promise<RolloutVerdict> {
      const { uid, generation, appliedAt } = applied;
      const target = {
        uid,
        generation,
        appliedAt,
        images: change.images,
        env: change.env,
        ...(applied.left?.some((variable) => Object.hasOwn(change.env, variable)) && { leavesTheirs: true as const }),
        before: applied.before,
        deadline: appliedAt + patience / 2,
        patience: quickly,
      };
      for (let completes = 0; ; await pause(150)) {
        const seen = await world.kubernetes.observe(change.workload);
        each(seen);
        const verdict = evaluateRollout(seen, target);
        completes = verdict.kind === 'complete' ? completes + 1 : 0;
        if (verdict.kind !== 'progressing' && (verdict.kind !== 'complete' || completes === 2)) return verdict;
      }
    }

    async function rollOut(change: WorkloadChange): Promise<RolloutVerdict> {
      return follow(change, await world.kubernetes.apply(change));
    }

    /** The Deployment as kubectl prints it. */
    async function deployed(workload: WorkloadRef): Promise<Deployed> {
      const get = [
        'get',
        'deployment',
        workload.deployment,
        '-n',
        workload.namespace,
        '-o',
        'json',
        '--show-managed-fields',
      ];
      return JSON.parse((await world.kubectl(get)).stdout) as Deployed;
    }

    /** As somebody else. */
    async function setEnv({ namespace, deployment }: WorkloadRef, ...assignments: string[]): Promise<void> {
      const set = ['set', 'env', `deployment/${deployment}`, '-n', namespace, ...assignments];
      expect(await world.kubectl(set)).toMatchObject({ code: 0 });
    }

    /** As somebody who applies a manifest of their own. */
    async function applyEnv(
      { namespace, deployment: name, container }: WorkloadRef & { container: string },
      env: Record<string, string>,
    ): Promise<void> {
      const variables = Object.entries(env).map(([variable, value]) => ({ name: variable, value }));
      const spec = { template: { spec: { containers: [{ name: container, env: variables }] } } };
      const directory = await mkdtemp(join(tmpdir(), 'slipway-manifest-'));
      const file = join(directory, 'deployment.json');
      await writeFile(
        file,
        JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec }),
      );
      const apply = ['apply', '--server-side', '--force-conflicts', '--validate=false', '--field-manager=flux'];
      expect(await world.kubectl([...apply, '-f', file])).toMatchObject({ code: 0 });
      await rm(directory, { recursive: true });
    }

    /** Who owns what a variable of the Deployment is set to. */
    async function valueOwners({ container, ...workload }: WorkloadRef & { container: string }, variable: string) {
      const { managedFields } = (await deployed(workload)).metadata;
      const path = ['spec', 'template', 'spec', 'containers'].map((field) => `f:${field}`);
      const keys = [...path, nameKey(container), 'f:env', nameKey(variable), 'f:value'];
      return managedFields.filter(({ fieldsV1 }) => isThere(fieldsV1, keys)).map(({ manager }) => manager);
    }

    async function variablesOf(workload: WorkloadRef): Promise<Record<string, string>> {
      const { env = [] } = (await deployed(workload)).spec.template.spec.containers[0]!;
      return Object.fromEntries(env.map(({ name, value = '' }) => [name, value]));
    }

    /** A container that is being restarted at this very moment has no log of its own, and the one before is just being taken away. */
    async function lastWords(workload: WorkloadRef & { container: string }, pod: string): Promise<string> {
      const request = { workload, pod, container: workload.container, maxBytes: 1_000 };
      for (let tries = 0; tries < 60; tries += 1) {
        const log = await world.kubernetes.logs({ ...request, previous: tries % 2 === 0 });
        if (log.trim() !== '') return log;
        await pause(250);
      }
      return '';
    }

    async function rolloutStatus(workload: WorkloadRef, timeout: string): Promise<number> {
      const status = [
        'rollout',
        'status',
        `deployment/${workload.deployment}`,
        '-n',
        workload.namespace,
        `--timeout=${timeout}`,
      ];
      return (await world.kubectl(status)).code;
    }

    async function givenUp(workload: WorkloadRef): Promise<void> {
      for (const end = Date.now() + patience / 2; Date.now() < end; await pause(200)) {
        const { deployment } = await world.kubernetes.observe(workload);
        if (deployment?.conditions.some((condition) => condition.reason === 'ProgressDeadlineExceeded')) return;
      }
      throw new Error('the controller did not give the rollout up');
    }

    it(
      'finds nothing wrong before a change with what is there and may be changed, and changes nothing by looking',
      async () => {
        const { container, ...workload } = await aWorkload();
        const before = await world.kubernetes.read(workload);
        const looks = await Promise.all(
          [1, 2].map(() => world.kubernetes.look(workload, [{ ...workload, containers: [container] }], [])),
        );
        expect(looks).toEqual([allWell, allWell]);
        expect(await world.kubernetes.read(workload)).toEqual(before);
      },
      patience,
    );

    it(
      'names before a change every Deployment and container that is not there, and what was probably meant',
      async () => {
        const { container, ...workload } = await aWorkload();
        const { namespace, deployment } = workload;
        const look = await world.kubernetes.look(
          workload,
          [
            { deployment: `${deployment}x`, containers: [container] },
            { deployment, containers: [container, `${container}x`] },
            { deployment, containers: [container] },
          ],
          [],
        );
        expect(look).toEqual({
          ...allWell,
          wrong: [
            `Deployment ${namespace}/${deployment}x does not exist: did you mean \`${deployment}\`?`,
            `Deployment ${namespace}/${deployment} has no container ${container}x: did you mean \`${container}\`?`,
          ],
        });
      },
      patience,
    );

    it(
      'names before a change every variable that somebody else sets, and none of its own',
      async () => {
        const workload = await aWorkload();
        const { container, namespace, deployment } = workload;
        await setEnv(workload, 'THEIRS=1');
        await rollOut({ ...aChange(workload, world.images.good), env: { OURS: '1' } });
        const look = (...names: string[]) =>
          world.kubernetes.look(workload, [{ deployment, containers: [container] }], names);
        expect(await look('OURS', 'NOBODYS')).toEqual(allWell);
        const where = `container ${container} of Deployment ${namespace}/${deployment}`;
        expect(await look('THEIRS', 'OURS')).toEqual({
          ...allWell,
          wrong: [
            `THEIRS is set in ${where} by somebody else (written by kubectl-set): take it out there, or leave it out in slipway.yaml`,
          ],
        });
      },
      patience,
    );

    it(
      'sets variables beside those of others, rolls out also where the image is the same, and takes out what is not named any more',
      async () => {
        const workload = await aWorkload();
        await setEnv(workload, 'THEIRS=1');
        const podsBefore = await podsOf(workload);
        const first = { ...aChange(workload, world.images.good), env: { LOG_LEVEL: 'debug', EMPTY: '' } };
        expect(await rollOut(first)).toMatchObject({ kind: 'complete' });
        expect(await variablesOf(workload)).toEqual({ THEIRS: '1', LOG_LEVEL: 'debug', EMPTY: '' });
        const podsAfter = await podsOf(workload);
        expect(podsAfter.filter((pod) => podsBefore.includes(pod))).toEqual([]);
        expect(await world.kubernetes.read(workload)).toMatchObject({
          env: { [workload.container]: { LOG_LEVEL: 'debug', EMPTY: '' } },
        });
        expect(await world.kubernetes.apply(first)).toMatchObject({ changed: false, repeated: true });
        const same = { ...first, ticket: { incarnation: 1, n: 6 } };
        expect(await world.kubernetes.apply(same)).toMatchObject({ changed: false, repeated: false });
        const next = { ...same, ticket: { incarnation: 1, n: 7 }, env: { LOG_LEVEL: 'info' } };
        expect(await rollOut(next)).toMatchObject({ kind: 'complete' });
        expect(await variablesOf(workload)).toEqual({ THEIRS: '1', LOG_LEVEL: 'info' });
        expect(await rollOut({ ...rollbackOf(next), env: {} })).toMatchObject({ kind: 'complete' });
        expect(await variablesOf(workload)).toEqual({ THEIRS: '1' });
      },
      patience,
    );

    it(
      'takes out nothing that others own a part of by now, and takes over nothing that they alone have',
      async () => {
        const workload = await aWorkload(1);
        const { container, namespace, deployment } = workload;
        const first = { ...aChange(workload, world.images.good), env: { MOVED: 'ours', GONE: '1' } };
        await rollOut(first);
        await setEnv(workload, 'MOVED=theirs', 'OTHERS=1');
        const next = { ...first, ticket: { incarnation: 1, n: 6 }, env: {} };
        const applied = await world.kubernetes.apply(next);
        expect(applied.left).toEqual(['MOVED']);
        expect(await follow(next, applied)).toMatchObject({ kind: 'complete' });
        expect(await variablesOf(workload)).toEqual({ MOVED: 'theirs', OTHERS: '1' });
        expect(await valueOwners(workload, 'MOVED')).toEqual(['kubectl-set']);
        expect(await world.kubernetes.apply(next)).toMatchObject({ repeated: true, left: ['MOVED'] });
        const greedy = { ...next, ticket: { incarnation: 1, n: 7 }, env: { OTHERS: '2' } };
        const refused = await world.kubernetes.apply(greedy).catch((error: unknown) => error);
        expect(detailsOf(refused)).toMatchObject({
          code: 'SLIP-K8S-27',
          kind: 'terminal',
          detail: `OTHERS is set in container ${container} of Deployment ${namespace}/${deployment} by somebody else (written by kubectl-set): take it out there, or leave it out in slipway.yaml`,
        });
        expect(await variablesOf(workload)).toEqual({ MOVED: 'theirs', OTHERS: '1' });
      },
      patience,
    );

    it.each(['deploy', 'roll-back'] as const)(
      'says of a %s which variables stay that it was to take out, because another manifest has them too',
      async (purpose) => {
        const workload = await aWorkload(1);
        const first = {
          ...aChange(workload, world.images.good),
          env: { DEBUG: '1', TOKEN: 'ours', LOG_LEVEL: 'info' },
        };
        await rollOut(first);
        await applyEnv(workload, { DEBUG: '1', TOKEN: 'theirs' });
        const next = { ...first, purpose, ticket: { incarnation: 1, n: 6 }, env: { LOG_LEVEL: 'warn' } };
        const applied = await world.kubernetes.apply(next);
        expect(applied.left).toEqual(['DEBUG', 'TOKEN']);
        expect(await follow(next, applied)).toMatchObject({ kind: 'complete' });
        expect(await variablesOf(workload)).toEqual({ DEBUG: '1', TOKEN: 'theirs', LOG_LEVEL: 'warn' });
        expect(await valueOwners(workload, 'TOKEN')).toEqual(['flux']);
        // Who left that to others has left nothing else to them.
        await setEnv(workload, 'LOG_LEVEL=loud');
        expect(await follow(next, applied)).toMatchObject({ kind: 'superseded' });
      },
      patience,
    );

    it(
      'lets go of what another manifest has too: it goes when they give it up, and the release still stands',
      async () => {
        const workload = await aWorkload(1);
        const env = { DEBUG: '1', TOKEN: 'ours', LOG_LEVEL: 'info' };
        const first = { ...aChange(workload, world.images.good), env };
        await rollOut(first);
        await applyEnv(workload, { DEBUG: '1', TOKEN: 'theirs' });
        const next = { ...first, ticket: { incarnation: 1, n: 6 }, env: { LOG_LEVEL: 'info' } };
        const applied = await world.kubernetes.apply(next);
        const state = await world.kubernetes.read(workload);
        expect(state?.env).toEqual({ [workload.container]: { LOG_LEVEL: 'info' } });
        // Nobody may have heard the reply: it is said again, as long as it is so.
        const left = ['DEBUG', 'TOKEN'];
        expect(applied).toMatchObject({ left });
        expect(await world.kubernetes.apply(next)).toMatchObject({ changed: false, repeated: true, left });
        await applyEnv(workload, {});
        expect(await variablesOf(workload)).toEqual({ LOG_LEVEL: 'info' });
        expect(await follow(next, applied)).toMatchObject({ kind: 'complete' });
        const again = await world.kubernetes.apply(next);
        expect(again).toMatchObject({ changed: false, repeated: true });
        expect(again).not.toHaveProperty('left');
      },
      patience,
    );

    it(
      'leaves as it is what another manifest has, whose value a release has changed since',
      async () => {
        const workload = await aWorkload(1);
        const first = { ...aChange(workload, world.images.good), env: { DEBUG: '1', LOG_LEVEL: 'info' } };
        await rollOut(first);
        await applyEnv(workload, { DEBUG: '1' });
        const changed = { ...first, ticket: { incarnation: 1, n: 6 }, env: { DEBUG: '2', LOG_LEVEL: 'info' } };
        expect(await follow(changed, await world.kubernetes.apply(changed))).toMatchObject({ kind: 'complete' });
        const next = { ...first, ticket: { incarnation: 1, n: 7 }, env: { LOG_LEVEL: 'info' } };
        expect(await world.kubernetes.apply(next)).toMatchObject({ left: ['DEBUG'] });
        expect(await variablesOf(workload)).toEqual({ DEBUG: '2', LOG_LEVEL: 'info' });
      },
      patience,
    );

    it(
      'is not superseded by the name that is left of what others have set and given up, and takes it out with the next release',
      async () => {
        const workload = await aWorkload(1);
        const first = { ...aChange(workload, world.images.good), env: { MOVED: 'ours', LOG_LEVEL: 'info' } };
        await rollOut(first);
        await setEnv(workload, 'MOVED=theirs');
        const next = { ...first, ticket: { incarnation: 1, n: 6 }, env: { LOG_LEVEL: 'info' } };
        const applied = await world.kubernetes.apply(next);
        expect(applied.left).toEqual(['MOVED']);
        await applyEnv(workload, { MOVED: 'from a manifest' });
        await applyEnv(workload, {});
        expect(await variablesOf(workload)).toEqual({ MOVED: '', LOG_LEVEL: 'info' });
        expect(await follow(next, applied)).toMatchObject({ kind: 'complete' });
        const later = { ...next, ticket: { incarnation: 1, n: 7 } };
        const taken = await world.kubernetes.apply(later);
        expect(taken.changed).toBe(true);
        expect(taken.generation).toBeGreaterThan(applied.generation);
        expect(await variablesOf(workload)).toEqual({ LOG_LEVEL: 'info' });
        expect(await follow(later, taken)).toMatchObject({ kind: 'complete' });
      },
      patience,
    );

    it(
      'takes out an empty variable like any other: the pods are made anew, and what still has it is something else',
      async () => {
        const workload = await aWorkload(1);
        const first = { ...aChange(workload, world.images.good), env: { FLAG: '', LOG_LEVEL: 'info' } };
        const before = await world.kubernetes.apply(first);
        expect(await follow(first, before)).toMatchObject({ kind: 'complete' });
        const next = { ...first, ticket: { incarnation: 1, n: 6 }, env: { LOG_LEVEL: 'info' } };
        expect(await follow(next, before)).toMatchObject({
          kind: 'superseded',
          summary: expect.stringContaining(`FLAG of ${workload.container}`),
        });
        const applied = await world.kubernetes.apply(next);
        expect(applied).toMatchObject({ changed: true, repeated: false });
        expect(applied.generation).toBeGreaterThan(before.generation);
        expect(await follow(next, applied)).toMatchObject({ kind: 'complete' });
        expect(await variablesOf(workload)).toEqual({ LOG_LEVEL: 'info' });
      },
      patience,
    );

    it(
      'goes back whatever others have made of a variable, and leaves that to them',
      async () => {
        const workload = await aWorkload(1);
        const { container, namespace, deployment } = workload;
        const first = { ...aChange(workload, world.images.good), env: { SECRET: 'plain', LOG_LEVEL: 'quiet' } };
        await rollOut(first);
        const valueFrom = { secretKeyRef: { name: 'shop', key: 'secret', optional: true } };
        const env = [
          { name: 'SECRET', value: null, valueFrom },
          { name: 'OTHERS', value: '1' },
        ];
        const patch = JSON.stringify({ spec: { template: { spec: { containers: [{ name: container, env }] } } } });
        expect(await world.kubectl(['patch', 'deployment', deployment, '-n', namespace, '-p', patch])).toMatchObject({
          code: 0,
        });
        const back = {
          ...rollbackOf({ ...first, env: { ...first.env, OTHERS: '2' } }),
          ticket: { incarnation: 1, n: 6 },
        };
        const applied = await world.kubernetes.apply(back);
        expect(applied.left).toEqual(['SECRET', 'OTHERS']);
        expect(await follow(back, applied)).toMatchObject({ kind: 'complete' });
        expect(await variablesOf(workload)).toEqual({ SECRET: '', LOG_LEVEL: 'quiet', OTHERS: '1' });
        expect(await world.kubernetes.apply(back)).toMatchObject({
          changed: false,
          repeated: true,
          left: ['SECRET', 'OTHERS'],
        });
        const forward = { ...first, ticket: { incarnation: 1, n: 7 } };
        const refused = await world.kubernetes.apply(forward).catch((error: unknown) => error);
        expect(detailsOf(refused)).toMatchObject({ code: 'SLIP-K8S-27' });
      },
      patience,
    );

    it(
      'tells who has changed a variable of ours, and not to what, and sets it again when it is asked to',
      async () => {
        const workload = await aWorkload(1);
        const change = { ...aChange(workload, world.images.good), env: { LOG_LEVEL: 'debug' } };
        const applied = await world.kubernetes.apply(change);
        expect(await follow(change, applied)).toMatchObject({ kind: 'complete' });
        await setEnv(workload, 'LOG_LEVEL=loud-secret');
        const seen = await follow(change, applied);
        expect(seen).toMatchObject({ kind: 'superseded', by: { manager: 'kubectl-set', ours: false } });
        expect(seen.summary).toContain(`LOG_LEVEL of ${workload.container}`);
        expect(seen.summary).not.toContain('loud-secret');
        const again = { ...change, ticket: { incarnation: 1, n: 6 } };
        expect(await rollOut(again)).toMatchObject({ kind: 'complete' });
        expect(await variablesOf(workload)).toEqual({ LOG_LEVEL: 'debug' });
      },
      patience,
    );

    it(
      'finds its own write again when the reply was lost, and writes no second time',
      async () => {
        const workload = await aWorkload();
        const change = aChange(workload, world.images.better);
        world.loseNextReply?.();
        const first = await world.kubernetes.apply(change).catch((error: unknown) => error);
        if (world.loseNextReply) expect(detailsOf(first)).toMatchObject({ kind: 'retryable' });
        const written = await world.kubernetes.read(workload);
        expect(written?.images).toEqual(change.images);

        const again = await world.kubernetes.apply(change);
        expect(again).toMatchObject({ changed: false, uid: written?.uid, generation: written?.generation });
        expect(await follow(change, again)).toMatchObject({ kind: 'complete' });
      },
      patience,
    );

    it(
      'makes one change of two at once',
      async () => {
        const workload = await aWorkload();
        const before = await world.kubernetes.read(workload);
        const change = aChange(workload, world.images.better);
        const both = await Promise.all([world.kubernetes.apply(change), world.kubernetes.apply(change)]);
        expect(both.map((one) => one.changed).sort()).toEqual([false, true]);
        expect(both.map((one) => one.generation)).toEqual(Array(2).fill((before?.generation ?? 0) + 1));
      },
      patience,
    );

    it(
      'reads and judges again when somebody else wrote in between',
      async () => {
        const workload = await aWorkload();
        const change = aChange(workload, world.images.better);
        world.interfereOnce?.();
        expect(await world.kubernetes.apply(change)).toMatchObject({ changed: true });
        expect((await world.kubernetes.read(workload))?.images).toEqual(change.images);
      },
      patience,
    );

    it(
      'tells a ticket that no lane has given out, and passes over it once people have ordered that',
      async () => {
        const workload = await aWorkload();
        await world.kubernetes.apply(aChange(workload, world.images.better, { incarnation: 999, n: 1 }));
        const ours = aChange(workload, world.images.good, { incarnation: 2, n: 3 });
        const last = { incarnation: 2, n: 4 };
        const refused = world.kubernetes.apply({ ...ours, tickets: { last, passedOver: ['998.1'] } });
        expect(detailsOf(await refused.catch((error: unknown) => error))).toMatchObject({
          code: 'SLIP-K8S-24',
          detail: expect.stringContaining('carries ticket 999.1, and the last that its lane gave out is 2.4'),
        });
        await world.kubernetes.apply({ ...ours, tickets: { last, passedOver: ['999.1'] } });
        expect(await world.kubernetes.read(workload)).toMatchObject({ ticket: ours.ticket });
        const later = aChange(workload, world.images.better, last);
        await world.kubernetes.apply({ ...later, tickets: { last, passedOver: ['999.1'] } });
        // What a lane has given out is never passed over.
        const late = world.kubernetes.apply({ ...ours, tickets: { last, passedOver: ['2.4'] } });
        expect(detailsOf(await late.catch((error: unknown) => error))).toMatchObject({ code: 'SLIP-K8S-4' });
      },
      patience,
    );

    it(
      'refuses the write of an older ticket after a newer one has written',
      async () => {
        const workload = await aWorkload();
        await world.kubernetes.apply(aChange(workload, world.images.better, { incarnation: 2, n: 1 }));
        const late = world.kubernetes.apply(aChange(workload, world.images.crashing, { incarnation: 1, n: 9 }));
        expect(detailsOf(await late.catch((error: unknown) => error))).toMatchObject({
          code: 'SLIP-K8S-4',
          kind: 'terminal',
        });
        expect(await world.kubernetes.read(workload)).toMatchObject({
          images: { [workload.container]: world.images.better },
          ticket: { incarnation: 2, n: 1 },
          releaseId: 'release/shop/lab/1/1',
        });
      },
      patience,
    );

    it(
      'rolls back what the same ticket has deployed, and lets no late deploy of that ticket undo it',
      async () => {
        const workload = await aWorkload();
        const deploy = aChange(workload, world.images.better);
        await world.kubernetes.apply(deploy);
        expect(await world.kubernetes.read(workload)).toMatchObject({ purpose: 'deploy' });

        const back = rollbackOf(aChange(workload, world.images.good));
        expect(await world.kubernetes.apply(back)).toMatchObject({ changed: true });
        const rolledBack = await world.kubernetes.read(workload);
        expect(detailsOf(await world.kubernetes.apply(deploy).catch((error: unknown) => error))).toMatchObject({
          code: 'SLIP-K8S-4',
          kind: 'terminal',
        });
        expect(rolledBack).toMatchObject({ images: back.images, purpose: 'roll-back' });
        expect(await world.kubernetes.read(workload)).toEqual(rolledBack);

        const next = aChange(workload, world.images.better, { incarnation: 1, n: 6 });
        expect(await world.kubernetes.apply(next)).toMatchObject({ changed: true });
        expect(await world.kubernetes.read(workload)).toMatchObject({ images: next.images, purpose: 'deploy' });
      },
      patience,
    );

    it(
      'writes down that it rolled back, without touching the pods, when the images are right already',
      async () => {
        const workload = await aWorkload();
        const deploy = aChange(workload, world.images.better);
        expect(await rollOut(deploy)).toMatchObject({ kind: 'complete' });
        const before = await podsOf(workload);
        const applied = await world.kubernetes.apply(rollbackOf(deploy));
        expect(applied.changed).toBe(false);
        expect((await deployed(workload)).metadata.annotations).toMatchObject({ 'slipway/purpose': 'roll-back' });
        expect(await follow(deploy, applied)).toMatchObject({ kind: 'complete' });
        expect(await podsOf(workload)).toEqual(before);
      },
      patience,
    );

    it(
      'writes a newer ticket without touching the pods when the images are right already',
      async () => {
        const workload = await aWorkload();
        const before = await podsOf(workload);
        const change = aChange(workload, world.images.good, { incarnation: 1, n: 6 });
        const applied = await world.kubernetes.apply(change);
        expect(applied.changed).toBe(false);
        expect(await world.kubernetes.read(workload)).toMatchObject({
          ticket: change.ticket,
          generation: applied.generation,
        });
        expect(await follow(change, applied)).toMatchObject({ kind: 'complete' });
        expect(await podsOf(workload)).toEqual(before);
      },
      patience,
    );

    it(
      'writes nothing at all when everything is as wanted',
      async () => {
        const workload = await aWorkload();
        const change = aChange(workload, world.images.better);
        expect(await rollOut(change)).toMatchObject({ kind: 'complete' });
        const before = await deployed(workload);
        expect(await world.kubernetes.apply(change)).toMatchObject({ changed: false, before: change.images });
        expect(withoutItsController(await deployed(workload))).toEqual(withoutItsController(before));
      },
      patience,
    );

    it(
      'refuses an unknown container and adds none',
      async () => {
        const workload = await aWorkload();
        const wrong = { ...aChange(workload, world.images.better), images: { sidecar: world.images.better } };
        expect(detailsOf(await world.kubernetes.apply(wrong).catch((error: unknown) => error))).toMatchObject({
          code: 'SLIP-K8S-3',
          kind: 'terminal',
        });
        const state = await world.kubernetes.read(workload);
        expect(state?.images).toEqual({ [workload.container]: world.images.good });
        expect(state?.ticket).toBeUndefined();
      },
      patience,
    );

    it(
      'refuses an image that is not pinned',
      async () => {
        const workload = await aWorkload();
        const change = aChange(workload, 'registry.test/shop/api:latest');
        expect(detailsOf(await world.kubernetes.apply(change).catch((error: unknown) => error))).toMatchObject({
          code: 'SLIP-K8S-15',
        });
      },
      patience,
    );

    it(
      'says of a missing Deployment that it is missing',
      async () => {
        const workload = {
          cluster: world.clusterRef,
          namespace: world.namespace,
          deployment: 'nowhere',
          container: 'api',
        };
        expect(await world.kubernetes.read(workload)).toBeUndefined();
        expect((await world.kubernetes.observe(workload)).deployment).toBeUndefined();
        const change = aChange(workload, world.images.better);
        expect(detailsOf(await world.kubernetes.apply(change).catch((error: unknown) => error))).toMatchObject({
          code: 'SLIP-K8S-2',
          kind: 'terminal',
        });
      },
      patience,
    );

    it(
      'completes by digest, and kubectl agrees',
      async () => {
        const workload = await aWorkload();
        const change = aChange(workload, world.images.better);
        const applied = await world.kubernetes.apply(change);
        expect(applied).toMatchObject({ changed: true, before: { [workload.container]: world.images.good } });
        expect(Math.abs(applied.appliedAt - Date.now())).toBeLessThan(patience);

        expect(await follow(change, applied)).toMatchObject({
          kind: 'complete',
          counts: { wanted: 2, available: 2, old: 0 },
        });
        expect(await rolloutStatus(workload, '1s')).toBe(0);
        const seen = await world.kubernetes.observe(workload);
        const digest = world.images.better.split('@')[1];
        expect(seen.newPods.map((pod) => pod.containers[0]?.imageId.endsWith(digest ?? '-'))).toEqual([true, true]);
        const history = await world.kubectl([
          'rollout',
          'history',
          `deployment/${workload.deployment}`,
          '-n',
          workload.namespace,
        ]);
        expect(history.stdout).toContain('release 5');
      },
      patience,
    );

    it(
      "diagnoses a crash loop in the pod's words while the old pods go on serving",
      async () => {
        const workload = await aWorkload();
        const change = aChange(workload, world.images.crashing);
        const serving: number[] = [];
        const verdict = await follow(change, await world.kubernetes.apply(change), (seen) =>
          serving.push(seen.deployment?.available ?? 0),
        );
        expect(verdict).toMatchObject({
          kind: 'failed',
          cause: {
            reason: 'CrashLoopBackOff',
            container: workload.container,
            pod: expect.any(String),
            exitCode: expect.any(Number),
          },
        });
        expect(Math.min(...serving)).toBeGreaterThanOrEqual(1);
        const { old, oldReady } = verdict.kind === 'failed' ? verdict.counts : {};
        expect([oldReady, oldReady === 0]).toEqual([old, false]);
        expect(await rolloutStatus(workload, '1s')).not.toBe(0);

        const pod = verdict.kind === 'failed' ? (verdict.cause.pod ?? '') : '';
        const log = await lastWords(workload, pod);
        expect(log.trim()).not.toBe('');
        expect(Buffer.byteLength(log)).toBeLessThanOrEqual(1_000);
        expect((await world.kubernetes.observe(workload)).warnings).toContainEqual(
          expect.objectContaining({ kind: 'Pod', name: pod, container: workload.container, reason: 'BackOff' }),
        );
      },
      patience,
    );

    it(
      'diagnoses an image that does not exist',
      async () => {
        const workload = await aWorkload();
        const verdict = await rollOut(aChange(workload, world.images.missing));
        expect(verdict).toMatchObject({
          kind: 'failed',
          cause: {
            reason: expect.stringMatching(/^(ErrImagePull|ImagePullBackOff)$/),
            message: expect.stringMatching(/not found|unknown/i),
          },
        });
        const pod = verdict.kind === 'failed' ? (verdict.cause.pod ?? '') : '';
        expect(
          await world.kubernetes.logs({
            workload,
            pod,
            container: workload.container,
            previous: false,
            maxBytes: 1_000,
          }),
        ).toBe('');
        expect(await rolloutStatus(workload, '1s')).not.toBe(0);
      },
      patience,
    );

    it(
      'succeeds in rolling back after the controller itself has given the rollout up',
      async () => {
        const workload = await aWorkload();
        const patch = JSON.stringify({ spec: { progressDeadlineSeconds: 4 } });
        await world.kubectl(['patch', 'deployment', workload.deployment, '-n', workload.namespace, '-p', patch]);
        const broken = aChange(workload, world.images.missing);
        await world.kubernetes.apply(broken);
        await givenUp(workload);

        const back = rollbackOf(aChange(workload, world.images.good));
        expect(await rollOut(back)).toMatchObject({ kind: 'complete' });
        expect(await rolloutStatus(workload, '1s')).toBe(0);
      },
      patience,
    );

    it(
      'leaves the number of replicas to whoever scales',
      async () => {
        const workload = await aWorkload();
        const first = aChange(workload, world.images.better);
        await world.kubernetes.apply(first);
        await world.kubectl(['scale', 'deployment', workload.deployment, '-n', workload.namespace, '--replicas=3']);
        const second = aChange(workload, world.images.good, { incarnation: 1, n: 6 });
        expect(await rollOut(second)).toMatchObject({ kind: 'complete', counts: { wanted: 3 } });
        const ours = (await deployed(workload)).metadata.managedFields.filter((entry) => entry.manager === 'slipway');
        expect(ours).toHaveLength(1);
        expect(JSON.stringify(ours)).not.toContain('f:replicas');
      },
      patience,
    );

    it(
      'keeps a container that an earlier release wrote and this one does not name',
      async () => {
        const workload = await aWorkload();
        const sidecar = [
          { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'sidecar', image: world.images.good } },
        ];
        const { deployment, namespace } = workload;
        await world.kubectl([
          'patch',
          'deployment',
          deployment,
          '-n',
          namespace,
          '--type=json',
          '-p',
          JSON.stringify(sidecar),
        ]);
        const both = aChange(workload, world.images.better);
        await world.kubernetes.apply({ ...both, images: { ...both.images, sidecar: world.images.better } });
        const one = aChange(workload, world.images.good, { incarnation: 1, n: 6 });
        expect(await rollOut(one)).toMatchObject({ kind: 'complete' });
        expect((await world.kubernetes.read(workload))?.images).toEqual({
          ...one.images,
          sidecar: world.images.better,
        });
      },
      patience,
    );

    it(
      'sees that somebody else has put the old image back, and who',
      async () => {
        const workload = await aWorkload();
        const change = aChange(workload, world.images.better);
        const applied = await world.kubernetes.apply(change);
        const image = `${workload.container}=${world.images.good}`;
        await world.kubectl(['set', 'image', `deployment/${workload.deployment}`, image, '-n', workload.namespace]);
        expect(await follow(change, applied)).toMatchObject({
          kind: 'superseded',
          summary: expect.stringMatching(/^somebody else has put back the images of before: .* \(written by kubectl/),
          images: { [workload.container]: world.images.good },
          by: { manager: expect.stringMatching(/^kubectl/), ours: false, at: expect.any(Number) },
        });
      },
      patience,
    );

    it(
      'sees that another run of ours has written since, and which',
      async () => {
        const workload = await aWorkload();
        const change = aChange(workload, world.images.better);
        const applied = await world.kubernetes.apply(change);
        const newer = aChange(workload, world.images.good, { incarnation: 1, n: 6 });
        await world.kubernetes.apply(newer);
        expect(await follow(change, applied)).toMatchObject({
          kind: 'superseded',
          by: { ours: true, releaseId: newer.releaseId },
        });
      },
      patience,
    );

    it(
      'is done with a Deployment that is scaled to zero when the change is in place',
      async () => {
        const workload = await aWorkload(1);
        const { deployment, namespace } = workload;
        await world.kubectl(['scale', 'deployment', deployment, '-n', namespace, '--replicas=0']);
        const change = aChange(workload, world.images.crashing);
        const applied = await world.kubernetes.apply(change);
        expect(await follow(change, applied)).toMatchObject({
          kind: 'complete',
          summary: expect.stringContaining('nothing runs to prove it'),
          counts: { wanted: 0, old: 0 },
        });
        expect(await rolloutStatus(workload, '1s')).toBe(0);
        expect((await world.kubernetes.read(workload))?.images).toEqual(change.images);
      },
      patience,
    );

    it(
      'says in the words of the kubelet that a readiness probe cannot be run',
      async () => {
        const workload = await aWorkload(1);
        const { deployment, namespace, container } = workload;
        const readinessProbe = { exec: { command: ['no-such-program'] }, httpGet: null, periodSeconds: 1 };
        const containers = [{ name: container, readinessProbe }];
        const patch = JSON.stringify({ spec: { template: { spec: { containers } } } });
        await world.kubectl(['patch', 'deployment', deployment, '-n', namespace, '-p', patch]);
        const verdict = await rollOut(aChange(workload, world.images.better));
        expect(verdict).toMatchObject({
          kind: 'failed',
          cause: { reason: 'Unhealthy', message: expect.stringMatching(/no-such-program.*not found/), container },
        });
      },
      patience,
    );

    it(
      'sees that the Deployment was deleted under the rollout',
      async () => {
        const workload = await aWorkload();
        const change = aChange(workload, world.images.better);
        const applied = await world.kubernetes.apply(change);
        await world.kubectl(['delete', 'deployment', workload.deployment, '-n', workload.namespace, '--wait=false']);
        expect(await follow(change, applied)).toMatchObject({ kind: 'gone' });
      },
      patience,
    );
  });
}

interface Deployed {
  metadata: {
    annotations: Record<string, string>;
    managedFields: { manager: string; fieldsV1: unknown }[];
  };
  spec: { template: { spec: { containers: { env?: { name: string; value?: string }[] }[] } } };
}

/** What nobody but a writer like us changes: the cluster's own controller says how it stands whenever it has looked. */
function withoutItsController({ metadata: { annotations, managedFields }, spec }: Deployed) {
  const others = managedFields.filter(({ manager }) => manager !== 'kube-controller-manager');
  return { annotations, managedFields: others, spec };
}

/** As managed fields name an item of a list. */
const nameKey = (name: string) => `k:${JSON.stringify({ name })}`;

function isThere(fields: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return fields !== undefined;
  return typeof fields === 'object' && fields !== null && isThere((fields as Record<string, unknown>)[first], rest);
}

function detailsOf(error: unknown): unknown {
  return error instanceof Failure ? error.details : error;
}
