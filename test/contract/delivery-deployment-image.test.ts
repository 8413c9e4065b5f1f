import { randomUUID } from 'node:crypto';
import { createDeploymentImage } from '../../activities/delivery/deployment-image.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import { createKubernetes } from '../../activities/kubernetes/cluster-kubernetes.ts';
import { aPlannedComponent, aRegion } from '../domain/builders.ts';
import { describeDelivery } from './delivery.suite.ts';
import { aSandboxWorld } from './kubernetes-sandbox-world.ts';

describeDelivery('images of Deployments, in a simulated region', async () => {
  const world = await aSandboxWorld();
  const kubernetes = createKubernetes({ clusters: world.clusters });
  const region = aRegion('de', { cluster: world.clusterRef, namespace: world.namespace });
  return {
    delivery: createDeploymentImage({ kubernetes, registry: createRegistry(), now: Date.now }),
    images: world.images,
    lastWords: 'no database at postgres://',
    aSlowImage: world.aSlowImage,
    async aTarget() {
      const deployment = `api-${randomUUID().slice(0, 8)}`;
      await world.createDeployment(deployment, { replicas: 2, image: world.images.good });
      const component = aPlannedComponent('core', { workloads: [{ deployment, containers: ['api'] }] });
      return { region, component, image: world.images.good, rollout: { timeoutMs: 60_000 } };
    },
    loseNextReply: () => world.region.faults.loseNextReply({ kind: 'Deployment', verb: 'apply' }),
    async putByHand({ component, image }) {
      for (const { deployment } of component.workloads)
        await world.kubectl(['set', 'image', `deployment/${deployment}`, `api=${image}`, '-n', world.namespace]);
    },
    dispose: world.dispose,
  };
});
