import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { connectClient, connectionOptions } from '../client/connection.ts';
import { deploymentName } from '../domain/contract/names.ts';
import type { SlipwayConfig } from '../temporal.config.ts';
import { workflowBundle } from './bundle.ts';
import type { Composition } from './compose.ts';
import { auditInterceptor } from './interceptors.ts';
import { queueOf } from './roles.ts';
import type { Role } from './roles.ts';
import { makeCurrent } from './setup.ts';

export interface RunningWorkers {
  /** Resolves when every worker has stopped; rejects when one has died. */
  ended: Promise<void>;
  isReady(): boolean;
  /** Takes nothing new, lets activities finish within the grace time. Safe to call twice. */
  drain(): void;
}

/**
 * Releases stall for the sticky timeout when their worker is killed, because the server first waits for the worker that had them in
 * its cache. The default is 10 s.
 */
const stickyTimeout = '1s';

/** Starts one worker per role on one connection. */
export async function startWorkers(
  config: SlipwayConfig,
  parts: Composition,
  roles: Role[],
  options: { /** Make this version the current one: where nobody else manages versions. */ makeCurrent: boolean },
): Promise<RunningWorkers> {
  const connection = await NativeConnection.connect(await connectionOptions(config.temporal));
  const client = await connectClient(config.temporal);
  const common = {
    connection,
    namespace: config.temporal.namespace,
    shutdownGraceTime: config.limits.shutdownGraceMs,
    // Heartbeats are also how an activity learns that it was cancelled: this bounds the delay.
    maxHeartbeatThrottleInterval: '5s',
    interceptors: { activity: [(context) => ({ inbound: auditInterceptor(context, parts.records) })] },
  } satisfies Partial<WorkerOptions>;
  const closers: (() => Promise<unknown>)[] = [];
  const workers = await Promise.all(
    roles.map(async (role): Promise<Worker> => {
      const taskQueue = queueOf(role);
      switch (role.kind) {
        case 'engine': {
          const { codePath, buildId } = await workflowBundle(config.cacheDirectory);
          const version = { deploymentName, buildId };
          const worker = await Worker.create({
            ...common,
            taskQueue,
            workflowBundle: { codePath },
            activities: parts.engineSteps(client),
            maxCachedWorkflows: config.limits.maxCachedWorkflows,
            stickyQueueScheduleToStartTimeout: stickyTimeout,
            maxConcurrentActivityTaskExecutions: config.limits.maxConcurrentActivities,
            workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' },
          });
          if (options.makeCurrent)
            makeCurrent(client, version).catch((error: unknown) => {
              Runtime.instance().logger.error(String(error));
            });
          return worker;
        }
        case 'build':
          return Worker.create({
            ...common,
            taskQueue,
            activities: await parts.buildSteps(),
            maxConcurrentActivityTaskExecutions: config.limits.maxConcurrentBuilds,
          });
        case 'environment': {
          const { steps, close } = parts.environmentSteps();
          closers.push(close);
          return Worker.create({
            ...common,
            taskQueue,
            activities: steps,
            maxConcurrentActivityTaskExecutions: config.limits.maxConcurrentActivities,
          });
        }
      }
    }),
  );
  const drain = () => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) =>
    worker.run().catch((error: unknown) => {
      drain();
      throw error;
    }),
  );
  const ended = Promise.all(runs)
    .then(() => undefined)
    .finally(async () => {
      await Promise.allSettled([...runs, ...closers.map((close) => close())]);
      await Promise.allSettled([client.connection.close(), connection.close()]);
    });
  return { ended, isReady: () => workers.every((worker) => worker.getState() === 'RUNNING'), drain };
}
