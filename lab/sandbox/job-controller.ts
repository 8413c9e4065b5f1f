import type { Control } from './control.ts';
import { findCondition } from './deployment-rules.ts';
import { judgeFailure } from './pod-failure-policy.ts';
import { createPod, isReady, markForDeletion, podsOf } from './replicaset-controller.ts';
import { timestamp } from './store.ts';
import type { Condition, Job, Pod } from './types.ts';

/**
 * Runs Jobs of one pod: `backoffLimit` further tries, a deadline, failures by policy, and the conditions a real Job ends with. A pod is
 * judged when it is told to go; a real controller waits until it has gone.
 */
export function createJobController(control: Control, speed: number): (job: Job) => void {
  /** Failures by Job, so that a pod that somebody deletes still counts as one. */
  const failures = new Map<string, Map<string, number>>();
  /** Pods whose failure counts for nothing. */
  const ignored = new Set<string>();
  const { store, now } = control;

  function end(job: Job, pods: Pod[], type: 'Complete' | 'Failed', reason: string, message: string): void {
    const at = timestamp(now());
    const condition = (name: string): Condition => ({
      type: name,
      status: 'True',
      reason,
      message,
      lastProbeTime: at,
      lastTransitionTime: at,
    });
    // Pods that were at work when the Job failed count as failed, as a real controller counts them.
    const failed = (failures.get(job.metadata.uid)?.size ?? 0) + (type === 'Failed' ? pods.filter(isActive).length : 0);
    store.change('Job', job.metadata, (draft) => {
      draft.status = {
        ...draft.status,
        active: 0,
        ready: 0,
        ...(failed > 0 ? { failed } : {}),
        ...(type === 'Complete' ? { succeeded: 1, completionTime: at } : {}),
        conditions: [condition(type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget'), condition(type)],
      };
    });
    for (const pod of pods.filter(isActive)) markForDeletion(store, pod, now());
    control.record(job, {
      type: type === 'Complete' ? 'Normal' : 'Warning',
      reason: type === 'Complete' ? 'Completed' : reason,
      message: message || 'Job completed',
      component: 'job-controller',
    });
    failures.delete(job.metadata.uid);
  }

  return (job) => {
    if (job.metadata.deletionTimestamp || isFinished(job)) return;
    if (!job.status.startTime)
      return void store.change('Job', job.metadata, (draft) => void (draft.status.startTime = timestamp(now())));
    const pods = podsOf(store, job);
    const failed = failures.get(job.metadata.uid) ?? new Map<string, number>();
    failures.set(job.metadata.uid, failed);
    const isNew = ({ metadata: { uid } }: Pod) => !failed.has(uid) && !ignored.has(uid);
    for (const pod of pods.filter((one) => hasFailed(one) && isNew(one))) {
      const { action, message } = judgeFailure(job, pod);
      if (action === 'Ignore') ignored.add(pod.metadata.uid);
      else failed.set(pod.metadata.uid, now());
      if (action === 'FailJob') return end(job, pods, 'Failed', 'PodFailurePolicy', message);
    }
    const deadline = Date.parse(job.status.startTime) + (job.spec.activeDeadlineSeconds ?? Infinity) * 1_000;
    if (pods.some((pod) => pod.status.phase === 'Succeeded'))
      return end(job, pods, 'Complete', 'CompletionsReached', 'Reached expected number of succeeded pods');
    if (failed.size > job.spec.backoffLimit)
      return end(job, pods, 'Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
    if (now() >= deadline)
      return end(job, pods, 'Failed', 'DeadlineExceeded', 'Job was active longer than specified deadline');
    const active = pods.filter(isActive);
    const rested = now() >= Math.max(0, ...failed.values()) + (failed.size > 0 ? speed * 2 ** failed.size : 0);
    const mayReplace =
      job.spec.podReplacementPolicy !== 'Failed' || !pods.some((pod) => pod.metadata.deletionTimestamp);
    if (active.length === 0 && rested && mayReplace) createPod(control, job, job.spec.template, 'job-controller');
    store.change('Job', job.metadata, (draft) => {
      draft.status = {
        ...draft.status,
        active: Math.max(active.length, rested ? 1 : 0),
        ready: active.filter(isReady).length,
        ...(failed.size > 0 ? { failed: failed.size } : {}),
      };
    });
  };
}

function isFinished(job: Job): boolean {
  return ['Complete', 'Failed'].some((type) => findCondition(job.status.conditions, type)?.status === 'True');
}

function isActive(pod: Pod): boolean {
  return !pod.metadata.deletionTimestamp && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed';
}

function hasFailed(pod: Pod): boolean {
  return (
    pod.status.phase === 'Failed' || (pod.metadata.deletionTimestamp !== undefined && pod.status.phase !== 'Succeeded')
  );
}
