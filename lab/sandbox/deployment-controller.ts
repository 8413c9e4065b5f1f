import type { Control } from './control.ts';
import {
  desiredAnnotation,
  findCondition,
  hasDeadline,
  hashLabel,
  isComplete,
  maxAnnotation,
  newReplicas,
  revisionAnnotation,
  revisionOf,
  sameTemplate,
  setCondition,
  templateHash,
} from './deployment-rules.ts';
import {
  isScaling,
  noteScaling,
  ownedSets,
  roll,
  scaleInProportion,
  sizeAnnotations,
  stopOldPods,
} from './deployment-sizes.ts';
import { countedStatus, rolloutStatus } from './deployment-status.ts';
import { ownerReference } from './selectors.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from './types.ts';

const annotationsKeptApart = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  'deployment.kubernetes.io/revision-history',
  desiredAnnotation,
  maxAnnotation,
]);

/** One reconciliation, in the order of the real controller; called again and again until nothing changes. */
export function syncDeployment(control: Control, found: Deployment): void {
  if (found.metadata.deletionTimestamp) return;
  const deployment = markPaused(control, found);
  const sets = ownedSets(control, deployment);
  const existing = newSetOf(deployment, sets);
  if (deployment.spec.paused || isScaling(deployment, sets)) {
    scaleInProportion(control, deployment, existing, sets);
    const now = ownedSets(control, deployment);
    return writeStatus(control, deployment, countedStatus(deployment, newSetOf(deployment, now), now, control.now()));
  }
  if (deployment.spec.strategy.type === 'Recreate' && !stopOldPods(control, deployment, existing)) {
    return writeStatus(control, deployment, rolloutStatus(deployment, existing, sets, control.now()));
  }
  const { current, newSet } = ensureNewSet(control, deployment, existing, sets);
  const settled = roll(control, current, newSet);
  const all = ownedSets(control, current);
  if (settled && isComplete(current, current.status)) forgetOldSets(control, current, all, newSet);
  writeStatus(control, current, rolloutStatus(current, newSetOf(current, all), all, control.now()));
}

function newSetOf(deployment: Deployment, sets: ReplicaSet[]): ReplicaSet | undefined {
  return sets.find((set) => sameTemplate(set.spec.template, deployment.spec.template));
}

function writeStatus(control: Control, deployment: Deployment, status: DeploymentStatus): void {
  control.store.change('Deployment', deployment.metadata, (draft) => void (draft.status = status));
}

function markPaused(control: Control, deployment: Deployment): Deployment {
  const current = findCondition(deployment.status.conditions, 'Progressing');
  if (!hasDeadline(deployment) || current?.reason === 'ProgressDeadlineExceeded') return deployment;
  const isMarked = current?.reason === 'DeploymentPaused';
  if (isMarked === Boolean(deployment.spec.paused)) return deployment;
  const [reason, message] = deployment.spec.paused
    ? ['DeploymentPaused', 'Deployment is paused']
    : ['DeploymentResumed', 'Deployment is resumed'];
  return edit(control, deployment, (draft) =>
    setCondition(draft.status, { type: 'Progressing', status: 'Unknown', reason, message }, control.now()),
  );
}

function edit(control: Control, deployment: Deployment, change: (draft: Deployment) => void): Deployment {
  return control.store.change('Deployment', deployment.metadata, change) ?? deployment;
}

/** Finds the ReplicaSet of the present template, or creates it, and keeps the revision numbers: a ReplicaSet that is used again gets a new, higher one. */
function ensureNewSet(
  control: Control,
  deployment: Deployment,
  existing: ReplicaSet | undefined,
  sets: ReplicaSet[],
): { current: Deployment; newSet: ReplicaSet } {
  const newest = Math.max(0, ...sets.filter((set) => set !== existing).map(revisionOf));
  if (!existing) return createSet(control, deployment, sets, newest + 1);
  const annotated = control.store.change('ReplicaSet', existing.metadata, (draft) => {
    draft.metadata.annotations = annotationsFor(deployment, draft, newest + 1);
    if (deployment.spec.minReadySeconds !== undefined) draft.spec.minReadySeconds = deployment.spec.minReadySeconds;
  }) as ReplicaSet;
  if (annotated !== existing) return { current: deployment, newSet: annotated };
  const current = edit(control, deployment, (draft) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [revisionAnnotation]: String(revisionOf(existing)) };
    if (!hasDeadline(draft) || findCondition(draft.status.conditions, 'Progressing')) return;
    const message = `Found new replica set "${existing.metadata.name}"`;
    setCondition(
      draft.status,
      { type: 'Progressing', status: 'True', reason: 'FoundNewReplicaSet', message },
      control.now(),
    );
  });
  return { current, newSet: existing };
}

function annotationsFor(deployment: Deployment, set: ReplicaSet | undefined, revision: number): Record<string, string> {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(
    ([key]) => !annotationsKeptApart.has(key),
  );
  const annotations = { ...set?.metadata.annotations, ...Object.fromEntries(copied) };
  const before = Number(annotations[revisionAnnotation] ?? 0);
  if (before >= revision) return annotations;
  const history = [annotations['deployment.kubernetes.io/revision-history'], before || undefined]
    .filter(Boolean)
    .join(',');
  return {
    ...annotations,
    [revisionAnnotation]: String(revision),
    ...(history ? { 'deployment.kubernetes.io/revision-history': history } : {}),
  };
}

function createSet(
  control: Control,
  deployment: Deployment,
  sets: ReplicaSet[],
  revision: number,
): { current: Deployment; newSet: ReplicaSet } {
  const { template, minReadySeconds } = deployment.spec;
  const hash = templateHash(template);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const replicas = newReplicas(deployment, sets, 0);
  const newSet = control.store.create<ReplicaSet>({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      ...(deployment.metadata.namespace ? { namespace: deployment.metadata.namespace } : {}),
      labels,
      annotations: { ...annotationsFor(deployment, undefined, revision), ...sizeAnnotations(deployment) },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
      selector: { matchLabels: { ...deployment.spec.selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  });
  if (replicas > 0) noteScaling(control, deployment, newSet.metadata.name, 0, replicas);
  const current = edit(control, deployment, (draft) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [revisionAnnotation]: String(revision) };
    if (!hasDeadline(draft)) return;
    const message = `Created new replica set "${newSet.metadata.name}"`;
    setCondition(
      draft.status,
      { type: 'Progressing', status: 'True', reason: 'NewReplicaSetCreated', message },
      control.now(),
    );
  });
  return { current, newSet };
}

function forgetOldSets(control: Control, deployment: Deployment, all: ReplicaSet[], newSet: ReplicaSet): void {
  const old = all
    .filter((set) => set.metadata.uid !== newSet.metadata.uid)
    .sort((a, b) => revisionOf(a) - revisionOf(b));
  const surplus = old.length - (deployment.spec.revisionHistoryLimit ?? 10);
  for (const set of old.slice(0, Math.max(0, surplus)))
    if (set.spec.replicas === 0 && set.status.replicas === 0) control.store.remove(set);
}
