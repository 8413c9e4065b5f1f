import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { plain, timestamp } from './store.ts';
import type { Condition, Deployment, DeploymentStatus, PodTemplate, ReplicaSet } from './types.ts';

/** The arithmetic of kube-controller-manager's deployment controller, pure: same names, same rounding (pkg/controller/deployment/util). */
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxAnnotation = 'deployment.kubernetes.io/max-replicas';
export const hashLabel = 'pod-template-hash';

export const sum = (numbers: (number | undefined)[]): number =>
  numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
export const revisionOf = (object: { metadata: { annotations?: Record<string, string> } }): number =>
  Number(object.metadata.annotations?.[revisionAnnotation] ?? 0);

/** The template's identity: ten characters that stay the same for the same template. */
export function templateHash(template: PodTemplate): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  const digest = createHash('sha256').update(stable(template)).digest();
  return [...digest.subarray(0, 10)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, part]) => `${JSON.stringify(key)}:${stable(part)}`)
    .join(',')}}`;
}

export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  const bare = (template: PodTemplate) => {
    const copy = plain(template);
    if (copy.metadata?.labels) delete copy.metadata.labels[hashLabel];
    return copy;
  };
  return isDeepStrictEqual(bare(a), bare(b));
}

/** Surge is rounded up, unavailability down; both zero would never move, so one pod may then be missing. */
export function limits(deployment: Deployment): { maxSurge: number; maxUnavailable: number } {
  const { replicas, strategy } = deployment.spec;
  if (strategy.type !== 'RollingUpdate' || replicas === 0) return { maxSurge: 0, maxUnavailable: 0 };
  const maxSurge = resolve(strategy.rollingUpdate?.maxSurge ?? '25%', replicas, Math.ceil);
  const maxUnavailable = resolve(strategy.rollingUpdate?.maxUnavailable ?? '25%', replicas, Math.floor);
  return { maxSurge, maxUnavailable: Math.min(replicas, maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable) };
}

function resolve(value: number | string, total: number, round: (value: number) => number): number {
  return typeof value === 'number' ? value : round((Number.parseInt(value, 10) * total) / 100);
}

/** How many replicas the new ReplicaSet may have now. */
export function newReplicas(deployment: Deployment, all: ReplicaSet[], newSet: number): number {
  if (deployment.spec.strategy.type !== 'RollingUpdate') return deployment.spec.replicas;
  const most = deployment.spec.replicas + limits(deployment).maxSurge;
  const current = sum(all.map((set) => set.spec.replicas));
  return current >= most ? newSet : newSet + Math.min(most - current, deployment.spec.replicas - newSet);
}

export function hasDeadline(deployment: Deployment): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds;
  return seconds !== undefined && seconds !== 2_147_483_647;
}

export function findCondition(conditions: Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** A condition with the same status and reason stays untouched, message and time included: the root of many a stale message. */
export function setCondition(
  status: DeploymentStatus,
  next: Pick<Condition, 'type' | 'status' | 'reason' | 'message'>,
  now: number,
): void {
  const current = findCondition(status.conditions, next.type);
  if (current && current.status === next.status && current.reason === next.reason) return;
  const at = timestamp(now);
  const lastTransitionTime = current?.status === next.status ? (current.lastTransitionTime ?? at) : at;
  status.conditions = [
    ...(status.conditions ?? []).filter((condition) => condition.type !== next.type),
    { ...next, lastUpdateTime: at, lastTransitionTime },
  ];
}

export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = deployment.spec.replicas;
  return (
    status.updatedReplicas === wanted &&
    status.replicas === wanted &&
    status.availableReplicas === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

export function isProgressing(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const old = (status: DeploymentStatus) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

export function isTimedOut(deployment: Deployment, status: DeploymentStatus, now: number): boolean {
  const condition = findCondition(status.conditions, 'Progressing');
  if (!condition || condition.reason === 'NewReplicaSetAvailable') return false;
  if (condition.reason === 'ProgressDeadlineExceeded') return true;
  return Date.parse(condition.lastUpdateTime ?? '') + (deployment.spec.progressDeadlineSeconds ?? 0) * 1_000 < now;
}
