import { findCondition } from './deployment-rules.ts';
import type { Job, Pod } from './types.ts';

export interface JudgedFailure {
  action: 'Count' | 'Ignore' | 'FailJob';
  message: string;
}

/** What a failed pod means for its Job: by the first rule that fits, otherwise it counts. Rules on exit codes are refused with 501. */
export function judgeFailure(job: Job, pod: Pod): JudgedFailure {
  for (const [index, { action, onPodConditions = [] }] of (job.spec.podFailurePolicy?.rules ?? []).entries()) {
    const met = onPodConditions.find(
      ({ type, status = 'True' }) => findCondition(pod.status.conditions, type)?.status === status,
    );
    if (!met) continue;
    const name = `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`;
    return { action, message: `Pod ${name} has condition ${met.type} matching ${action} rule at index ${index}` };
  }
  return { action: 'Count', message: '' };
}
