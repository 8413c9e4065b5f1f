import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  aRegion,
  codeOf,
  eventually,
  image,
  messageOf,
  untilRolledOut,
  web,
  type TestRegion,
} from './sandbox-support.ts';

describe('writing to a sandbox region', () => {
  let at: TestRegion;
  beforeEach(async () => {
    at = await aRegion();
    await at.region.createDeployment('shop', { name: 'web', image: web('1'), replicas: 2 });
    await untilRolledOut(at);
  });
  afterEach(() => at.stop());

  const read = () => at.apps.readNamespacedDeployment({ name: 'web', namespace: 'shop' });
  const images = async () => (await read()).spec?.template.spec?.containers.map((container) => container.image);

  it('carries a write out whose reply is lost, once', async () => {
    at.region.faults.loseNextReply({ verb: 'patch', kind: 'Deployment', name: 'web' });
    await expect(at.apply('web', image(web('2')))).rejects.toThrow();
    expect(await images()).toEqual([web('2')]);
    await at.apply('web', image(web('2')));
    expect(at.region.effects()).toMatchObject([
      { verb: 'apply', kind: 'Deployment', namespace: 'shop', name: 'web', image: web('2'), fieldManager: 'slipway' },
    ]);
  });

  it('changes nothing in a dry run, and shows what would be', async () => {
    const before = await read();
    const shown = await at.apply('web', image(web('2')), { dryRun: true });
    expect(shown.spec?.template.spec?.containers[0]?.image).toBe(web('2'));
    expect(shown.metadata?.generation).toBe((before.metadata?.generation ?? 0) + 1);
    expect(await read()).toEqual(before);
    expect(at.region.effects()).toEqual([]);
  });

  it('refuses a write that names a version which is not the present one', async () => {
    const { metadata } = await read();
    await at.kubectl('annotate', 'deploy/web', 'seen=yes');
    const stale = image(web('2'), 'web', { resourceVersion: metadata?.resourceVersion });
    expect(await codeOf(at.apply('web', stale))).toBe(409);
    expect(await images()).toEqual([web('1')]);
  });

  it('lets somebody else write in between, so that a version just read is stale', async () => {
    const { metadata } = await read();
    at.region.faults.conflictNext({ kind: 'Deployment', verb: 'patch' });
    const write = () => at.apply('web', image(web('2'), 'web', { resourceVersion: metadata?.resourceVersion }));
    expect(await codeOf(write())).toBe(409);
    const fresh = (await read()).metadata?.resourceVersion;
    await at.apply('web', image(web('2'), 'web', { resourceVersion: fresh }));
    expect(await images()).toEqual([web('2')]);
  });

  it('keeps the replicas that kubectl scaled when an image is applied', async () => {
    expect((await at.kubectl('scale', 'deploy/web', '--replicas=5')).exitCode).toBe(0);
    await at.apply('web', image(web('2')));
    await untilRolledOut(at);
    expect((await read()).spec?.replicas).toBe(5);
    expect((await read()).metadata?.managedFields).toContainEqual(
      expect.objectContaining({ manager: 'kubectl', subresource: 'scale' }),
    );
  });

  it('reports a field that another manager owns, and takes it over when forced', async () => {
    const refused = await messageOf(at.apply('web', image(web('2')), { force: false }));
    const field = '.spec.template.spec.containers[name="web"].image';
    expect(refused).toBe(`Apply failed with 1 conflict: conflict with "sandbox-setup" using apps/v1: ${field}`);
    await at.apply('web', image(web('2')), { force: true });
    const others = await messageOf(at.apply('web', image(web('3')), { force: false, manager: 'other' }));
    expect(others).toContain('conflict with "slipway"');
    await at.apply('web', image(web('3')), { force: false });
    expect(await images()).toEqual([web('3')]);
  });

  it('adds a container whose name it does not know, as a real API server does', async () => {
    await at.apply('web', image(web('2'), 'wbe'));
    expect(await images()).toEqual([web('1'), web('2')]);
  });

  it('removes what an apply leaves out and nobody else owns', async () => {
    const annotated = {
      ...image(web('2')),
      metadata: { name: 'web', annotations: { 'slipway/ticket': '1.1', note: 'x' } },
    };
    await at.apply('web', annotated);
    await at.apply('web', { ...annotated, metadata: { name: 'web', annotations: { 'slipway/ticket': '1.2' } } });
    const { annotations } = (await read()).metadata ?? {};
    expect(annotations).toMatchObject({ 'slipway/ticket': '1.2' });
    expect(annotations).not.toHaveProperty('note');
  });

  it('moves the generation with the spec and the annotations, which its ReplicaSets get, and with nothing else', async () => {
    const before = (await read()).metadata;
    await at.kubectl('label', 'deploy/web', 'seen=yes');
    const labelled = (await read()).metadata;
    expect(labelled?.generation).toBe(before?.generation);
    expect(Number(labelled?.resourceVersion)).toBeGreaterThan(Number(before?.resourceVersion));
    await at.kubectl('annotate', 'deploy/web', 'seen=yes');
    expect((await read()).metadata?.generation).toBe(2);
    await at.apply('web', image(web('2')));
    const { metadata, status } = await eventually(async () => {
      const seen = await read();
      return seen.status?.observedGeneration === 3 ? seen : undefined;
    });
    expect([metadata?.generation, status?.observedGeneration]).toEqual([3, 3]);
  });

  it('answers as asked when told to fail, and then goes on', async () => {
    at.region.faults.failNext({ kind: 'Deployment', verb: 'get' }, 503, 2);
    expect([await codeOf(read()), await codeOf(read()), await codeOf(read())]).toEqual([503, 503, undefined]);
  });

  it('cuts every API connection while unreachable, and the application goes on', async () => {
    const watch = await fetch(`${at.region.server}/api/v1/namespaces/shop/pods?watch=true`);
    at.region.faults.unreachable(true);
    await expect(watch.text()).rejects.toThrow();
    await expect(read()).rejects.toThrow();
    expect((await fetch(`${at.region.serve}/shop/web/`)).status).toBe(200);
    at.region.faults.unreachable(false);
    expect(await images()).toEqual([web('1')]);
  });

  it('delays a request', async () => {
    at.region.faults.delay({ kind: 'Deployment', verb: 'get' }, 200);
    const started = Date.now();
    await read();
    expect(Date.now() - started).toBeGreaterThanOrEqual(195);
  });

  it.each([
    ['GET', '/api/v1/namespaces/shop/services'],
    ['GET', '/openapi/v2'],
    ['DELETE', '/apis/apps/v1/namespaces/shop/deployments'],
    ['PATCH', '/apis/apps/v1/namespaces/shop/replicasets/web'],
    ['GET', '/apis/apps/v1/namespaces/shop/deployments/web/status'],
    ['GET', '/'],
  ])('answers 501 with a Status to %s %s', async (method, path) => {
    const answer = await fetch(`${at.region.server}${path}`, { method });
    expect(answer.status).toBe(501);
    expect(await answer.json()).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      reason: 'NotImplemented',
      code: 501,
    });
  });

  it('answers 404, 409 and 422 as a real API server does', async () => {
    expect(await codeOf(at.apps.readNamespacedDeployment({ name: 'none', namespace: 'shop' }))).toBe(404);
    const deployment = (name: string, labels: Record<string, string>) =>
      at.apps.createNamespacedDeployment({
        namespace: 'shop',
        body: {
          metadata: { name },
          spec: {
            selector: { matchLabels: { app: name } },
            template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: web('1') }] } },
          },
        },
      });
    expect(await codeOf(deployment('web', { app: 'web' }))).toBe(409);
    expect(await codeOf(deployment('other', { app: 'another' }))).toBe(422);
    expect(
      await codeOf(at.core.createNamespacedSecret({ namespace: 'nowhere', body: { metadata: { name: 'keys' } } })),
    ).toBe(404);
  });

  it('refuses a JSON patch whose test fails', async () => {
    const at0 = '/spec/template/spec/containers/0/image';
    const body = [
      { op: 'test', path: at0, value: web('7') },
      { op: 'replace', path: at0, value: web('8') },
    ];
    expect(await codeOf(at.apps.patchNamespacedDeployment({ name: 'web', namespace: 'shop', body }))).toBe(422);
    expect(await images()).toEqual([web('1')]);
  });

  it('ends a watch from a version that it no longer knows with 410', async () => {
    const answer = await fetch(`${at.region.server}/api/v1/namespaces/shop/pods?watch=true&resourceVersion=1`);
    expect(await answer.json()).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } });
  });
});
