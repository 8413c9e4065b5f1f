import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { ForeignAnswer, ForeignStep } from '../security/workflows/foreign.ts';
import type { World } from './world.ts';

/** Somebody with access to Temporal, and to nothing else: workflows and a worker of their own. */
export interface Intruder {
  /** Runs steps of the engine from a workflow with this type and id. */
  tries(as: { type: string; id?: string }, steps: ForeignStep[]): Promise<ForeignAnswer[]>;
  leave(): Promise<void>;
}

export async function startIntruder(world: World): Promise<Intruder> {
  const workflowsPath = fileURLToPath(new URL('../security/workflows/foreign.ts', import.meta.url));
  const silent = Object.assign(() => {}, { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} });
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: silent });
  if (!Runtime._instance) Runtime.install({ logger: silent });
  const connection = await NativeConnection.connect({ address: world.services.temporal.address });
  const taskQueue = `foreign-${randomUUID()}`;
  const worker = await Worker.create({ connection, taskQueue, workflowBundle });
  const running = worker.run();
  return {
    tries: ({ type, id = `foreign-${randomUUID()}` }, steps) =>
      world.temporal.workflow.execute<(steps: ForeignStep[]) => Promise<ForeignAnswer[]>>(type, {
        workflowId: id,
        taskQueue,
        args: [steps],
      }),
    async leave() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
