import { rolloutRights } from '../../domain/cluster-rights.ts';
import { together } from '../../domain/place-look.ts';
import { lookAtRights } from '../shared/cluster-look.ts';
import { readLog } from '../shared/cluster-logs.ts';
import type { Clusters } from '../shared/clusters.ts';
import { applyChange } from './apply.ts';
import { nameOf, workloadState } from './deployment.ts';
import { lookAtWorkload } from './look.ts';
import { observeWorkload } from './observe.ts';
import type { Kubernetes } from './port.ts';

/** Workloads of real clusters, by the Kubernetes API. `now` replaces this machine's clock (ms). */
export function createKubernetes({ clusters, now = Date.now }: { clusters: Clusters; now?: () => number }): Kubernetes {
  return {
    async look({ cluster: ref, namespace }, workloads, variables) {
      const cluster = await clusters.connect(ref);
      const rights = rolloutRights(workloads.map(({ deployment }) => deployment));
      const looks = await Promise.all([
        ...workloads.map((named) => lookAtWorkload(cluster, namespace, { named, variables })),
        lookAtRights(cluster, namespace, rights),
      ]);
      return together(looks);
    },
    async read(workload) {
      const cluster = await clusters.connect(workload.cluster);
      const found = await cluster.find(`read ${nameOf(workload)}`, () =>
        cluster.apps.readNamespacedDeployment({ name: workload.deployment, namespace: workload.namespace }),
      );
      return found && workloadState(found);
    },
    async apply(change) {
      return applyChange(await clusters.connect(change.workload.cluster), change, now);
    },
    async observe(workload) {
      return observeWorkload(await clusters.connect(workload.cluster), workload, now);
    },
    async logs({ workload, ...request }) {
      return readLog(await clusters.connect(workload.cluster), { namespace: workload.namespace, ...request });
    },
  };
}
