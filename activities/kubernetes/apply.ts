import { isDeepStrictEqual } from 'node:util';
import {
  ApiException,
  PatchStrategy,
  setHeaderOptions,
  type HttpInfo,
  type V1Deployment,
} from '@kubernetes/client-node';
import type { Ticket } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { isPinnedImage } from '../../domain/images.ts';
import { setByOthers } from '../../domain/place-look.ts';
import { othersIn } from '../../domain/rollout-superseded.ts';
import { compareTickets, formatTicket } from '../../domain/ticket.ts';
import { serverTime, type ClusterConnection } from '../shared/cluster-connection.ts';
import { apiWords, statusOf } from '../shared/cluster-errors.ts';
import { fieldManager } from '../shared/managed-fields.ts';
import {
  changeCauseAnnotation,
  leftAnnotation,
  purposeAnnotation,
  releaseAnnotation,
  ticketAnnotation,
} from './annotations.ts';
import { nameOf, workloadState } from './deployment.ts';
import { environmentFor, leftTo, noteOf } from './environment.ts';
import { foreignIn, lastWrite, ownedContainers, variablesOf } from './ownership.ts';
import { imagesOf } from './pod-template.ts';
import type { AppliedChange, WorkloadChange } from './port.ts';

/** Others may write between our look and our write; more often than this is a fight that people must end. */
const maxTries = 5;

/** See the port. `now` is this machine's clock (ms), used only when the API server does not tell its own. */
export async function applyChange(
  cluster: ClusterConnection,
  change: WorkloadChange,
  now: () => number,
): Promise<AppliedChange> {
  const name = nameOf(change.workload);
  for (let tries = 1; ; tries += 1) {
    const seen = await readDeployment(cluster, change);
    const before = imagesOf(seen.data.spec?.template);
    if (judgeWrite(seen.data, change) === 'already') {
      const appliedAt = lastWrite(seen.data) ?? serverTime(seen.headers) ?? now();
      return { ...inForce(seen.data), ...leftIn(seen.data, change), changed: false, repeated: true, appliedAt, before };
    }
    const written = await write(cluster, seen.data, change);
    if ('conflict' in written) {
      if (tries < maxTries) continue;
      throw failure('SLIP-K8S-7', `${name}: ${tries} tries, last answer: ${written.conflict}`);
    }
    return {
      ...inForce(written.data),
      ...leftIn(seen.data, change),
      // By what the write has done: it may take out a name that others have left. The generation tells less: it counts annotations as well.
      changed: !isDeepStrictEqual(written.data.spec?.template, seen.data.spec?.template),
      repeated: false,
      appliedAt: serverTime(written.headers) ?? now(),
      before,
    };
  }
}

function inForce({ metadata, spec }: V1Deployment): { uid: string; generation: number; replicas: number } {
  return { uid: metadata?.uid ?? '', generation: metadata?.generation ?? 0, replicas: spec?.replicas ?? 1 };
}

function leftIn(seen: V1Deployment, change: WorkloadChange): Pick<AppliedChange, 'left'> {
  const left = leftTo(seen, change);
  return left.length > 0 ? { left } : {};
}

async function readDeployment(
  cluster: ClusterConnection,
  { workload }: WorkloadChange,
): Promise<HttpInfo<V1Deployment>> {
  const found = await cluster.find(`read ${nameOf(workload)}`, () =>
    cluster.apps.readNamespacedDeploymentWithHttpInfo({ name: workload.deployment, namespace: workload.namespace }),
  );
  if (!found) throw failure('SLIP-K8S-2', nameOf(workload));
  return found;
}

/** Refuses what must not be written; an apply with an unknown container name would silently add a container. */
function judgeWrite(deployment: V1Deployment, change: WorkloadChange): 'already' | 'write' {
  const name = nameOf(change.workload);
  const state = workloadState(deployment);
  for (const [container, image] of Object.entries(change.images)) {
    if (!Object.hasOwn(state.images, container)) {
      throw failure('SLIP-K8S-3', `${name} has ${Object.keys(state.images).join(', ')}, and no container ${container}`);
    }
    if (!isPinnedImage(image)) throw failure('SLIP-K8S-15', `${name}, container ${container}: ${image}`);
  }
  const ticket = ticketThatCounts(state.ticket, change);
  const rank = ticket ? compareTickets(ticket, change.ticket) : -1;
  if (rank > 0) {
    const theirs = ticket && formatTicket(ticket);
    throw failure(
      'SLIP-K8S-4',
      `${name} carries ticket ${theirs} of ${state.releaseId ?? 'an unnamed release'}; ours is ${formatTicket(change.ticket)}`,
    );
  }
  if (rank === 0 && state.purpose === 'roll-back' && change.purpose === 'deploy') {
    throw failure('SLIP-K8S-4', `${name} was rolled back by ${state.releaseId ?? 'an unnamed release'} already`);
  }
  refuseForeign(deployment, change);
  return rank === 0 && state.purpose === change.purpose && isThere(deployment, change) ? 'already' : 'write';
}

/** Two who write one variable would undo each other. The way back stops at nothing: what others alone have set by now, or take from elsewhere, stays theirs. */
function refuseForeign(deployment: V1Deployment, { workload, images, env, purpose }: WorkloadChange): void {
  if (purpose === 'roll-back') return;
  const foreign = foreignIn(deployment, Object.keys(images), Object.keys(env));
  const found = foreign.flatMap((each) => setByOthers({ ...workload, ...each }));
  if (found.length > 0) throw failure('SLIP-K8S-27', found.join('; '));
}

function isThere(deployment: V1Deployment, { images, env, purpose }: WorkloadChange): boolean {
  const seen = { images: imagesOf(deployment.spec?.template), env: variablesOf(deployment) };
  return othersIn(seen, { images, env, ...(purpose === 'roll-back' && { leavesTheirs: true }) }).length === 0;
}

/** One that no lane has given out was written by somebody else: it is told, and never taken for a newer release. */
function ticketThatCounts(
  found: Ticket | undefined,
  { workload, tickets, ticket: ours }: WorkloadChange,
): Ticket | undefined {
  if (!found || !tickets || compareTickets(found, tickets.last) <= 0 || compareTickets(found, ours) <= 0) return found;
  const theirs = formatTicket(found);
  if (tickets.passedOver.includes(theirs)) return undefined;
  throw failure(
    'SLIP-K8S-24',
    `${nameOf(workload)} carries ticket ${theirs}, and the last that its lane gave out is ${formatTicket(tickets.last)}`,
  );
}

/** Dry run first, so that admission says no before anything is changed; then the same body in earnest. */
async function write(
  cluster: ClusterConnection,
  seen: V1Deployment,
  change: WorkloadChange,
): Promise<HttpInfo<V1Deployment> | { conflict: string }> {
  const { namespace, deployment } = change.workload;
  const parameters = { name: deployment, namespace, body: applyBody(seen, change), fieldManager, force: true };
  const asApply = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);
  return cluster.call(`write ${nameOf(change.workload)}`, async () => {
    try {
      await cluster.apps.patchNamespacedDeploymentWithHttpInfo({ ...parameters, dryRun: 'All' }, asApply);
      return await cluster.apps.patchNamespacedDeploymentWithHttpInfo(parameters, asApply);
    } catch (error) {
      if (statusOf(error) === 409 && error instanceof ApiException) return { conflict: apiWords(error) };
      throw error;
    }
  });
}

/** Only what we mean to own. Never `replicas`: they belong to the autoscaler, or to whoever scales by hand. */
function applyBody(seen: V1Deployment, change: WorkloadChange): object {
  const present = imagesOf(seen.spec?.template);
  const kept = ownedContainers(seen).filter((container) => Object.hasOwn(present, container));
  const images = { ...Object.fromEntries(kept.map((container) => [container, present[container]])), ...change.images };
  const variables = variablesOf(seen);
  const envOf = (container: string) => {
    const wanted = Object.hasOwn(change.images, container) ? change.env : undefined;
    const env = environmentFor(variables[container] ?? {}, wanted);
    return env.length > 0 ? { env } : {};
  };
  const noted = noteOf(leftTo(seen, change));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: change.workload.deployment,
      namespace: change.workload.namespace,
      resourceVersion: seen.metadata?.resourceVersion,
      annotations: {
        [ticketAnnotation]: formatTicket(change.ticket),
        [purposeAnnotation]: change.purpose,
        [releaseAnnotation]: change.releaseId,
        [changeCauseAnnotation]: change.changeCause,
        ...(noted !== '' && { [leftAnnotation]: noted }),
      },
    },
    spec: {
      template: {
        spec: {
          containers: Object.entries(images).map(([name, image]) => ({ name, image, ...envOf(name) })),
        },
      },
    },
  };
}
