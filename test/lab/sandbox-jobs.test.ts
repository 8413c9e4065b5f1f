import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { SandboxJob } from '../../lab/sandbox/region.ts';
import { aRegion, codeOf, eventually, web, type TestRegion } from './sandbox-support.ts';

describe('Jobs in a sandbox region', () => {
  let at: TestRegion;
  let runs: SandboxJob[];
  beforeEach(async () => {
    runs = [];
    at = await aRegion({
      runJob: (job) => {
        runs.push(job);
        if (job.command[0] === 'hang') return new Promise(() => undefined);
        return Promise.resolve({ exitCode: job.command[0] === 'fail' ? 7 : 0, log: 'one\ntwo\nthree\n' });
      },
    });
    await at.region.createSecret('shop', 'database', { DATABASE_URL: 'postgres://shop' });
  });
  afterEach(() => at.stop());

  const aJob = (command: string[], spec: Partial<V1Job['spec']> = {}, secret = 'database'): V1Job => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'migrate' },
    spec: {
      backoffLimit: 0,
      ...spec,
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [
            {
              name: 'migrate',
              image: web('1'),
              command,
              env: [{ name: 'MODE', value: 'apply' }],
              envFrom: [{ secretRef: { name: secret } }],
            },
          ],
        },
      },
    },
  });
  const create = (job: V1Job) => at.batch.createNamespacedJob({ namespace: 'shop', body: job });
  const remove = () =>
    at.batch.deleteNamespacedJob({ name: 'migrate', namespace: 'shop', propagationPolicy: 'Background' });
  const read = () => at.batch.readNamespacedJob({ name: 'migrate', namespace: 'shop' });
  const pods = async () =>
    (await at.core.listNamespacedPod({ namespace: 'shop', labelSelector: 'batch.kubernetes.io/job-name=migrate' }))
      .items;
  const condition = async (type: string) =>
    eventually(async () => (await read()).status?.conditions?.find((one) => one.type === type));

  it('run once with their command and environment, and leave a log', async () => {
    await create(aJob(['migrate', 'now']));
    expect((await condition('Complete')).status).toBe('True');
    expect(runs).toMatchObject([
      {
        name: 'migrate',
        namespace: 'shop',
        image: web('1'),
        command: ['migrate', 'now'],
        env: { MODE: 'apply', DATABASE_URL: 'postgres://shop' },
      },
    ]);
    expect((await at.kubectl('logs', 'job/migrate')).stdout).toBe('one\ntwo\nthree');
    const name = (await pods())[0]?.metadata?.name ?? '';
    expect(await at.core.readNamespacedPodLog({ name, namespace: 'shop', tailLines: 2, limitBytes: 6 })).toBe(
      'two\nth',
    );
    expect((await read()).status).toMatchObject({ succeeded: 1, active: 0 });
  });

  it('are created once, however often they are asked for', async () => {
    at.region.faults.loseNextReply({ verb: 'create', kind: 'Job' });
    await expect(create(aJob(['migrate']))).rejects.toThrow();
    expect(await codeOf(create(aJob(['migrate'])))).toBe(409);
    await condition('Complete');
    expect(runs).toHaveLength(1);
    expect(at.region.effects().map(({ verb, kind, name }) => `${verb} ${kind} ${name}`)).toEqual([
      'create Job migrate',
    ]);
  });

  it('fail with BackoffLimitExceeded and the exit code in the pod', async () => {
    await create(aJob(['fail']));
    expect((await condition('Failed')).reason).toBe('BackoffLimitExceeded');
    const [pod] = await pods();
    expect(pod?.status?.phase).toBe('Failed');
    expect(pod?.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ exitCode: 7, reason: 'Error' });
    expect(runs).toHaveLength(1);
  });

  it('are ended by their deadline, and their work with them', async () => {
    // On a busy machine the deadline may come before the work has begun: then a longer one is tried.
    for (let seconds = 1; runs.length === 0; seconds *= 2) {
      if (seconds > 1) await remove();
      await create(aJob(['hang'], { activeDeadlineSeconds: seconds }));
      expect((await condition('Failed')).reason).toBe('DeadlineExceeded');
    }
    await eventually(() => Promise.resolve(runs[0]?.signal.aborted));
    await eventually(async () => (await pods()).length === 0);
  });

  /** All states of pods from now on, as a watch tells them. */
  async function watchPods(): Promise<() => V1Pod[]> {
    const answer = await fetch(`${at.region.server}/api/v1/namespaces/shop/pods?watch=true`);
    let text = '';
    const reading = async () => {
      for await (const chunk of answer.body ?? []) text += Buffer.from(chunk as Uint8Array).toString('utf8');
    };
    void reading().catch(() => undefined); // the region cuts it when it ends
    return () =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => (JSON.parse(line) as { object: V1Pod }).object);
  }
  const isDisrupted = ({ type }: { type: string }) => type === 'DisruptionTarget';

  /** Drains the Job's only pod, and tells its name. */
  async function evict(): Promise<string> {
    const name = await eventually(
      async () => (await pods()).find((pod) => pod.status?.phase === 'Running')?.metadata?.name,
    );
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'shop' } };
    await at.core.createNamespacedPodEviction({ name, namespace: 'shop', body });
    return name;
  }
  const onDisruption = (action: string) => ({
    podFailurePolicy: { rules: [{ action, onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] },
  });

  it('run again after an eviction that their policy ignores, once the pod has gone', async () => {
    const watched = await watchPods();
    await create(aJob(['hang'], onDisruption('Ignore')));
    const first = await evict();
    // By a watch: the pod may be gone before anybody has looked.
    const evicted = await eventually(async () =>
      watched().find(({ metadata, status }) => metadata?.name === first && status?.conditions?.some(isDisrupted)),
    );
    expect(evicted.status?.conditions).toContainEqual(
      expect.objectContaining({ status: 'True', reason: 'EvictionByEvictionAPI' }),
    );
    const second = await eventually(async () => {
      const names = (await pods()).map((pod) => pod.metadata?.name);
      expect(names.length).toBeLessThan(2);
      return names.find((name) => name !== first);
    });
    expect(second).not.toBe(first);
    await eventually(() => Promise.resolve(runs.length === 2));
    expect((await read()).status?.failed ?? 0).toBe(0);
  });

  it('fail for good by an eviction where their policy says so, and by any other failure as ever', async () => {
    await create(aJob(['hang'], onDisruption('FailJob')));
    const pod = await evict();
    expect(await condition('Failed')).toMatchObject({
      reason: 'PodFailurePolicy',
      message: `Pod shop/${pod} has condition DisruptionTarget matching FailJob rule at index 0`,
    });
    await at.batch.deleteNamespacedJob({ name: 'migrate', namespace: 'shop', propagationPolicy: 'Background' });
    await create(aJob(['fail'], onDisruption('FailJob')));
    expect((await condition('Failed')).reason).toBe('BackoffLimitExceeded');
  });

  it('are refused with a policy that nobody here would act on', async () => {
    const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }];
    expect(await codeOf(create(aJob(['migrate'], { podFailurePolicy: { rules } })))).toBe(501);
  });

  it('get variables put together from others, the later over the earlier', async () => {
    const job = aJob(['migrate']);
    job.spec!.template.spec!.containers[0]!.env = [
      { name: 'A', value: 'first' },
      { name: 'A', valueFrom: { secretKeyRef: { name: 'database', key: 'DATABASE_URL', optional: true } } },
      { name: 'A', valueFrom: { secretKeyRef: { name: 'database', key: 'NOT_THERE', optional: true } } },
      { name: 'B', value: '$(A)?x=$(NOBODY)&y=$$(A)' },
    ];
    await create(job);
    await condition('Complete');
    expect(runs[0]?.env).toMatchObject({ A: 'postgres://shop', B: 'postgres://shop?x=$(NOBODY)&y=$(A)' });
  });

  it('wait for a Secret that is not there, saying so', async () => {
    await create(aJob(['migrate'], {}, 'later'));
    const waiting = await eventually(
      async () => (await pods())[0]?.status?.containerStatuses?.[0]?.state?.waiting?.message,
    );
    expect(waiting).toBe('secret "later" not found');
    await at.region.createSecret('shop', 'later', { DATABASE_URL: 'postgres://later' });
    await condition('Complete');
    expect(runs[0]?.env).toMatchObject({ DATABASE_URL: 'postgres://later' });
  });

  it('go with their pods when deleted so, and leave them when not told', async () => {
    await create(aJob(['migrate']));
    await condition('Complete');
    await at.batch.deleteNamespacedJob({ name: 'migrate', namespace: 'shop' });
    expect(await codeOf(read())).toBe(404);
    expect((await pods())[0]?.metadata?.ownerReferences ?? []).toEqual([]);

    await create(aJob(['hang']));
    await eventually(async () => (await read()).status?.active);
    await at.batch.deleteNamespacedJob({ name: 'migrate', namespace: 'shop', propagationPolicy: 'Foreground' });
    await eventually(async () => (await codeOf(read())) === 404);
    expect((await pods()).filter((pod) => pod.metadata?.ownerReferences?.length)).toEqual([]);
  });
});
