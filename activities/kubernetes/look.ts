import type { WorkloadSpec } from '../../domain/contract/release.ts';
import { setByOthers, type PlaceLook } from '../../domain/place-look.ts';
import type { ClusterConnection } from '../shared/cluster-connection.ts';
import { lookAtDeployment } from '../shared/cluster-look.ts';
import { foreignAmong, variablesOf } from './ownership.ts';

/** Whether the Deployment is there as it is named, and leaves these variables to us. */
export async function lookAtWorkload(
  cluster: ClusterConnection,
  namespace: string,
  { named, variables }: { named: WorkloadSpec; variables: readonly string[] },
): Promise<PlaceLook> {
  const { deployment, ...look } = await lookAtDeployment(cluster, namespace, named);
  if (!deployment) return look;
  const found = variablesOf(deployment);
  const others = named.containers.map((container) => ({
    container,
    variables: foreignAmong(found[container], variables),
  }));
  const wrong = others.flatMap((each) => setByOthers({ namespace, deployment: named.deployment, ...each }));
  return { ...look, wrong: [...look.wrong, ...wrong] };
}
