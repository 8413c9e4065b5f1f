import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApps } from './apps.ts';
import type { Control } from './control.ts';
import { syncDeployment } from './deployment-controller.ts';
import { withDeploymentDefaults } from './defaults.ts';
import type { Effect } from './effects.ts';
import { createEventRecorder } from './events.ts';
import { createFaults, type Faults } from './faults.ts';
import { collectGarbage } from './garbage.ts';
import { createJobController } from './job-controller.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { createKubelet, type Kubelet } from './kubelet.ts';
import { trackUpdate, writeManagers } from './managed-fields.ts';
import type { SandboxOptions } from './options.ts';
import { syncReplicaSet } from './replicaset-controller.ts';
import { answerApi, type Routes } from './routes.ts';
import type { JsonObject } from './schema.ts';
import { createStore, timestamp } from './store.ts';
import type { Deployment, Job, Namespace, Secret } from './types.ts';
import { validateDeployment } from './validation.ts';

export type { Effect } from './effects.ts';
export type { Faults } from './faults.ts';
export type { ImageBehaviour, JobResult, SandboxJob, SandboxOptions } from './options.ts';

/** A Deployment as the region's own set-up creates it, by the manager `sandbox-setup`. */
export interface SandboxDeployment {
  name: string;
  image: string;
  /** Default: the Deployment's name. */
  container?: string;
  replicas: number;
  /** On the Deployment and its pods, beside `app: <name>`. */
  labels?: Record<string, string>;
  /** Default 600. */
  progressDeadlineSeconds?: number;
}

/**
 * A simulated Kubernetes region: the API over HTTP on loopback, deployment, ReplicaSet and Job controllers, and one node that runs pods
 * as `images` says. In memory; it lives as long as its process.
 *
 * What it answers (everything else: 501 with a Status that says so):
 * - `/version`, `/healthz`, `/readyz`, `/livez`, unaggregated discovery of `v1`, `apps/v1`, `batch/v1`, `authorization.k8s.io/v1`. No OpenAPI: `kubectl create -f` needs `--validate=false`.
 *   JSON and YAML bodies only: `kubectl create job` and `create namespace` speak protobuf and get 415.
 * - Deployments: get, list, watch, create, update, delete; patches by server-side apply (JSON or YAML; managers, `force`), strategic merge, merge and
 *   JSON patch; `dryRun=All`; preconditions by `metadata.resourceVersion` and `uid`; the `scale` subresource. Not: `status`, deletion of a collection, init containers,
 *   selectors by expression.
 * - ReplicaSets: get, list, watch. Pods: get, list, watch, delete, and `log` with `container`, `tailLines`, `limitBytes`, `previous`. Not: `follow`, `timestamps`, `since…`.
 * - Jobs: create, get, list, watch, delete (with propagationPolicy; without one pods are orphaned, as in batch/v1). One pod of one container at a time, restartPolicy Never;
 *   `backoffLimit`, `activeDeadlineSeconds`. `ttlSecondsAfterFinished` and `podFailurePolicy` are kept but not acted on.
 * - Events: get, list, watch. Secrets, ConfigMaps, service accounts: create, get. Metadata alone (`PartialObjectMetadata`) for gets and lists. Namespaces: get, list, watch, create. `default` is there.
 * - SelfSubjectAccessReviews: everything is allowed but what `faults.forbid` names.
 * - Selectors by label and by any dotted field, tables for `kubectl get`, watches from a version (410 when it is too old). `limit` is not honoured: lists are whole.
 * - RollingUpdate (surge up, unavailable down) and Recreate, pause, proportional scaling, revisions, history limit, conditions and progress deadline as
 *   kube-controller-manager writes them; pod states and messages as the kubelet writes them. Environment from literals, Secret keys and Secrets.
 *   A readiness probe by a program cannot be run in a simulated container, and its kubelet says so.
 *
 * What it does not prove: authentication, RBAC, admission, quotas, scheduling, probes' own timing, networks, image pulls, defaults and validation beyond
 * those used here, and `managedFields` of the controllers. These are proved on a real control plane.
 */
export interface SandboxRegion {
  name: string;
  /** `http://127.0.0.1:<port>` */
  server: string;
  /** Path of the kubeconfig file. */
  kubeconfig: string;
  faults: Faults;
  /**
   * `http://127.0.0.1:<port>/apps`: any request to `<serve>/<namespace>/<deployment>/<path…>` is answered by one of the Deployment's ready pods in turn
   * (header `x-sandbox-pod`), 503 `no ready pods` when there is none.
   */
  serve: string;
  /** Creates the namespace too when it is not there. Throws an ApiError for what the API would refuse. */
  createDeployment(namespace: string, deployment: SandboxDeployment): Promise<void>;
  /** `data` in plain text. */
  createSecret(namespace: string, name: string, data: Record<string, string>): Promise<void>;
  /** Every write of a client that changed something, oldest first. Set-up by the two methods above is not in it. */
  effects(): Effect[];
  /** Cuts every connection, ends Jobs' work and stops the clockwork. */
  stop(): Promise<void>;
}

/** Ticks per `speed`: how finely controllers and pods follow the clock. */
const ticks = 12;

export async function startSandboxRegion(options: SandboxOptions): Promise<SandboxRegion> {
  const speed = options.speed ?? 300;
  const now = () => Date.now();
  const store = createStore(now);
  const control: Control = { store, now, record: createEventRecorder(store, now) };
  const kubelet = createKubelet(control, { ...options, speed });
  const syncJob = createJobController(control, speed);
  const watches = new Set<() => void>();
  const server = createServer();
  const faults = createFaults(() => {
    for (const cut of watches) cut();
  });
  const effects: Effect[] = [];
  serveOn(server, { control, kubelet, faults, effects, watches });
  ensureNamespace(control, 'default');
  const address = await listen(server, options.port ?? 0);
  const timer = setInterval(createClockwork(control, kubelet, syncJob), Math.max(5, speed / ticks)).unref();

  return {
    name: options.name,
    server: address,
    kubeconfig: await writeKubeconfig(options.directory, options.name, address),
    faults: faults.faults,
    serve: `${address}/apps`,
    createDeployment: async (namespace, deployment) => createDeployment(control, namespace, deployment),
    createSecret: async (namespace, name, data) => createSecret(control, namespace, name, data),
    effects: () => [...effects],
    async stop() {
      clearInterval(timer);
      kubelet.stop();
      for (const cut of watches) cut();
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** One turn of everything. Controllers rest while nothing has changed, apart from a look now and then for what only time brings: deadlines, back-offs. */
function createClockwork(control: Control, kubelet: Kubelet, syncJob: (job: Job) => void): () => void {
  let settledAt = -1;
  let turn = 0;
  return () => {
    turn += 1;
    const version = control.store.version();
    if (version !== settledAt || turn % ticks === 0) {
      collectGarbage(control);
      control.store.list('Deployment').forEach((deployment) => syncDeployment(control, deployment));
      control.store.list('ReplicaSet').forEach((set) => syncReplicaSet(control, set));
      control.store.list('Job').forEach(syncJob);
      settledAt = version;
    }
    kubelet.step();
  };
}

function serveOn(server: Server, routes: Routes): void {
  const answerApp = createApps(routes.control, routes.kubelet);
  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const isApp = url.pathname.startsWith('/apps/');
    if (!isApp && routes.faults.isUnreachable()) return void request.socket.destroy();
    void (isApp ? answerApp(request, response, url) : answerApi(routes, request, response, url)).catch(() =>
      request.socket.destroy(),
    );
  });
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

function ensureNamespace(control: Control, name: string): void {
  if (control.store.get('Namespace', '', name)) return;
  const labels = { 'kubernetes.io/metadata.name': name };
  control.store.create<Namespace>({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
    status: { phase: 'Active' },
  });
}

/** The simulated kubelet says when a container is ready as if it had asked. */
const readinessProbe = { httpGet: { path: '/', port: 8080 } };

function createDeployment(control: Control, namespace: string, wanted: SandboxDeployment): void {
  ensureNamespace(control, namespace);
  const labels = { app: wanted.name, ...wanted.labels };
  const { progressDeadlineSeconds } = wanted;
  const deployment = withDeploymentDefaults({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: wanted.name, namespace, labels },
    spec: {
      replicas: wanted.replicas,
      ...(progressDeadlineSeconds === undefined ? {} : { progressDeadlineSeconds }),
      selector: { matchLabels: { app: wanted.name } },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: wanted.container ?? wanted.name, image: wanted.image, readinessProbe }] },
      },
    },
  } as unknown as Deployment);
  validateDeployment(deployment);
  const writer = { manager: 'sandbox-setup', apiVersion: 'apps/v1', time: timestamp(control.now()) };
  deployment.metadata.managedFields = writeManagers(trackUpdate([], {}, deployment as unknown as JsonObject, writer));
  control.store.create(deployment);
}

function createSecret(control: Control, namespace: string, name: string, plainText: Record<string, string>): void {
  ensureNamespace(control, namespace);
  const data = Object.fromEntries(
    Object.entries(plainText).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  control.store.create<Secret>({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'Opaque',
    data,
  });
}
