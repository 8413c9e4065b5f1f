import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aRegion, eventually, untilRolledOut, web, type TestRegion } from './sandbox-support.ts';

describe('a sandbox region seen by kubectl', () => {
  let at: TestRegion;
  beforeEach(async () => {
    at = await aRegion();
    await at.region.createDeployment('shop', { name: 'web', image: web('1'), replicas: 4 });
    await untilRolledOut(at);
  });
  afterEach(() => at.stop());

  const pods = async () => (await at.core.listNamespacedPod({ namespace: 'shop', labelSelector: 'app=web' })).items;

  it('rolls out a new image, and kubectl rollout status agrees', async () => {
    await at.kubectl('set', 'image', 'deploy/web', `web=${web('2')}`);
    const { exitCode, stdout } = await at.kubectl('rollout', 'status', 'deploy/web', '--timeout=300s');
    expect(stdout).toContain('successfully rolled out');
    expect(exitCode).toBe(0);
    const deployment = await at.apps.readNamespacedDeployment({ name: 'web', namespace: 'shop' });
    expect(deployment.status?.conditions?.map(({ type, reason }) => `${type} ${reason}`).sort()).toEqual([
      'Available MinimumReplicasAvailable',
      'Progressing NewReplicaSetAvailable',
    ]);
    const running = (await pods()).filter((pod) => !pod.metadata?.deletionTimestamp);
    expect(running.map((pod) => pod.status?.containerStatuses?.[0]?.imageID)).toEqual(Array(4).fill(web('2')));
  });

  it('keeps old pods serving while the new ones crash, and kubectl rollout status runs out of time', async () => {
    await at.kubectl('set', 'image', 'deploy/web', 'web=registry.test/shop/crash:2');
    const { exitCode, stderr } = await at.kubectl('rollout', 'status', 'deploy/web', '--timeout=3s');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('timed out waiting for the condition');
    const answer = await fetch(`${at.region.serve}/shop/web/health`);
    expect(await answer.text()).toBe(`${web('1')} /health`);
    const status = (await pods()).find((pod) => pod.spec?.containers[0]?.image?.includes('crash'))?.status
      ?.containerStatuses?.[0];
    expect(status?.restartCount).toBeGreaterThan(1);
    expect(status?.lastState?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
    const { stdout } = await at.kubectl('get', 'events');
    expect(stdout).toMatch(/Warning +BackOff .*Back-off restarting failed container web/);
  });

  it('goes back with kubectl rollout undo to the same ReplicaSet, under a higher revision', async () => {
    const before = (await at.apps.listNamespacedReplicaSet({ namespace: 'shop' })).items.map(
      (set) => set.metadata?.name,
    );
    await at.kubectl('set', 'image', 'deploy/web', 'web=registry.test/shop/missing:2');
    await eventually(async () =>
      (await pods()).some((pod) => pod.status?.containerStatuses?.[0]?.state?.waiting?.reason === 'ImagePullBackOff'),
    );
    expect((await at.kubectl('rollout', 'undo', 'deploy/web')).exitCode).toBe(0);
    expect((await at.kubectl('rollout', 'status', 'deploy/web', '--timeout=300s')).exitCode).toBe(0);
    const sets = (await at.apps.listNamespacedReplicaSet({ namespace: 'shop' })).items;
    expect(sets.filter((set) => set.spec?.replicas === 4).map((set) => set.metadata?.name)).toEqual(before);
    expect((await at.kubectl('rollout', 'history', 'deploy/web')).stdout).toMatch(/2 +<none>\n3 +<none>/);
  });

  it('leaves a stale ProgressDeadlineExceeded standing when a rollback uses an old ReplicaSet again, as the real controller does', async () => {
    await at.apps.patchNamespacedDeployment({
      name: 'web',
      namespace: 'shop',
      body: [{ op: 'replace', path: '/spec/progressDeadlineSeconds', value: 1 }],
    });
    await at.kubectl('set', 'image', 'deploy/web', 'web=registry.test/shop/sulky:2');
    const progressing = async () =>
      (await at.apps.readNamespacedDeployment({ name: 'web', namespace: 'shop' })).status?.conditions?.find(
        (one) => one.type === 'Progressing',
      );
    const exceeded = await eventually(async () => {
      const condition = await progressing();
      return condition?.reason === 'ProgressDeadlineExceeded' ? condition : undefined;
    });
    expect((await at.kubectl('rollout', 'status', 'deploy/web')).stderr).toContain('exceeded its progress deadline');

    const watch = new Set<string>();
    const stream = await fetch(`${at.region.server}/apis/apps/v1/namespaces/shop/deployments?watch=true`);
    await at.kubectl('rollout', 'undo', 'deploy/web');
    await untilRolledOut(at);
    await eventually(async () => (await progressing())?.reason === 'NewReplicaSetAvailable');
    const decoder = new TextDecoder();
    for await (const chunk of stream.body ?? []) {
      for (const line of decoder
        .decode(chunk as Uint8Array)
        .split('\n')
        .filter((text) => text.includes(`${web('1')}"`) && text.endsWith('}'))) {
        const { object } = JSON.parse(line) as {
          object: { status: { conditions: { type: string; reason: string; lastUpdateTime: string }[] } };
        };
        const found = object.status.conditions.find((one) => one.type === 'Progressing');
        watch.add(`${found?.reason} ${found?.lastUpdateTime}`);
      }
      if ([...watch].some((seen) => seen.startsWith('NewReplicaSetAvailable'))) break;
    }
    expect([...watch][0]).toBe(
      `ProgressDeadlineExceeded ${exceeded.lastUpdateTime?.toISOString().replace('.000', '')}`,
    );
  });

  it('prints what kubectl get and describe ask for', async () => {
    const table = await at.kubectl('get', 'deploy,rs,pods', '-o', 'wide');
    expect(table.stdout).toMatch(/deployment\.apps\/web +4\/4 +4 +4 .*shop\/web@sha256/);
    expect(table.stdout).toMatch(/pod\/web-\w+-\w+ +1\/1 +Running +0/);
    const { stdout, exitCode } = await at.kubectl('describe', 'deploy', 'web');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('4 desired | 4 updated | 4 total | 4 available | 0 unavailable');
  });

  it('has as many pods as allowed at every moment of a rolling update', async () => {
    const stream = await fetch(`${at.region.server}/apis/apps/v1/namespaces/shop/deployments?watch=true`);
    await at.kubectl('set', 'image', 'deploy/web', `web=${web('2')}`);
    await untilRolledOut(at);
    const seen: { available: number; total: number }[] = [];
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of stream.body ?? []) {
      const lines = (rest + decoder.decode(chunk as Uint8Array)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const { object } = JSON.parse(line) as {
          object: { status: { availableReplicas: number; replicas: number; updatedReplicas: number } };
        };
        seen.push({ available: object.status.availableReplicas, total: object.status.replicas });
        if (
          seen.length > 3 &&
          object.status.updatedReplicas === 4 &&
          object.status.replicas === 4 &&
          object.status.availableReplicas === 4
        )
          rest = 'done';
      }
      if (rest === 'done') break;
    }
    expect(Math.min(...seen.map((one) => one.available))).toBe(3);
    expect(Math.max(...seen.map((one) => one.total))).toBe(5);
  });

  it('tells in the pod why a container cannot be configured or never gets ready', async () => {
    await at.region.createDeployment('shop', { name: 'misconfigured', image: 'registry.test/config:1', replicas: 1 });
    await at.region.createDeployment('shop', { name: 'sulky', image: 'registry.test/sulky:1', replicas: 1 });
    const stateOf = async (app: string) =>
      (await at.core.listNamespacedPod({ namespace: 'shop', labelSelector: `app=${app}` })).items[0]?.status;
    const waiting = await eventually(
      async () =>
        (await stateOf('misconfigured'))?.containerStatuses?.find((one) => one.state?.waiting?.message)?.state?.waiting,
    );
    expect(waiting).toEqual({ reason: 'CreateContainerConfigError', message: 'secret "keys" not found' });
    const running = await eventually(async () =>
      (await stateOf('sulky'))?.containerStatuses?.find((one) => one.state?.running),
    );
    expect(running.ready).toBe(false);
    await eventually(async () =>
      (await at.kubectl('get', 'events')).stdout.includes(
        'Readiness probe failed: HTTP probe failed with statuscode: 503',
      ),
    );
  });

  it('answers 503 when no pod is ready', async () => {
    await at.region.createDeployment('shop', { name: 'broken', image: 'registry.test/missing:1', replicas: 1 });
    const answer = await fetch(`${at.region.serve}/shop/broken/`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toBe('no ready pods\n');
  });

  it('scales old and new pods in proportion in the middle of a rollout, and takes nothing back when paused', async () => {
    await at.kubectl('set', 'image', 'deploy/web', 'web=registry.test/shop/missing:2');
    const sizes = async () => {
      const { items } = await at.apps.listNamespacedReplicaSet({ namespace: 'shop' });
      const byRevision = items.map((set) => [
        Number(set.metadata?.annotations?.['deployment.kubernetes.io/revision']),
        set.spec?.replicas,
      ]);
      return JSON.stringify(byRevision.sort());
    };
    await eventually(async () => (await sizes()) === '[[1,3],[2,2]]');
    await at.kubectl('scale', 'deploy/web', '--replicas=8');
    await eventually(async () => (await sizes()) === '[[1,6],[2,4]]');
    await at.kubectl('rollout', 'pause', 'deploy/web');
    await at.kubectl('set', 'image', 'deploy/web', `web=${web('3')}`);
    const paused = await eventually(async () => {
      const { metadata, status } = await at.apps.readNamespacedDeployment({ name: 'web', namespace: 'shop' });
      return status?.observedGeneration === metadata?.generation ? status : undefined;
    });
    expect(paused?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Progressing', reason: 'DeploymentPaused' }),
    );
    expect(await sizes()).toBe('[[1,6],[2,4]]');
    await at.kubectl('rollout', 'resume', 'deploy/web');
    await untilRolledOut(at);
    expect(await sizes()).toBe('[[1,0],[2,0],[3,8]]');
  });

  it('stops every old pod before it starts a new one when the strategy is Recreate', async () => {
    const strategy = [{ op: 'replace', path: '/spec/strategy', value: { type: 'Recreate' } }];
    await at.apps.patchNamespacedDeployment({ name: 'web', namespace: 'shop', body: strategy });
    await at.kubectl('set', 'image', 'deploy/web', `web=${web('2')}`);
    const firstNew = await eventually(async () => {
      const seen = await pods();
      return seen.some((pod) => pod.spec?.containers[0]?.image === web('2')) ? seen : undefined;
    });
    expect(firstNew.filter((pod) => pod.spec?.containers[0]?.image === web('1'))).toEqual([]);
    await untilRolledOut(at);
  });

  it('removes pods with their Deployment', async () => {
    expect((await at.kubectl('delete', 'deploy', 'web', '--cascade=foreground')).exitCode).toBe(0);
    await eventually(async () => (await pods()).length === 0);
    expect((await at.kubectl('get', 'rs')).stderr).toContain('No resources found');
  });
});
