import type { Client } from '@temporalio/client';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { connectClient, connectionOptions, followApiKey } from '../client/connection.ts';
import { dataConverter } from '../client/whole-characters.ts';
import { deploymentName, engineQueue } from '../domain/contract/names.ts';
import type { SlipwayConfig } from '../temporal.config.ts';
import { workflowBundle } from './bundle.ts';
import { auditIn, boundaryInterceptor } from './interceptors.ts';
import type { AuditedIn } from './interceptors.ts';
import { queuesOf } from './roles.ts';
import type { Role } from './roles.ts';
import { followStanding } from './standing.ts';
import type { Standing } from './standing.ts';
import { stepGuard } from './step-guard.ts';
import { keepTrying } from './keep-trying.ts';
import { makeCurrent, makeFirstCurrent } from './make-current.ts';
import { runTogether } from './run-together.ts';

export interface RunningWorkers {
  /** Resolves when every worker has stopped; rejects when one has died, or has stopped working without being asked to. */
  ended: Promise<void>;
  isReady(): boolean;
  /** How what they need is seen from here now. Never rejects. */
  standing(): Promise<Standing>;
  /** The version of the engine that they run; absent where they have no workflows. */
  buildId?: string;
  /** Takes nothing new, lets activities finish within the grace time. Safe to call twice. */
  drain(): void;
}

/** What workers need of the composition: each role's steps, and where their audit goes. */
export interface WorkerParts {
  records: AuditedIn;
  engineSteps(client: Client): object;
  /** Begins to send what people are to be told. With the engine's steps: they write it down, and have the rights. */
  deliver?(): { stop(): Promise<void> };
  buildSteps(): Promise<object>;
  environmentSteps(environment: string): Promise<{ steps: object; close(): Promise<unknown> }>;
}

/**
 * Releases stall for the sticky timeout when their worker is killed, because the server first waits for the worker that had them in
 * its cache. The default is 10 s.
 */
const stickyTimeout = '1s';

/** Starts one worker for each queue of each role, on one connection. */
export async function startWorkers(
  config: SlipwayConfig,
  parts: WorkerParts,
  roles: Role[],
  options: {
    /** Make this version the current one, whichever is: where nobody else manages versions. Otherwise only where none has ever been. */
    makeCurrent: boolean;
  },
): Promise<RunningWorkers> {
  // First, because it says in words whose mistake it is when it cannot.
  const client = await connectClient(config.temporal);
  const connection = await NativeConnection.connect(await connectionOptions(config.temporal));
  const audit = auditIn(parts.records);
  const common = {
    connection,
    namespace: config.temporal.namespace,
    dataConverter,
    // Heartbeats are also how an activity learns that it was cancelled: this bounds the delay.
    maxHeartbeatThrottleInterval: '5s',
    interceptors: {
      activity: [
        () => ({ inbound: boundaryInterceptor }),
        (context) => ({ inbound: stepGuard(context) }),
        (context) => ({ inbound: audit(context) }),
      ],
    },
  } satisfies Partial<WorkerOptions>;
  const closers: (() => unknown)[] = [followApiKey(config.temporal, connection)];
  // Each role for itself: the engine is made while the build role asks the programs of this machine what they can do.
  const made = await Promise.all(
    roles.map(async (role) => {
      const prepared = await prepare(role, { config, parts, client, closers });
      return Promise.all(prepared.map((each) => Worker.create({ ...common, ...each })));
    }),
  );
  const workers = made.flat();
  const delivering = roles.some(({ kind }) => kind === 'engine') ? parts.deliver?.() : undefined;
  if (delivering) closers.push(delivering.stop);
  const version = workers.map(({ options }) => options.workerDeploymentOptions?.version).find(Boolean);
  const standing = followStanding({ client, records: parts.records, ...(version && { buildId: version.buildId }) });
  closers.push(standing.close);
  if (version) closers.unshift(beCurrent({ client, version, standing, always: options.makeCurrent }));
  const { over, stop } = runTogether(workers, {
    graceMs: config.limits.shutdownGraceMs,
    report(line) {
      Runtime.instance().logger.error(line);
    },
  });
  const ended = over.finally(async () => {
    await Promise.allSettled(closers.map((close) => close()));
    await Promise.allSettled([client.connection.close(), connection.close()]);
  });
  return {
    ...(version && { buildId: version.buildId }),
    standing: standing.look,
    ended,
    isReady: () => workers.every((worker) => worker.getState() === 'RUNNING'),
    drain: stop,
  };
}

interface BeingCurrent {
  client: Client;
  version: { buildId: string };
  standing: ReturnType<typeof followStanding>;
  /** Whichever is current. */
  always: boolean;
}

/** Returns what ends it. The first version of an installation is tried for until there is one: nobody else would make it current. */
function beCurrent({ client, version, standing, always }: BeingCurrent): () => Promise<void> {
  const stop = new AbortController();
  const tell = (error: unknown): void => {
    Runtime.instance().logger.error(String(error));
    standing.notMadeCurrent(error);
  };
  const first = () => client.withAbortSignal(stop.signal, () => makeFirstCurrent(client, version));
  // Not again after a while: another version may have been made current since.
  const trying = always
    ? makeCurrent(client, version).catch(tell)
    : keepTrying(() => first().then(standing.currentIsDecided), { signal: stop.signal, tell });
  return async () => {
    stop.abort();
    if (!always) await trying;
  };
}

interface Preparing {
  config: SlipwayConfig;
  parts: WorkerParts;
  client: Client;
  /** What to close when the workers have ended. */
  closers: (() => unknown)[];
}

/** One worker for each queue of the role, all with the same steps. The engine's own queue has the workflows too. */
async function prepare(role: Role, preparing: Preparing): Promise<Omit<WorkerOptions, 'connection'>[]> {
  const { limits, cacheDirectory } = preparing.config;
  const activities = await stepsOf(role, preparing);
  const shutdownGraceTime = role.kind === 'build' ? limits.buildDrainMs : limits.shutdownGraceMs;
  return Promise.all(
    queuesOf(role).map(async ({ taskQueue, limit }) => {
      const maxConcurrentActivityTaskExecutions = limits[limit];
      const steps = { taskQueue, activities, shutdownGraceTime, maxConcurrentActivityTaskExecutions };
      if (taskQueue !== engineQueue) return steps;
      const { codePath, buildId } = await workflowBundle(cacheDirectory);
      return {
        ...steps,
        workflowBundle: { codePath },
        maxCachedWorkflows: limits.maxCachedWorkflows,
        stickyQueueScheduleToStartTimeout: stickyTimeout,
        workerDeploymentOptions: {
          version: { deploymentName, buildId },
          useWorkerVersioning: true,
          defaultVersioningBehavior: 'PINNED',
        } as const,
      };
    }),
  );
}

async function stepsOf(role: Role, { parts, client, closers }: Preparing): Promise<object> {
  switch (role.kind) {
    case 'engine':
      return parts.engineSteps(client);
    case 'build':
      return parts.buildSteps();
    case 'environment': {
      const { steps, close } = await parts.environmentSteps(role.environment);
      closers.push(close);
      return steps;
    }
  }
}
