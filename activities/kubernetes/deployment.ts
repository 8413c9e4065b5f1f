import type { V1Deployment, V1PodTemplateSpec } from '@kubernetes/client-node';
import { parseTicket } from '../../domain/ticket.ts';
import { purposeAnnotation, releaseAnnotation, ticketAnnotation } from './annotations.ts';
import type { WorkloadRef, WorkloadState } from './port.ts';

/** Images as written in a pod template, by container. */
export function imagesOf(template: V1PodTemplateSpec | undefined): Record<string, string> {
  return Object.fromEntries(
    (template?.spec?.containers ?? []).map((container) => [container.name, container.image ?? '']),
  );
}

export function workloadState(deployment: V1Deployment): WorkloadState {
  const annotations = deployment.metadata?.annotations ?? {};
  const ticket = parseTicket(annotations[ticketAnnotation]);
  const releaseId = annotations[releaseAnnotation];
  return {
    uid: deployment.metadata?.uid ?? '',
    generation: deployment.metadata?.generation ?? 0,
    replicas: deployment.spec?.replicas ?? 1,
    images: imagesOf(deployment.spec?.template),
    ...(ticket && { ticket }),
    ...(releaseId !== undefined && { releaseId }),
    purpose: annotations[purposeAnnotation] === 'roll-back' ? 'roll-back' : 'deploy',
  };
}

/** The workload's name for people. */
export function nameOf(workload: WorkloadRef): string {
  return `Deployment ${workload.namespace}/${workload.deployment}`;
}
