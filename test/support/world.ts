import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { createGatewayClient } from '../../client/cli/gateway-client.ts';
import type { GatewayClient } from '../../client/cli/gateway-client.ts';
import { originOf } from '../../lab/image-origin.ts';
import { ensureBusyboxBase } from '../../lab/kubernetes/images.ts';
import { allowedService } from '../../lab/policy-file.ts';
import { startSandboxShop } from '../../lab/sandbox-regions.ts';
import type { SandboxShop } from '../../lab/sandbox-regions.ts';
import { makeShopRepository } from '../../lab/shop/make-repository.ts';
import type { ShopRepository } from '../../lab/shop/make-repository.ts';
import { type Postgres, startPostgres } from '../../lab/services/postgres.ts';
import { startTemporal } from '../../lab/services/temporal.ts';
import { openWorkingDirectory } from '../../lab/working-directory.ts';
import { startEngine, startServices } from '../../lab/world.ts';
import type { EngineOptions, LabEngine, Services } from '../../lab/world.ts';
import { editPolicy } from './operator-files.ts';
import { regionNames } from './world-parts.ts';
import type { RegionName } from './world-parts.ts';
import { type SilentProxy, startSilentProxy } from './silent-proxy.ts';
import { addService } from './world-service.ts';
import type { Service, ServiceOptions } from './world-service.ts';
import { patience } from './world-until.ts';
import { startTap } from './world-tap.ts';
import type { Tap } from './world-tap.ts';

/** A region, and a hand on everything that the engine sends to it. */
export interface TestRegion extends SandboxShop {
  tap: Tap;
}

/**
 * The whole engine on this machine: a real Temporal server, registry and PostgreSQL, two sandbox regions, the gateway, and a worker
 * process that may be killed. Several services release side by side in it, each in a lane, namespace and database of its own.
 */
export interface World {
  directory: string;
  services: Services;
  registry: Tap;
  regions: Record<RegionName, TestRegion>;
  engine: LabEngine;
  /** Straight to Temporal, as somebody with access to it alone. */
  temporal: Client;
  developer: GatewayClient;
  approver: GatewayClient;
  shop: ShopRepository;
  /** Pinned, in the registry: what Dockerfiles build on. */
  base: string;
  add(options: ServiceOptions): Promise<Service>;
  /** `kill -9`; resolves when that process is gone. The supervisor starts another at once. */
  killWorker(): Promise<void>;
  /** Ends PostgreSQL and starts it again on the same data and port, as an operator's upgrade would. */
  restartPostgres(): Promise<void>;
  /** Something between the engine and PostgreSQL forgets the connections made so far: nobody is told, and new ones are served. */
  forgetRecordsConnections(): void;
  /** `kill -9` of the Temporal server, and another on the same database file and port. */
  killTemporal(): Promise<void>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  /** Names of all services that `add` will be called with: the policy is complete before the first release. */
  services: readonly string[];
  gates?: Partial<EngineOptions['gates']>;
  /** What its worker does: everything when left out. */
  roles?: string;
  scanners?: (registry: Tap, directory: string) => Promise<NonNullable<EngineOptions['scanners']>>;
}

const quiet = () => {};

export async function startWorld(options: WorldOptions): Promise<World> {
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    return await start(options, ends, stop);
  } catch (error) {
    await stop().catch(quiet);
    throw error;
  }
}

async function start(
  options: WorldOptions,
  ends: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<World> {
  const { path: directory, stop: remove } = await openWorkingDirectory('slipway-world-', quiet);
  ends.push(remove);
  const services = await startServices({ directory, progress: quiet });
  ends.push(() => services.stop());
  const registry = await startTap(`http://${services.registry.host}`);
  ends.push(() => registry.close());
  const records = await startSilentProxy(services.postgres.port);
  ends.push(() => records.close());
  const base = (await ensureBusyboxBase(registry.host, quiet)).pinned;

  const repository = join(directory, 'shop');
  const [de, nl] = await Promise.all(
    regionNames.map((name) => startRegion(name, { directory, repository, services, ends })),
  );
  if (!de || !nl) throw new Error('two regions are needed');
  const made = await makeShopRepository({
    directory: repository,
    base,
    tests: false,
    bake: '0s',
    regions: [de, nl].map(({ name, urls }) => ({ name, cluster: `lab-${name}`, urls })),
  });
  const engine = await startEngine({
    directory,
    // What is pushed, resolved and tagged goes through the tap.
    services: {
      ...services,
      registry: { ...services.registry, host: registry.host },
      postgres: through(records, services.postgres),
    },
    regions: [de, nl],
    repository,
    gates: { images: false, secrets: false, tests: false, ...options.gates },
    ...(options.roles !== undefined && { roles: options.roles }),
    ...(options.scanners && { scanners: await options.scanners(registry, directory) }),
    progress: quiet,
  });
  ends.push(() => engine.stop());
  await allowServices(engine, options.services, repository);
  const connection = await Connection.connect({ address: services.temporal.address });
  ends.push(() => connection.close());
  // Ends run from the last to the first; behind the directory's own is late enough for everybody.
  const afterEngine = (end: () => Promise<void>) => void ends.splice(1, 0, end);
  const world: Omit<World, 'add'> = {
    directory,
    services,
    registry,
    regions: { de, nl },
    engine,
    temporal: new Client({ connection }),
    developer: clientOf(engine.gatewayUrl, engine.tokens.requester),
    approver: clientOf(engine.gatewayUrl, engine.tokens.approver),
    shop: made,
    base,
    killWorker: () => kill(engine.supervisor.pid()),
    async restartPostgres() {
      const { port } = services.postgres;
      await services.postgres.stop();
      services.postgres = await startPostgres({ directory: join(directory, 'postgres'), port, progress: quiet });
      afterEngine(services.postgres.stop);
    },
    forgetRecordsConnections: records.forget,
    async killTemporal() {
      const port = Number(services.temporal.address.split(':')[1]);
      await kill(services.temporal.pid);
      await services.temporal.stop();
      services.temporal = await startTemporal({
        directory: join(directory, 'temporal'),
        port,
        ui: false,
        progress: quiet,
      });
      afterEngine(services.temporal.stop);
    },
    stop,
  };
  return { ...world, add: (service) => addService(world, service) };
}

function through({ port }: SilentProxy, postgres: Postgres): Postgres {
  return {
    ...postgres,
    url(...of) {
      const url = new URL(postgres.url(...of));
      url.port = String(port);
      return url.href;
    },
  };
}

interface RegionParts {
  directory: string;
  repository: string;
  services: Services;
  ends: (() => Promise<unknown>)[];
}

async function startRegion(
  name: RegionName,
  { directory, repository, services, ends }: RegionParts,
): Promise<TestRegion> {
  const databaseUrl = services.postgres.url('shop');
  const started = await startSandboxShop({
    name,
    directory,
    repository: () => repository,
    originOf,
    databaseUrl,
    speed: 60,
  });
  ends.push(() => started.sandbox.stop());
  const { server, kubeconfig } = started.sandbox;
  const tap = await startTap(server);
  ends.push(() => tap.close());
  const file = join(directory, `${name}-tap.kubeconfig`);
  await writeFile(file, (await readFile(kubeconfig, 'utf8')).replaceAll(server, tap.url), { mode: 0o600 });
  const throughTap = Object.entries(started.urls).map(([component, url]) => [component, url.replace(server, tap.url)]);
  return { ...started, kubeconfig: file, urls: Object.fromEntries(throughTap) as SandboxShop['urls'], tap };
}

/** Further services under the rules that the lab's policy has for the shop. */
async function allowServices(engine: LabEngine, names: readonly string[], repository: string): Promise<void> {
  await editPolicy(engine.environment['SLIPWAY_POLICY_FILE'] ?? '', ({ services }) => {
    for (const name of names) services[name] = allowedService(repository, name, name);
  });
}

export function clientOf(url: string, token: string): GatewayClient {
  const { signal } = new AbortController();
  return createGatewayClient({
    url,
    token,
    timeoutMs: patience.event,
    io: { signal, sleep: async (ms) => void (await pause(ms)) },
  });
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  // A dead process keeps its number until its parent, this one, has heard of it.
  while (isThere(pid)) await pause(5);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
