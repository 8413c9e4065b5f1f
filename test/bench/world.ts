import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import { createSigner } from '../../activities/shared/signatures.ts';
import type { Signer } from '../../activities/shared/signatures.ts';
import { createGatewayClient } from '../../client/cli/gateway-client.ts';
import type { GatewayClient } from '../../client/cli/gateway-client.ts';
import { connectClient } from '../../client/connection.ts';
import { startSandboxShop } from '../../lab/sandbox-regions.ts';
import type { SandboxShop } from '../../lab/sandbox-regions.ts';
import { makeShopRepository } from '../../lab/shop/make-repository.ts';
import { shop } from '../../lab/shop/pipeline-file.ts';
import { startDemoSlack } from '../../lab/demo/slack.ts';
import type { DemoSlack } from '../../lab/demo/slack.ts';
import { startEngine, startServices } from '../../lab/world.ts';
import type { LabEngine, Services } from '../../lab/world.ts';
import { readConfig } from '../../temporal.config.ts';
import { commitToPipeline, editPolicy } from '../support/operator-files.ts';
import { countCalls } from './calls.ts';
import type { CountedCalls } from './calls.ts';
import { prepareImages } from './images.ts';
import type { PreparedImages } from './images.ts';
import { addCommits } from './commits.ts';
import { listenForNotices } from './notices.ts';
import type { Notices } from './notices.ts';

type Progress = (line: string) => void;

/** Everything a measured release needs, whoever runs it: one world for all three. */
export interface BenchWorld {
  directory: string;
  services: Services;
  regions: SandboxShop[];
  engine: LabEngine;
  /** Of the engine's gateway: who asks, and who approves. */
  requester: GatewayClient;
  approver: GatewayClient;
  client: Client;
  records: Records;
  signer: Signer;
  repository: string;
  images: PreparedImages;
  notices: Notices;
  slack: DemoSlack;
  calls: () => Promise<CountedCalls>;
  /** A commit that was never released, on top of all that were given out before. */
  nextCommit(): string;
  /** Changes the operator's policy of the environment; every process reads it each time. */
  changePolicy(change: Record<string, unknown>): Promise<void>;
  stop(): Promise<void>;
}

export async function startBenchWorld(options: { commits: number; progress: Progress }): Promise<BenchWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  await chmod(directory, 0o755); // PostgreSQL runs as another account
  const stops: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  const stop = async () => {
    for (const each of stops.splice(0).reverse())
      await each().catch((error: unknown) => options.progress(String(error)));
  };
  try {
    return { ...(await build({ ...options, directory, onStop: (end) => void stops.push(end) })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Building {
  directory: string;
  commits: number;
  progress: Progress;
  onStop: (end: () => Promise<unknown>) => void;
}

async function build({ directory, commits: count, progress, onStop }: Building): Promise<Omit<BenchWorld, 'stop'>> {
  const services = await startServices({ directory, progress });
  onStop(() => services.stop());
  const notices = await listenForNotices();
  onStop(() => notices.stop());
  const { regions, repository, images } = await startShop({ directory, services, progress, onStop });
  // Else one that is approved takes the place of those that were asked for before.
  await commitToPipeline(repository, 'Each in its turn', { queue: 'fifo' });
  const commits = await addCommits(repository, count);
  const gates = { images: false, secrets: false, tests: false };
  const slack = await startDemoSlack({ keep: (starting) => starting });
  onStop(() => slack.standIn.stop());
  const engine = await startEngine({ directory, services, regions, repository, gates, slack: slack.lab, progress });
  onStop(() => engine.stop());
  const policyFile = engine.environment['SLIPWAY_POLICY_FILE'] ?? '';
  await tellNotices(policyFile, join(directory, 'settings', 'notices-url'), notices);
  const client = await connectClient(readConfig({ ...process.env, ...engine.environment }).temporal);
  onStop(() => client.connection.close());
  const records = await createPostgresRecords({ url: services.postgres.url('slipway') });
  onStop(() => records.close());
  const ports = regions.map(({ sandbox }) => Number(new URL(sandbox.server).port));
  return {
    directory,
    services,
    regions,
    engine,
    requester: gatewayOf(engine, engine.tokens.requester),
    approver: gatewayOf(engine, engine.tokens.approver),
    client,
    records,
    signer: createSigner(await readFile(engine.environment['SLIPWAY_SIGNING_KEY'] ?? '', 'utf8')),
    repository,
    images,
    notices,
    slack,
    calls: countCalls({ regions: ports, notices: notices.port, registryLog: services.registry.logFile }),
    nextCommit: () => {
      const commit = commits.shift();
      if (commit === undefined) throw new Error('the bench has used up its commits');
      return commit;
    },
    changePolicy: (change) =>
      editPolicy(policyFile, ({ environments }) => void Object.assign(environments[shop.environment] ?? {}, change)),
  };
}

/** Two sandbox regions with the shop in them, its repository, and images that need no build. */
async function startShop({
  directory,
  services,
  progress,
  onStop,
}: Omit<Building, 'commits'> & { services: Services }) {
  let repository = '';
  const prepared: { images?: PreparedImages } = {};
  const regions: SandboxShop[] = [];
  for (const name of ['de', 'nl']) {
    const region = await startSandboxShop({
      name,
      directory,
      repository: () => repository,
      originOf: async (image) => prepared.images?.origins.get(image),
      databaseUrl: services.postgres.url('shop'),
    });
    onStop(() => region.sandbox.stop());
    regions.push(region);
  }
  const made = await makeShopRepository({
    directory: join(directory, 'shop'),
    base: `${services.registry.host}/none`, // nothing is built here
    tests: false,
    bake: '0s',
    regions: regions.map(({ name, urls }) => ({ name, cluster: `lab-${name}`, urls })),
  });
  repository = made.path;
  const images = (prepared.images = await prepareImages(services.registry.host, made.commits, progress));
  return { regions, repository, images };
}

function gatewayOf({ gatewayUrl: url }: LabEngine, token: string): GatewayClient {
  const { signal } = new AbortController();
  const io = { signal, sleep: async (ms: number, abort: AbortSignal) => sleep(ms, undefined, { signal: abort }) };
  return createGatewayClient({ url, token, io, timeoutMs: 30_000 });
}

/** Has the engine announce its plans to the bench. */
async function tellNotices(policyFile: string, secretFile: string, notices: Notices): Promise<void> {
  await writeFile(secretFile, notices.url);
  await editPolicy(policyFile, ({ notify, environments }) => {
    // On this machine, which a reference does not say.
    const { hostname: host } = new URL(notices.url);
    notify['bench'] = { kind: 'webhook', url: `file:${secretFile}`, host };
    Object.assign(environments[shop.environment] ?? {}, { notify: ['bench'] });
  });
}
