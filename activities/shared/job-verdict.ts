import type { V1Job, V1JobCondition, V1Pod } from '@kubernetes/client-node';
import type { ContainerObservation, PodObservation } from '../../domain/rollout-observation.ts';
import { isNodesFault } from '../../domain/nodes-fault.ts';
import { jobPatience } from '../../domain/rollout-patience.ts';
import { hindrance } from '../../domain/rollout-hindrance.ts';
import { doomOf } from '../../domain/rollout-pods.ts';
import { clean, podObservation } from '../shared/cluster-pods.ts';
import { hasBegun } from './job-beginning.ts';
import { endedBeforeDeadline } from './job-deadline.ts';
import { isOverdue, ranFor, waitedMs, type JobTime } from './job-time.ts';
import type { Alongside, Running } from './job.ts';

/** What one look says of a Job, before its log is read. `pod`: the one to read it from, where its container has run. */
export type JobVerdict =
  | ({ state: 'running'; message: string; begun: boolean; removing?: true; overdue?: true } & Running)
  | ({ state: 'succeeded'; pod?: string } & Alongside)
  | ({ state: 'failed'; reason: string; begun: boolean; lost?: true; exitCode?: number; pod?: string } & Running &
      Alongside);

/** What has not begun when so much of its time is over would be broken off in the middle. */
const latestBeginning = 0.9;

export interface JobLook extends JobTime {
  /** All that the Job has, in any order. */
  pods: V1Pod[];
  /** The name of the one that counts. */
  container: string;
}

/** Judges one look at a Job. Pure. */
export function judgeJob({ job, pods, timeoutMs, at, container }: JobLook): JobVerdict {
  const begun = hasBegun(job, pods, container);
  const ranMs = ranFor({ job, timeoutMs, at }, pods, container);
  const ran = ranMs === undefined ? {} : { ranMs };
  const overdue = isOverdue({ job, timeoutMs, at }) ? { overdue: true as const } : {};
  if (job.metadata?.deletionTimestamp)
    return { state: 'running', message: 'the Job is being removed', begun, removing: true, ...ran, ...overdue };
  const pod = [...pods].sort((a, b) => createdAt(b) - createdAt(a))[0];
  const seen = pod && podObservation(pod);
  const own = seen?.containers.find(({ name, init }) => name === container && !init);
  const readable = seen && own && own.state !== 'waiting' ? { pod: seen.name } : {};

  if (conditionOf(job, 'Complete')) return { state: 'succeeded', ...readable };
  const failed = conditionOf(job, 'Failed');
  if (own && pod && endedBeforeDeadline(job, pod, own) && !isLost(failed, pod))
    return { ...endIn(pod, own, ran), ...readable };
  if (failed) {
    // The pod has failed, but for another container of it.
    if (failed.reason === 'BackoffLimitExceeded' && own?.exitCode === 0 && pod && !isLeaving(pod))
      return { state: 'succeeded', ...readable };
    const lost = isLost(failed, pod) ? { lost: true as const } : {};
    return {
      state: 'failed',
      reason: reasonOf(failed, seen, own),
      begun,
      ...ran,
      ...lost,
      ...exitCodeOf(own),
      ...readable,
    };
  }
  const alongside = pod && seen && own && othersOf(pod, seen, own);
  if (alongside) return { ...endIn(pod, own, ran), alongside, ...readable };
  const kept = begun ? undefined : keptFromBeginning({ job, seen, timeoutMs, at });
  if (kept !== undefined) return { state: 'failed', reason: kept, begun, ...exitCodeOf(own), ...readable };
  return { state: 'running', message: standOf(seen, at), begun, ...ran, ...overdue };
}

function standOf(seen: PodObservation | undefined, at: number): string {
  return seen ? (hindrance(seen, at) ?? `pod ${seen.name} is ${seen.phase.toLowerCase()}`) : 'the Job has no pod yet';
}

/**
 * Its own container has ended, and others run on: nobody here has asked for them, and the Job would wait for them until its time is over.
 * Where all have ended the Job controller tells; and where the pod is on its way out an exit code may be that of a program that was stopped.
 */
function othersOf(pod: V1Pod, seen: PodObservation, own: ContainerObservation): string[] | undefined {
  const others = seen.containers.filter((one) => !one.init && one !== own && one.state !== 'terminated');
  if (own.state !== 'terminated' || others.length === 0 || isLeaving(pod)) return undefined;
  return others.map(({ name }) => name);
}

/** Of its own container alone, which has ended by itself. */
function endIn(pod: V1Pod, own: ContainerObservation, ran: Running): Exclude<JobVerdict, { state: 'running' }> {
  if (own.exitCode === 0) return { state: 'succeeded' };
  const reason = [own.reason, own.message].filter(Boolean).join(' ');
  return { state: 'failed', reason, begun: hasBegun({}, [pod], own.name), ...ran, ...exitCodeOf(own) };
}

/** Why it will not begin any more; undefined while it may. */
function keptFromBeginning({
  job,
  seen,
  timeoutMs,
  at,
}: Pick<JobLook, 'job' | 'timeoutMs' | 'at'> & { seen: PodObservation | undefined }): string | undefined {
  // A pod that has ended is the Job controller's to judge: it may know of a disruption.
  if (seen?.phase === 'Failed' || seen?.phase === 'Succeeded') return undefined;
  const doom = seen && doomOf(seen, at);
  if (doom) return `${doom.reason}: ${doom.message}`;
  const waited = waitedMs({ job, at });
  if (waited < Math.min(timeoutMs * latestBeginning, seen ? Infinity : jobPatience.startMs)) return undefined;
  return `after ${Math.floor(waited / 1_000)} s: ${standOf(seen, at)}`;
}

function isLeaving(pod: V1Pod): boolean {
  return pod.metadata?.deletionTimestamp !== undefined || isDisrupted(pod);
}

function isDisrupted({ status }: V1Pod): boolean {
  return status?.conditions?.some((one) => one.type === 'DisruptionTarget' && one.status === 'True') === true;
}

/** By what the Job and its pod say: the last words of a container are its program's, which may say anything. */
function isLost(failed: V1JobCondition | undefined, pod: V1Pod | undefined): boolean {
  const said = [failed?.reason, failed?.message, pod?.status?.reason].filter(Boolean).join(': ');
  return isNodesFault(said) || (pod !== undefined && isDisrupted(pod));
}

function createdAt(pod: V1Pod): number {
  return pod.metadata?.creationTimestamp?.getTime() ?? 0;
}

function conditionOf(job: V1Job, type: string): V1JobCondition | undefined {
  return job.status?.conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

function exitCodeOf(own: ContainerObservation | undefined): { exitCode?: number } {
  return own?.exitCode === undefined ? {} : { exitCode: own.exitCode };
}

function reasonOf(
  { reason, message }: V1JobCondition,
  seen: PodObservation | undefined,
  own: ContainerObservation | undefined,
): string {
  const ended = own?.state === 'terminated' ? `${own.reason} ${clean(own.message)}`.trim() : undefined;
  const words = ended === undefined && seen ? wordsOf(seen) : [ended];
  return [reason, clean(message), ...words].filter(Boolean).join(': ');
}

/** The pod's own words, and those of what had to end before its container could begin. */
function wordsOf({ reason, message, unschedulable, containers }: PodObservation): (string | undefined)[] {
  const telling = containers.filter((one) => one.state === 'waiting' || (one.exitCode ?? 0) !== 0);
  const unplaced = unschedulable && `Unschedulable: ${unschedulable.message}`;
  return [reason, message, unplaced, ...telling.map((one) => `${one.name} ${one.reason} ${clean(one.message)}`.trim())];
}
