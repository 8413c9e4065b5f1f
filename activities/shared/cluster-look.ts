import { setHeaderOptions, type V1Deployment } from '@kubernetes/client-node';
import type { Right } from '../../domain/cluster-rights.ts';
import type { WorkloadSpec } from '../../domain/contract/release.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { wrongIn, type PlaceLook } from '../../domain/place-look.ts';
import type { ClusterConnection } from './cluster-connection.ts';

type Namespaced = { name: string; namespace: string };

/** Of a Secret nobody here may learn more than that it is there: a server that cannot leave out the rest refuses. */
const metadataOf = (kind: 'PartialObjectMetadata' | 'PartialObjectMetadataList') =>
  setHeaderOptions('Accept', `application/json;as=${kind};g=meta.k8s.io;v=v1`);

const readers = {
  Secret: ({ core }: ClusterConnection, at: Namespaced) =>
    core.readNamespacedSecret(at, metadataOf('PartialObjectMetadata')),
  ConfigMap: ({ core }: ClusterConnection, at: Namespaced) =>
    core.readNamespacedConfigMap(at, metadataOf('PartialObjectMetadata')),
  ServiceAccount: ({ core }: ClusterConnection, at: Namespaced) =>
    core.readNamespacedServiceAccount(at, metadataOf('PartialObjectMetadata')),
};

/** Something that others need, by its name alone. */
export interface NamedObject {
  kind: keyof typeof readers;
  name: string;
}

/** A Deployment as it is named, and as it is; `deployment` is absent where it is not there, or nobody may look at it. */
export async function lookAtDeployment(
  cluster: ClusterConnection,
  namespace: string,
  named: WorkloadSpec,
): Promise<PlaceLook & { deployment?: V1Deployment }> {
  const what = `Deployment ${namespace}/${named.deployment}`;
  const seen = await ifLet(() =>
    cluster.find(`read ${what}`, () => cluster.apps.readNamespacedDeployment({ name: named.deployment, namespace })),
  );
  if (!seen) return unseen(what);
  const containers = seen.found?.spec?.template.spec?.containers.map(({ name }) => name);
  const others = containers ? undefined : await namesOfDeployments(cluster, namespace);
  const wrong = wrongIn({ namespace, named, ...(containers && { containers }), ...(others && { others }) });
  return { wrong, lacking: [], unseen: [], ...(seen.found && { deployment: seen.found }) };
}

async function namesOfDeployments(cluster: ClusterConnection, namespace: string): Promise<string[] | undefined> {
  const seen = await ifLet(() =>
    cluster.call(`list Deployments of ${namespace}`, () =>
      cluster.apps.listNamespacedDeployment({ namespace }, metadataOf('PartialObjectMetadataList')),
    ),
  );
  return seen?.found.items.flatMap(({ metadata }) => metadata?.name ?? []);
}

export async function lookAtObject(
  cluster: ClusterConnection,
  namespace: string,
  { kind, name }: NamedObject,
): Promise<PlaceLook> {
  const what = `${kind} ${namespace}/${name}`;
  const seen = await ifLet(() => cluster.find(`look for ${what}`, () => readers[kind](cluster, { name, namespace })));
  if (!seen) return unseen(what);
  return { wrong: seen.found ? [] : [`${what} does not exist`], lacking: [], unseen: [] };
}

/** Which of these rights our identity has not, by the cluster's own word. Whoever may log in may ask that. */
export async function lookAtRights(
  cluster: ClusterConnection,
  namespace: string,
  rights: readonly Right[],
): Promise<PlaceLook> {
  const answers = await Promise.all(
    rights.map(async (right) => ({ right, may: await mayWe(cluster, namespace, right) })),
  );
  const lacking = answers.flatMap(({ right, may }) => (may === false ? [right] : []));
  const isUntold = answers.some(({ may }) => may === undefined);
  return { wrong: [], lacking, unseen: isUntold ? [`our rights in the namespace ${namespace}`] : [] };
}

/** Undefined where nobody can tell. */
async function mayWe(
  cluster: ClusterConnection,
  namespace: string,
  { group, resource: path, verb, name }: Right,
): Promise<boolean | undefined> {
  const [resource, subresource] = path.split('/');
  const on = { ...(resource && { resource }), ...(subresource && { subresource }), ...(name && { name }) };
  const resourceAttributes = { namespace, group, verb, ...on };
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } };
  const seen = await ifLet(() =>
    cluster.call(`ask whether we may ${verb} ${path} in ${namespace}`, () =>
      cluster.authorization.createSelfSubjectAccessReview({ body }),
    ),
  );
  const { allowed, evaluationError } = seen?.found.status ?? {};
  // Somebody who might have said yes was not heard.
  if (allowed === false && evaluationError) return undefined;
  return allowed;
}

const unseen = (what: string): PlaceLook => ({ wrong: [], lacking: [], unseen: [what] });

/** The cluster does not let us look, or knows no such question. */
const noAnswers: ReadonlySet<string> = new Set(['SLIP-K8S-2', 'SLIP-K8S-6', 'SLIP-K8S-8']);

/** Undefined where there is no answer, which says nothing of what is there. */
async function ifLet<T>(look: () => Promise<T>): Promise<{ found: T } | undefined> {
  try {
    return { found: await look() };
  } catch (error) {
    if (error instanceof Failure && noAnswers.has(error.details.code)) return undefined;
    throw error;
  }
}
