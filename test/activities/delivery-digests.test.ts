import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { createDeploymentImage } from '../../activities/delivery/deployment-image.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import { createKubernetes } from '../../activities/kubernetes/cluster-kubernetes.ts';
import type { PinnedImage } from '../../domain/contract/release.ts';
import { aSandboxWorld, type SandboxWorld } from '../contract/kubernetes-sandbox-world.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import { shortDigest } from '../../domain/images.ts';
import { aPlannedComponent, aRegion } from '../domain/builders.ts';
import { putImage, putIndex, startRegistry, type TestRegistry } from '../support/registry.ts';

let world: SandboxWorld;
let images: TestRegistry;
beforeAll(async () => {
  [world, images] = await Promise.all([aSandboxWorld(), startRegistry()]);
});
afterAll(async () => {
  await world?.dispose();
  await images?.stop();
});

const silent = new DefaultLogger('ERROR', () => undefined);
const acting = <T>(work: () => Promise<T>): Promise<T> => new MockActivityEnvironment({}, { logger: silent }).run(work);

/** An index of two images in a registry of its own repository, and a Deployment to put it in. `asked` counts questions about digests. */
async function aRelease(timeoutMs = 30_000) {
  const repository = `shop/api-${randomUUID()}`;
  const [here, elsewhere] = [
    await putImage(images.host, repository, 'amd64'),
    await putImage(images.host, repository, 'arm64'),
  ];
  const image: PinnedImage = `${images.host}/${repository}@${await putIndex(images.host, repository, [here, elsewhere])}`;
  const deployment = `api-${randomUUID().slice(0, 8)}`;
  await world.createDeployment(deployment, { replicas: 1, image: world.images.good });
  const registry = createRegistry();
  const asked: PinnedImage[] = [];
  const delivery = createDeploymentImage({
    kubernetes: createKubernetes({ clusters: world.clusters }),
    registry: { digestsOf: (name) => (asked.push(name), registry.digestsOf(name)) },
    now: Date.now,
  });
  const component = aPlannedComponent('core', { workloads: [{ deployment, containers: ['api'] }] });
  const region = aRegion('de', { cluster: world.clusterRef, namespace: world.namespace });
  const target = { region, component, image, rollout: { timeoutMs } };
  const wanted = imageArtifact(component, image);
  const write = { ticket: { incarnation: 1, n: 5 }, releaseId: 'release/shop/lab/5/1', changeCause: 'release 5' };
  return {
    repository,
    image,
    here,
    asked,
    deliver: () => acting(async () => delivery.watch(target, wanted, await delivery.apply(target, write))),
    verify: () => acting(() => delivery.verify(target, wanted, 0)),
  };
}

describe('pods that report another digest than the one that was deployed', () => {
  it('run the approved image when the registry has it in the approved index', async () => {
    const { image, here, repository, deliver, verify } = await aRelease();
    world.reportAs(image, `${images.host}/${repository}@${here}`);
    expect(await deliver()).toContain(`1 of 1 pods run ${shortDigest(image)}`);
    expect(await verify()).toMatchObject({ verdict: 'pass' });
  });

  it('run the approved image when what they report is its configuration', async () => {
    const { image, here, repository, deliver } = await aRelease();
    const known = await createRegistry().digestsOf(`${images.host}/${repository}@${here}`);
    world.reportAs(image, `docker://${known?.configs[0]}`);
    expect(await deliver()).toContain(`1 of 1 pods run ${shortDigest(image)}`);
  });

  it('fail the release when the registry has another image there', async () => {
    const { image, repository, deliver, verify } = await aRelease();
    const other = await putImage(images.host, repository, 'something else');
    world.reportAs(image, `${images.host}/${repository}@${other}`);
    await expect(deliver()).rejects.toMatchObject({
      details: { code: 'SLIP-K8S-1', blame: 'release', detail: expect.stringContaining('OtherDigest') },
    });
    expect(await verify()).toMatchObject({ verdict: 'fail', blame: 'release' });
  });

  it('are neither good nor bad when nobody knows the digest, and nobody asks with every look', async () => {
    const { image, asked, deliver, verify } = await aRelease(4_000);
    world.reportAs(image, `elsewhere.test/shop/api@sha256:${'e'.repeat(64)}`);
    await expect(deliver()).rejects.toMatchObject({
      details: { code: 'SLIP-K8S-17', blame: 'world', detail: expect.stringContaining('elsewhere.test/shop/api') },
    });
    expect(asked).toEqual([image, image.replace(/sha256:.*/, `sha256:${'e'.repeat(64)}`)]);
    expect(await verify()).toMatchObject({ verdict: 'inconclusive' });
  });

  it('are not asked about at all when they report what was deployed', async () => {
    const { asked, deliver } = await aRelease();
    await deliver();
    expect(asked).toEqual([]);
  });
});
