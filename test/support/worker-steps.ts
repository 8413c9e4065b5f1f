import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Attempt, AuditEntry } from '../../activities/records/port.ts';
import { createTemporalLanes } from '../../activities/lanes/temporal-lanes.ts';
import { connectClient } from '../../client/connection.ts';
import { createEngine } from '../../client/engine.ts';
import type { Engine } from '../../client/engine.ts';
import { searchAttributes } from '../../domain/contract/names.ts';
import { cacheDirectory } from '../../lab/kubernetes/cache.ts';
import { freePort, mostTries } from '../../lab/services/starting.ts';
import { startTemporal } from '../../lab/services/temporal.ts';
import { readConfig } from '../../temporal.config.ts';
import type { SlipwayConfig } from '../../temporal.config.ts';
import { installRuntime } from '../../workers/metrics.ts';
import { parseRoles } from '../../workers/roles.ts';
import { startWorkers } from '../../workers/start.ts';
import type { RunningWorkers, WorkerParts } from '../../workers/start.ts';
import { FakeWorlds } from '../workflows/support/fake-world.ts';
import type { FakeWorld } from '../workflows/support/fake-world.ts';

/** A real Temporal server for the product's own workers, with fake steps. */
export interface SteppedServer {
  client: Client;
  engine: Engine;
  worlds: FakeWorlds;
  /** `service step` of every step that a worker has begun, in that order. */
  begun: string[];
  /** Where the SDK's figures are served, if they are. */
  metrics?: string;
  /** Rows of the audit, as they were added. */
  audited: AuditEntry[];
  /** Workers of these roles, as one process has them. */
  start(roles: string, options: { makeCurrent: boolean }): Promise<RunningWorkers>;
  /** The outcome of a run, once it has one. */
  outcome(world: FakeWorld, id: string): Promise<string | undefined>;
  /** With all that was started. */
  stop(): Promise<void>;
}

/** Nobody can keep a port free for somebody else: where one is taken meanwhile, another is tried. */
async function withFreePort(
  isWanted: boolean,
  install: (more: Record<string, string>) => SlipwayConfig,
): Promise<SlipwayConfig> {
  if (!isWanted) return install({});
  for (let tries = 1; ; tries += 1) {
    try {
      return install({ SLIPWAY_METRICS: `127.0.0.1:${await freePort()}` });
    } catch (error) {
      if (tries === mostTries || !String(error).includes('Address already in use')) throw error;
    }
  }
}

export interface SteppedWorkers extends SteppedServer {
  /** What the workers say of their version. */
  buildId: string | undefined;
}

export async function startSteppedWorkers(
  variables: Record<string, string>,
  options: { withMetrics?: boolean } = {},
): Promise<SteppedWorkers> {
  const server = await startSteppedServer(variables, options);
  const { buildId } = await server.start('engine,build,environment:production', { makeCurrent: true });
  return { ...server, buildId };
}

export async function startSteppedServer(
  variables: Record<string, string> = {},
  { withMetrics = false } = {},
): Promise<SteppedServer> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-workers-'));
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
  const temporal = await startTemporal({
    directory,
    ui: false,
    // The order is kept within a partition of a queue: several would be served at random.
    settings: { 'matching.numTaskqueueReadPartitions': '1', 'matching.numTaskqueueWritePartitions': '1' },
    searchAttributes: Object.values(searchAttributes),
    progress: () => {},
  });
  const settings = (more: Record<string, string>) =>
    readConfig({
      SLIPWAY_TEMPORAL_ADDRESS: temporal.address,
      SLIPWAY_RECORDS_URL: 'unused',
      SLIPWAY_POLICY_FILE: 'unused',
      SLIPWAY_PUBLIC_KEYS: 'unused',
      SLIPWAY_CACHE_DIR: cacheDirectory(),
      ...variables,
      ...more,
    });
  const config = await withFreePort(withMetrics, (more) => {
    const tried = settings(more);
    installRuntime(tried, { logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter } } });
    return tried;
  });
  const client = await connectClient(config.temporal);
  const worlds = new FakeWorlds(
    () => createTemporalLanes({ client }),
    () => Promise.resolve(Date.now()),
  );
  const begun: string[] = [];
  const audited: AuditEntry[] = [];
  const steps = notedBy(begun, worlds.steps());
  const parts = {
    records: notedIn(audited),
    engineSteps: () => steps,
    buildSteps: () => Promise.resolve(steps),
    environmentSteps: () => Promise.resolve({ steps, close: () => Promise.resolve() }),
  };
  const started: RunningWorkers[] = [];
  return {
    client,
    engine: createEngine({ client }),
    worlds,
    begun,
    audited,
    ...(config.metrics && { metrics: `${config.metrics.host}:${config.metrics.port}` }),
    async start(roles, options) {
      const workers = await startWorkers(config, parts, parseRoles(roles), options);
      started.push(workers);
      return workers;
    },
    async outcome(world, id) {
      await client.workflow
        .getHandle(id)
        .result()
        .catch(() => undefined);
      return world.outcome(id);
    },
    async stop() {
      worlds.releaseAll();
      for (const workers of started) workers.drain();
      await Promise.all(started.map((workers) => workers.ended));
      await client.connection.close();
      await temporal.stop();
      await Runtime.instance().shutdown();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Every lane is known; a row is added once, as the records do. */
function notedIn(audited: AuditEntry[]): WorkerParts['records'] {
  return {
    attempts: { list: () => Promise.resolve([{} as Attempt]) },
    audit: {
      append: (entry) => {
        const isKnown = audited.some(({ lane, key }) => lane === entry.lane && key === entry.key);
        if (!isKnown) audited.push(entry);
        return Promise.resolve();
      },
    },
  };
}

/** The same steps; each is noted as soon as a worker has it. */
function notedBy(begun: string[], steps: object): object {
  const noted = Object.entries(steps).map(([name, step]) => [
    name,
    (input: unknown): unknown => {
      const id = activityInfo().workflowExecution?.workflowId ?? '';
      begun.push(`${id.split('/')[1] ?? ''} ${name}`);
      return (step as (input: unknown) => unknown)(input);
    },
  ]);
  return Object.fromEntries(noted) as object;
}
