import type { WorkloadSpec } from '../../domain/contract/release.ts';
import { setByOthers, type PlaceLook } from '../../domain/place-look.ts';
import type { ClusterConnection } from '../shared/cluster-connection.ts';
import { lookAtDeployment } from '../shared/cluster-look.ts';
import { ownVariables, variableWriters } from './ownership.ts';

/** Whether the Deployment is there as it is named, and leaves these variables to us. */
export async function lookAtWorkload(
  cluster: ClusterConnection,
  namespace: string,
  { named, variables }: { named: WorkloadSpec; variables: readonly string[] },
): Promise<PlaceLook> {
  const { deployment, ...look } = await lookAtDeployment(cluster, namespace, named);
  if (!deployment) return look;
  const [own, writers] = [ownVariables(deployment), variableWriters(deployment)];
  const containers = deployment.spec?.template.spec?.containers ?? [];
  const others = containers
    .filter(({ name }) => named.containers.includes(name))
    .map(({ name, env = [] }) => ({
      container: name,
      variables: env
        .filter((one) => variables.includes(one.name) && !(one.name in (own[name] ?? {})))
        .map((one) => ({ name: one.name, by: writers[name]?.[one.name]?.manager })),
    }));
  const wrong = others.flatMap((each) => setByOthers({ namespace, deployment: named.deployment, ...each }));
  return { ...look, wrong: [...look.wrong, ...wrong] };
}
