import { revisionOf, sum } from './deployment-rules.ts';
import { isReady } from './replicaset-controller.ts';
import type { AnyObject, Container, Deployment, Job, KindName, KubeEvent, Pod, ReplicaSet } from './types.ts';

/** What `kubectl get` prints: the server decides the columns. Priority 1 is shown with `-o wide` only. */
interface Column {
  name: string;
  wide?: boolean;
  /** `now` is ms since 1970. */
  cell: (object: never, now: number) => string | number;
}

const nameOf = (object: AnyObject) => object.metadata.name;
const age = (object: AnyObject, now: number) => duration(now - Date.parse(object.metadata.creationTimestamp));
const templateOf = (object: Deployment | ReplicaSet | Job) => object.spec.template.spec.containers;
const containersOf = (pick: (container: Container) => string) => (object: Deployment | ReplicaSet | Job) =>
  templateOf(object).map(pick).join(',');
const selectorOf = (object: Deployment | ReplicaSet) =>
  Object.entries(object.spec.selector.matchLabels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
const runs: Column[] = [
  { name: 'Containers', wide: true, cell: containersOf((container) => container.name) },
  { name: 'Images', wide: true, cell: containersOf((container) => container.image) },
];

const nameAndAge: Column[] = [
  { name: 'Name', cell: nameOf },
  { name: 'Age', cell: age },
];

const columns: Record<KindName, Column[]> = {
  Deployment: [
    { name: 'Name', cell: nameOf },
    { name: 'Ready', cell: (object: Deployment) => `${object.status.readyReplicas ?? 0}/${object.spec.replicas}` },
    { name: 'Up-to-date', cell: (object: Deployment) => object.status.updatedReplicas ?? 0 },
    { name: 'Available', cell: (object: Deployment) => object.status.availableReplicas ?? 0 },
    { name: 'Age', cell: age },
    ...runs,
    { name: 'Selector', wide: true, cell: selectorOf },
  ],
  ReplicaSet: [
    { name: 'Name', cell: nameOf },
    { name: 'Desired', cell: (object: ReplicaSet) => object.spec.replicas },
    { name: 'Current', cell: (object: ReplicaSet) => object.status.replicas },
    { name: 'Ready', cell: (object: ReplicaSet) => object.status.readyReplicas ?? 0 },
    { name: 'Age', cell: age },
    ...runs,
    { name: 'Selector', wide: true, cell: selectorOf },
    { name: 'Revision', wide: true, cell: revisionOf },
  ],
  Pod: [
    { name: 'Name', cell: nameOf },
    {
      name: 'Ready',
      cell: (pod: Pod) =>
        `${(pod.status.containerStatuses ?? []).filter((status) => status.ready).length}/${pod.spec.containers.length}`,
    },
    { name: 'Status', cell: podState },
    {
      name: 'Restarts',
      cell: (pod: Pod) => sum((pod.status.containerStatuses ?? []).map((status) => status.restartCount)),
    },
    { name: 'Age', cell: age },
    { name: 'IP', wide: true, cell: (pod: Pod) => pod.status.podIP ?? '<none>' },
    { name: 'Node', wide: true, cell: (pod: Pod) => pod.spec.nodeName ?? '<none>' },
  ],
  Job: [
    { name: 'Name', cell: nameOf },
    {
      name: 'Status',
      cell: (job: Job) =>
        ['Complete', 'Failed'].find((type) => job.status.conditions?.some((one) => one.type === type)) ?? 'Running',
    },
    { name: 'Completions', cell: (job: Job) => `${job.status.succeeded ?? 0}/1` },
    { name: 'Age', cell: age },
    ...runs,
  ],
  Event: [
    { name: 'Last Seen', cell: (event: KubeEvent, now: number) => duration(now - Date.parse(event.lastTimestamp)) },
    { name: 'Type', cell: (event: KubeEvent) => event.type },
    { name: 'Reason', cell: (event: KubeEvent) => event.reason },
    {
      name: 'Object',
      cell: (event: KubeEvent) => `${event.involvedObject.kind.toLowerCase()}/${event.involvedObject.name}`,
    },
    { name: 'Message', cell: (event: KubeEvent) => event.message },
  ],
  Secret: nameAndAge,
  ConfigMap: nameAndAge,
  ServiceAccount: nameAndAge,
  SelfSubjectAccessReview: nameAndAge,
  Namespace: [
    { name: 'Name', cell: nameOf },
    { name: 'Status', cell: () => 'Active' },
    { name: 'Age', cell: age },
  ],
};

export function asTable(kind: KindName, objects: AnyObject[], resourceVersion: string, now: number, withHeader = true) {
  const described = columns[kind].map(({ name, wide }) => ({
    name,
    type: 'string',
    format: name === 'Name' ? 'name' : '',
    description: '',
    priority: wide ? 1 : 0,
  }));
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion },
    columnDefinitions: withHeader ? described : null,
    rows: objects.map((object) => ({
      cells: columns[kind].map((column) => column.cell(object as never, now)),
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}

/** The reason of the first container that is not running well; as kubectl's STATUS column has it. */
function podState(pod: Pod): string {
  if (pod.metadata.deletionTimestamp) return 'Terminating';
  for (const status of pod.status.containerStatuses ?? []) {
    if (status.state.waiting) return status.state.waiting.reason;
    if (status.state.terminated) return status.state.terminated.reason;
  }
  return pod.status.phase === 'Running' && !isReady(pod) ? 'Running' : pod.status.phase;
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)}m`;
  return `${Math.floor(seconds / 3_600)}h`;
}
