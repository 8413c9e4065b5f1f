import { jobRights } from '../../domain/cluster-rights.ts';
import { together, type PlaceLook } from '../../domain/place-look.ts';
import type { ClusterConnection } from '../shared/cluster-connection.ts';
import { lookAtDeployment, lookAtObject, lookAtRights, type NamedObject } from '../shared/cluster-look.ts';
import { mountedBy, type Lender } from '../shared/job-borrowing.ts';
import type { MigrationNeeds } from './port.ts';

/** See the port: what a Job names itself, and what it would borrow. */
export async function lookAtNeeds(cluster: ClusterConnection, needs: MigrationNeeds): Promise<PlaceLook> {
  const { namespace, like } = needs;
  return together(
    await Promise.all([lookAtRights(cluster, namespace, jobRights(like?.deployment)), lookAtObjects(cluster, needs)]),
  );
}

async function lookAtObjects(
  cluster: ClusterConnection,
  { namespace, like, secrets }: MigrationNeeds,
): Promise<PlaceLook> {
  const named = secrets.map((name): NamedObject => ({ kind: 'Secret', name }));
  const { look, objects } = like ? await lookAtLender(cluster, namespace, like) : { look: [], objects: [] };
  const needed = distinct([...named, ...objects]);
  return together([...look, ...(await Promise.all(needed.map((object) => lookAtObject(cluster, namespace, object))))]);
}

async function lookAtLender(
  cluster: ClusterConnection,
  namespace: string,
  { deployment: name, container: lends }: NonNullable<MigrationNeeds['like']>,
): Promise<{ look: PlaceLook[]; objects: NamedObject[] }> {
  const named = { deployment: name, containers: [lends] };
  const { deployment, ...look } = await lookAtDeployment(cluster, namespace, named);
  const pod = deployment?.spec?.template.spec;
  const container = pod?.containers.find((one) => one.name === lends);
  return { look: [look], objects: pod && container ? borrowedBy({ pod, container }) : [] };
}

/** Without these its pod could not start. Other kinds of volumes are the cluster's own affair. */
function borrowedBy(lender: Lender): NamedObject[] {
  const { pod, container } = lender;
  const variables = (container.env ?? []).flatMap(({ valueFrom }) => [
    ...objectOf('Secret', valueFrom?.secretKeyRef),
    ...objectOf('ConfigMap', valueFrom?.configMapKeyRef),
  ]);
  const sources = (container.envFrom ?? []).flatMap(({ secretRef, configMapRef }) => [
    ...objectOf('Secret', secretRef),
    ...objectOf('ConfigMap', configMapRef),
  ]);
  const volumes = mountedBy(lender).flatMap(({ secret, configMap }) => [
    ...objectOf('Secret', secret && { name: secret.secretName, optional: secret.optional }),
    ...objectOf('ConfigMap', configMap),
  ]);
  // That of every namespace is made by the cluster itself.
  const account = pod.serviceAccountName === 'default' ? undefined : { name: pod.serviceAccountName };
  return [...variables, ...sources, ...volumes, ...objectOf('ServiceAccount', account)];
}

function objectOf(
  kind: NamedObject['kind'],
  reference: { name?: string | undefined; optional?: boolean | undefined } | undefined,
): NamedObject[] {
  const { name, optional } = reference ?? {};
  return name === undefined || name === '' || optional ? [] : [{ kind, name }];
}

function distinct(objects: readonly NamedObject[]): NamedObject[] {
  return [...new Map(objects.map((object) => [`${object.kind} ${object.name}`, object])).values()];
}
