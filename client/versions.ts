import type { Client } from '@temporalio/client';
import { deploymentName, engineQueue, messages } from '../domain/contract/names.ts';
import type { EngineVersion, NoneCurrent } from '../domain/engine-versions.ts';
import { runKinds } from '../domain/run-kinds.ts';
import { pollersOf } from './pollers.ts';

/** `VERSIONING_BEHAVIOR_PINNED`, `ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS` and gRPC's NOT_FOUND, in Temporal's API. */
const pinnedBehavior = 1;
const routingInProgress = 1;
const notFound = 5;
/** Enough for any installation; what is more is woken by the next call. */
const mostWoken = 2_000;

/** A version of ours has a plain name. Whoever may poll may bring one of any other, which is asked for in a query, and shown. */
const idOfOurs = /^[\w.-]{1,255}$/;

/** All versions of ours that Temporal knows, the newest first. None before the first worker has polled. */
export async function listVersions(client: Client, now = Date.now()): Promise<EngineVersion[]> {
  const { namespace } = client.options;
  const deployment = await describeDeployment(client);
  // A namespace that was just made has no queues to ask for yet.
  if (!deployment) return [];
  const polled = await polledVersions(client, now);
  const current = currentOf(deployment);
  const all = (deployment.versionSummaries ?? []).map(({ deploymentVersion, firstActivationTime }) => ({
    buildId: deploymentVersion?.buildId ?? '',
    isUntried: !firstActivationTime,
  }));
  return Promise.all(
    all
      .filter(({ buildId }) => idOfOurs.test(buildId))
      .map(async ({ buildId, isUntried }) => {
        const query = `${open} AND ${onVersion(buildId)}`;
        const { count } = await client.workflowService.countWorkflowExecutions({ namespace, query });
        const known = {
          buildId,
          current: buildId === current,
          polled: polled.has(buildId),
          pinned: Number(count ?? 0),
        };
        return { ...known, ...(isUntried && { untried: true }) };
      }),
  );
}

/** How new runs find a version, by Temporal alone: cheap enough to be asked often. */
export interface Routing {
  /** Absent where none is. */
  current?: string;
  /** No version has ever been current, nor was that decided: a fresh installation. */
  isFresh: boolean;
  /** What it was read from: a change that goes with it fails where there was another since. */
  conflictToken: Uint8Array;
}

/** Undefined before the first worker has polled. */
export async function readRouting(client: Client): Promise<Routing | undefined> {
  const { workerDeploymentInfo: deployment, conflictToken } = (await askDeployment(client)) ?? {};
  if (!deployment) return undefined;
  const { currentVersionChangedTime: changed, rampingDeploymentVersion: ramping } = deployment.routingConfig ?? {};
  const current = currentOf(deployment);
  return {
    ...(current && { current }),
    isFresh: !current && !changed && !ramping,
    conflictToken: conflictToken ?? new Uint8Array(),
  };
}

/** Undefined while a version is current. */
export async function noneCurrent(client: Client, now = Date.now()): Promise<NoneCurrent | undefined> {
  if ((await readRouting(client))?.current) return undefined;
  return { polled: [...(await polledVersions(client, now))].filter((id) => idOfOurs.test(id)) };
}

/** The version whose workers alone can move this run, and whether there are any; undefined while any current worker can. */
export async function versionOf(
  client: Client,
  workflowId: string,
  now = Date.now(),
): Promise<Pick<EngineVersion, 'buildId' | 'polled'> | undefined> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const { behavior, deploymentVersion } = raw.workflowExecutionInfo?.versioningInfo ?? {};
  const buildId = Number(behavior) === pinnedBehavior ? deploymentVersion?.buildId : undefined;
  if (!buildId) return undefined;
  return { buildId, polled: (await polledVersions(client, now)).has(buildId) };
}

/**
 * Tells the runs that other versions have that there is a newer one: those that wait move to it at once, others at their next safe point.
 * The number of those that were told. May be repeated; a run that has ended meanwhile needs nothing.
 */
export async function wakeOldRuns(client: Client, current: string): Promise<number> {
  await untilRouted(client);
  const ids: string[] = [];
  const query = `${open} AND TemporalWorkerDeploymentVersion != '${deploymentName}:${current}'`;
  for await (const { workflowId, taskQueue } of client.workflow.list({ query })) {
    if (taskQueue === engineQueue) ids.push(workflowId);
    if (ids.length >= mostWoken) break;
  }
  const told = await Promise.allSettled(ids.map((id) => client.workflow.getHandle(id).signal(messages.wake)));
  return told.filter(({ status }) => status === 'fulfilled').length;
}

/** Runs that keep the workers of their version, of every kind. A lane is none of them: it moves by itself. */
const types = Object.values(runKinds).map(({ workflowType }) => `'${workflowType}'`);
const open = `ExecutionStatus = 'Running' AND TemporalWorkflowVersioningBehavior = 'Pinned' AND WorkflowType IN (${types.join(', ')})`;

function onVersion(buildId: string): string {
  return `TemporalWorkerDeploymentVersion = '${deploymentName}:${buildId}'`;
}

async function describeDeployment(client: Client) {
  return (await askDeployment(client))?.workerDeploymentInfo ?? undefined;
}

type Deployment = NonNullable<Awaited<ReturnType<typeof describeDeployment>>>;

function currentOf(deployment: Deployment | undefined): string | undefined {
  return deployment?.routingConfig?.currentDeploymentVersion?.buildId || undefined;
}

async function askDeployment({ workflowService, options: { namespace } }: Client) {
  try {
    return await workflowService.describeWorkerDeployment({ namespace, deploymentName });
  } catch (error) {
    if ((error as { code?: unknown }).code === notFound) return undefined;
    throw error;
  }
}

/** A run that is woken before its task queue has heard of the new version sees nothing new. Best effort, for a few seconds. */
async function untilRouted(client: Client): Promise<void> {
  for (let wait = 50; wait < 3_000; wait *= 1.5) {
    const deployment = await describeDeployment(client);
    if (Number(deployment?.routingConfigUpdateState) !== routingInProgress) return;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

async function polledVersions(client: Client, now: number): Promise<Set<string>> {
  const alive = await pollersOf(client, engineQueue, 'workflows', now);
  return new Set(alive.flatMap(({ deploymentOptions }) => deploymentOptions?.buildId ?? []));
}
