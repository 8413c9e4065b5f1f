import type { V1Deployment } from '@kubernetes/client-node';
import { parseTicket } from '../../domain/ticket.ts';
import { purposeAnnotation, releaseAnnotation, ticketAnnotation } from './annotations.ts';
import { ownVariables } from './ownership.ts';
import { imagesOf } from './pod-template.ts';
import type { WorkloadRef, WorkloadState } from './port.ts';

export function workloadState(deployment: V1Deployment): WorkloadState {
  const annotations = deployment.metadata?.annotations ?? {};
  const ticket = parseTicket(annotations[ticketAnnotation]);
  const releaseId = annotations[releaseAnnotation];
  return {
    uid: deployment.metadata?.uid ?? '',
    generation: deployment.metadata?.generation ?? 0,
    replicas: deployment.spec?.replicas ?? 1,
    images: imagesOf(deployment.spec?.template),
    env: ownVariables(deployment),
    ...(ticket && { ticket }),
    ...(releaseId !== undefined && { releaseId }),
    purpose: annotations[purposeAnnotation] === 'roll-back' ? 'roll-back' : 'deploy',
  };
}

/** The workload's name for people. */
export function nameOf(workload: WorkloadRef): string {
  return `Deployment ${workload.namespace}/${workload.deployment}`;
}
