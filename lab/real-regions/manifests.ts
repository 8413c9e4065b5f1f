import { shop, shopComponents } from '../shop/pipeline-file.ts';
import type { ShopComponent } from '../shop/pipeline-file.ts';

export interface ShopManifests {
  /** Which region this is: the shop's own settings differ by region. */
  region: string;
  /** What the Deployments run before their first release. */
  image: string;
  /** As the pods of this region reach the database. */
  databaseUrl: string;
}

/** Says whose the objects are, so that a namespace of somebody else is never taken for ours. */
export const ownerLabel = { 'app.kubernetes.io/managed-by': 'slipway-lab' };

export function namespaceOfShop() {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: shop.namespace, labels: ownerLabel } };
}

/** The shop as a platform team would have set it up in a region: a secret, and a Deployment and a Service for each component. */
export function shopManifests(options: ShopManifests) {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: shop.databaseSecret, namespace: shop.namespace },
    stringData: { DATABASE_URL: options.databaseUrl },
  };
  const items = [secret, ...shopComponents.flatMap((name) => [deployment(name, options), service(name)])];
  return { apiVersion: 'v1', kind: 'List', items };
}

function deployment(name: ShopComponent, { region, image }: ShopManifests) {
  const container = {
    name,
    image,
    env: [{ name: 'REGION', value: region }],
    ...(name === 'core' ? { envFrom: [{ secretRef: { name: shop.databaseSecret } }] } : {}),
    ports: [{ containerPort: 8080 }],
    readinessProbe: { httpGet: { path: '/health/', port: 8080 }, periodSeconds: 1, timeoutSeconds: 3 },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: shop.namespace },
    spec: {
      replicas: 2,
      minReadySeconds: 2,
      progressDeadlineSeconds: 120,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '100%', maxUnavailable: 0 } },
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        // busybox serves on until it is killed, which gives everybody time to notice that the pod is on its way out
        spec: { terminationGracePeriodSeconds: 3, enableServiceLinks: false, containers: [container] },
      },
    },
  };
}

function service(name: ShopComponent) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: shop.namespace },
    spec: { selector: { app: name }, ports: [{ port: 8080, targetPort: 8080 }] },
  };
}
