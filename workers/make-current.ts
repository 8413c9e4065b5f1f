import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { readRouting, wakeOldRuns } from '../client/versions.ts';
import { deploymentName } from '../domain/contract/names.ts';

/**
 * Makes a worker version the current one: new releases begin on it, the lanes move to it, and releases that run are told, so that they move
 * at their next safe point.
 */
export async function makeCurrent(client: Client, { buildId }: { buildId: string }): Promise<void> {
  await onceRegistered(buildId, () => setCurrent(client, buildId));
  await wakeOldRuns(client, buildId);
}

/**
 * Makes a version the current one where none has ever been: the first worker of an installation does, and nobody has to. Any number may try at
 * once, and whenever they like, since what one has decided no other changes; nor is what a person has decided, that none be current, ever changed.
 */
export async function makeFirstCurrent(client: Client, { buildId }: { buildId: string }): Promise<void> {
  await onceRegistered(buildId, async () => {
    const routing = await readRouting(client);
    if (!routing) throw new NotYet();
    if (!routing.isFresh) return;
    await setCurrent(client, buildId, routing.conflictToken).catch((error: unknown) => {
      throw overtaken.includes(Number((error as { code?: unknown }).code)) ? new NotYet() : error;
    });
  });
}

async function setCurrent(client: Client, buildId: string, conflictToken?: Uint8Array): Promise<void> {
  await client.workflowService.setWorkerDeploymentCurrentVersion({
    namespace: client.options.namespace,
    deploymentName,
    buildId,
    identity: 'slipway',
    ...(conflictToken && { conflictToken }),
  });
}

/** gRPC's FAILED_PRECONDITION, and ABORTED: another has changed it meanwhile. */
const overtaken = [9, 10];

/** To be looked at again. */
class NotYet extends Error {}

/** The server knows a version only once its worker polls, so this is tried for a while. */
async function onceRegistered(buildId: string, work: () => Promise<void>): Promise<void> {
  for (let pause = 50; pause < 5_000; pause *= 1.5) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NotYet) && !/not found|NOT_FOUND|missing/i.test(String(error))) throw error;
      await wait(pause);
    }
  }
  throw new Error(`the worker version ${buildId} did not register with Temporal`);
}
