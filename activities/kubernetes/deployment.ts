import type { V1Deployment } from '@kubernetes/client-node';
import { parseTicket } from '../../domain/ticket.ts';
import { purposeAnnotation, releaseAnnotation, ticketAnnotation } from './annotations.ts';
import { variablesOf } from './ownership.ts';
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
    env: valuesOf(variablesOf(deployment)),
    ...(ticket && { ticket }),
    ...(releaseId !== undefined && { releaseId }),
    purpose: annotations[purposeAnnotation] === 'roll-back' ? 'roll-back' : 'deploy',
  };
}

function valuesOf(variables: ReturnType<typeof variablesOf>): WorkloadState['env'] {
  return Object.fromEntries(
    Object.entries(variables).map(([container, those]) => {
      const ours = Object.entries(those).filter(([, one]) => one.ours && one.value !== undefined);
      return [container, Object.fromEntries(ours.map(([name, { value = '' }]) => [name, value]))];
    }),
  );
}

/** The workload's name for people. */
export function nameOf(workload: WorkloadRef): string {
  return `Deployment ${workload.namespace}/${workload.deployment}`;
}
