import { randomBytes } from 'node:crypto';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createKeyPair } from '../activities/shared/signatures.ts';
import { searchAttributes } from '../domain/contract/names.ts';
import { readConfig } from '../temporal.config.ts';
import { compose } from '../workers/compose.ts';
import { startGateway } from '../workers/gateway.ts';
import { cacheDirectory } from './kubernetes/cache.ts';
import type { Progress } from './kubernetes/command.ts';
import { freePort } from './services/processes.ts';
import { startPostgres } from './services/postgres.ts';
import type { Postgres } from './services/postgres.ts';
import { startRegistry } from './services/registry.ts';
import type { LabRegistry } from './services/registry.ts';
import { startTemporal } from './services/temporal.ts';
import type { TemporalServer } from './services/temporal.ts';
import { shop } from './shop/pipeline-file.ts';
import { superviseWorkers } from './supervisor.ts';
import type { Supervisor } from './supervisor.ts';

/** The services a release needs beside regions: real ones, on loopback, in one directory. */
export interface Services {
  temporal: TemporalServer;
  registry: LabRegistry;
  postgres: Postgres;
  stop(): Promise<void>;
}

export interface ServiceOptions {
  directory: string;
  progress: Progress;
  /** Further addresses and networks that PostgreSQL serves: the pods' way to it. */
  postgres?: { listen: string[]; allow: string[] };
}

export async function startServices({ directory, progress, postgres: pods }: ServiceOptions): Promise<Services> {
  const stops: (() => Promise<void>)[] = [];
  const kept = <T extends { stop(): Promise<void> }>(started: T): T => {
    stops.push(() => started.stop());
    return started;
  };
  const stop = async () => {
    await Promise.allSettled(stops.splice(0).map((each) => each()));
  };
  try {
    const [temporal, registry, postgres] = await Promise.all([
      startTemporal({ directory: join(directory, 'temporal'), searchAttributes: Object.values(searchAttributes), progress }).then(kept),
      startRegistry({ directory: join(directory, 'registry'), progress }).then(kept),
      startPostgres({ directory: join(directory, 'postgres'), progress, ...(pods && { listen: ['127.0.0.1', ...pods.listen], allow: pods.allow }) }).then(kept),
    ]);
    await Promise.all([postgres.createDatabase('slipway'), postgres.createDatabase('shop')]);
    return { temporal, registry, postgres, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A region that the lab deploys to, whoever simulates or runs it. */
export interface LabRegion {
  name: string;
  kubeconfig: string;
  context?: string;
}

export interface EngineOptions {
  directory: string;
  services: Services;
  regions: readonly LabRegion[];
  repository: string;
  /** What this machine can check: gates it cannot pass honestly are turned off in the lab's policy, and the caller says so. */
  gates: { images: boolean; secrets: boolean; tests: boolean };
  scanners?: { osvScanner?: string; osvDatabase?: string; gitleaks?: string };
  /** Further variables for the worker process, for tests. */
  environment?: Record<string, string>;
  progress: Progress;
}

/** The engine itself in the lab: gateway in this process, workers in one of their own, which may be killed. */
export interface LabEngine {
  gatewayUrl: string;
  /** Who asks for releases, and who approves them: two people, because nobody approves what they asked for. */
  tokens: { requester: string; approver: string };
  /** What a process needs to be configured like the lab's. */
  environment: Record<string, string>;
  supervisor: Supervisor;
  stop(): Promise<void>;
}

export async function startEngine(options: EngineOptions): Promise<LabEngine> {
  const { directory, services, progress } = options;
  const tokens = { requester: randomBytes(24).toString('hex'), approver: randomBytes(24).toString('hex') };
  const environment = await writeSettings(options, tokens);
  const config = readConfig({ ...process.env, ...environment });
  const parts = await compose(config);
  const gateway = await startGateway({ ...config, gateway: { ...config.gateway, port: await freePort() } }, parts);
  progress(`gateway at ${gateway.url}`);
  const supervisor = await superviseWorkers({
    roles: `engine,build,environment:${shop.environment}`,
    environment: { ...environment, SLIPWAY_MAKE_CURRENT: 'true' },
    logFile: join(directory, 'worker.log'),
    health: await freePort(),
    progress,
  });
  return {
    gatewayUrl: gateway.url,
    tokens,
    environment: { ...environment, SLIPWAY_GATEWAY: gateway.url },
    supervisor,
    stop: async () => {
      await supervisor.stop();
      await gateway.close();
      await parts.close();
      void services;
    },
  };
}

/** Keys, tokens and the operator's policy, as an operator would keep them, and the variables that name them. */
async function writeSettings(options: EngineOptions, tokens: LabEngine['tokens']): Promise<Record<string, string>> {
  const { directory, services, scanners = {} } = options;
  const settings = join(directory, 'settings');
  const keys = join(settings, 'public-keys');
  await mkdir(keys, { recursive: true });
  const { privateKeyPem, publicKeyPem } = createKeyPair();
  const file = (name: string) => join(settings, name);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const people = [
    { sha256: sha256(tokens.requester), id: 'lab-developer', groups: ['developers'] },
    { sha256: sha256(tokens.approver), id: 'lab-approver', groups: ['approvers'] },
  ];
  const secret = { mode: 0o600 };
  await Promise.all([
    writeFile(file('signing-key.pem'), privateKeyPem, secret),
    writeFile(join(keys, 'lab.pem'), publicKeyPem),
    writeFile(file('tokens.json'), JSON.stringify(people), secret),
    writeFile(file('records-url'), services.postgres.url('slipway'), secret),
    writeFile(file('policy.yaml'), policyFile(options)),
  ]);
  return {
    SLIPWAY_TEMPORAL_ADDRESS: services.temporal.address,
    ...(services.temporal.uiUrl && { SLIPWAY_TEMPORAL_UI: services.temporal.uiUrl }),
    SLIPWAY_RECORDS_URL: `file:${file('records-url')}`,
    SLIPWAY_POLICY_FILE: file('policy.yaml'),
    SLIPWAY_PUBLIC_KEYS: keys,
    SLIPWAY_SIGNING_KEY: file('signing-key.pem'),
    SLIPWAY_TOKENS: file('tokens.json'),
    SLIPWAY_CACHE_DIR: cacheDirectory(),
    SLIPWAY_SOURCE_PROTOCOLS: 'file',
    ...(scanners.osvScanner && { SLIPWAY_OSV_SCANNER: scanners.osvScanner }),
    ...(scanners.osvDatabase && { SLIPWAY_OSV_DATABASE: scanners.osvDatabase }),
    ...(scanners.gitleaks && { SLIPWAY_GITLEAKS: scanners.gitleaks }),
    ...options.environment,
  };
}

function policyFile({ regions, repository, services, gates }: EngineOptions): string {
  const clusters = regions.map(({ name, kubeconfig, context }) => [
    `lab-${name}`,
    { kind: 'kubeconfig', file: kubeconfig, ...(context && { context }) },
  ]);
  return stringify({
    version: 1,
    clusters: Object.fromEntries(clusters) as Record<string, unknown>,
    notify: { log: { kind: 'log' } },
    services: { [shop.service]: { repository, environments: [shop.environment] } },
    environments: {
      [shop.environment]: {
        clusters: regions.map(({ name }) => `lab-${name}`),
        registry: services.registry.host,
        approval: { required: true, quorum: 1, groups: ['approvers'], expires: '1h', excludeRequester: true },
        scan: { images: gates.images, secrets: gates.secrets },
        testsRequired: gates.tests,
        onFailure: ['roll-back-all', 'roll-back-region', 'hold'],
        planMigrationsBeforeApproval: true,
        tags: ['latest'],
        notify: ['log'],
      },
    },
  });
}
