import { randomUUID } from 'node:crypto';
import { createDeploymentImage } from '../../activities/delivery/deployment-image.ts';
import type { DeliveryTarget } from '../../activities/delivery/port.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import { createKubernetes } from '../../activities/kubernetes/cluster-kubernetes.ts';
import { aPlannedComponent, aRegion } from '../domain/builders.ts';
import { describeDelivery } from './delivery.suite.ts';
import { aSandboxWorld } from './kubernetes-sandbox-world.ts';

describeDelivery('images of Deployments, in a simulated region', async () => {
  const world = await aSandboxWorld();
  const kubernetes = createKubernetes({ clusters: world.clusters });
  const region = aRegion('de', { cluster: world.clusterRef, namespace: world.namespace });
  async function setByHand(component: DeliveryTarget['component'], what: 'image' | 'env', assignment: string) {
    for (const { deployment } of component.workloads)
      await world.kubectl(['set', what, `deployment/${deployment}`, assignment, '-n', world.namespace]);
  }
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
    putByHand: ({ component, image }) => setByHand(component, 'image', `api=${image}`),
    setByHand: ({ component }, name, value) => setByHand(component, 'env', `${name}=${value}`),
    dispose: world.dispose,
  };
});
