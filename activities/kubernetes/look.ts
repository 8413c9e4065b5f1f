import type { WorkloadSpec } from '../../domain/contract/release.ts';
import { setByOthers, type PlaceLook } from '../../domain/place-look.ts';
import type { ClusterConnection } from '../shared/cluster-connection.ts';
import { lookAtDeployment } from '../shared/cluster-look.ts';
import { foreignIn } from './ownership.ts';

/** Whether the Deployment is there as it is named, and leaves these variables to us. */
export async function lookAtWorkload(
  cluster: ClusterConnection,
  namespace: string,
  { named, variables }: { named: WorkloadSpec; variables: readonly string[] },
): Promise<PlaceLook> {
  const { deployment, ...look } = await lookAtDeployment(cluster, namespace, named);
  if (!deployment) return look;
  const others = foreignIn(deployment, named.containers, variables);
  const wrong = others.flatMap((each) => setByOthers({ namespace, deployment: named.deployment, ...each }));
  return { ...look, wrong: [...look.wrong, ...wrong] };
}
