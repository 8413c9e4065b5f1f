import { createKubernetes } from '../../activities/kubernetes/cluster-kubernetes.ts';
import { aSandboxWorld } from './kubernetes-sandbox-world.ts';
import { describeKubernetes } from './kubernetes.suite.ts';

describeKubernetes('a simulated region', async () => {
  const world = await aSandboxWorld();
  return {
    ...world,
    kubernetes: createKubernetes({ clusters: world.clusters }),
    loseNextReply: () => world.region.faults.loseNextReply({ kind: 'Deployment', verb: 'apply' }),
    interfereOnce: () => world.region.faults.conflictNext({ kind: 'Deployment', verb: 'apply' }),
  };
});
