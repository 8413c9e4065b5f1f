import { createHash, randomBytes } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeyPair } from '../activities/shared/signatures.ts';
import { searchAttributes } from '../domain/contract/names.ts';
import { readConfig } from '../temporal.config.ts';
import { compose } from '../workers/compose.ts';
import { startGateway } from '../workers/gateway.ts';
import { cacheDirectory } from './kubernetes/cache.ts';
import type { Progress } from './kubernetes/command.ts';
import type { LabLogin } from './login/provider.ts';
import { labPeople } from './people.ts';
import { labPolicy } from './policy-file.ts';
import { startPostgres } from './services/postgres.ts';
import type { Postgres } from './services/postgres.ts';
import { startRegistry } from './services/registry.ts';
import type { LabRegistry } from './services/registry.ts';
import { freePort } from './services/starting.ts';
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
      startTemporal({
        directory: join(directory, 'temporal'),
        searchAttributes: Object.values(searchAttributes),
        progress,
      }).then(kept),
      startRegistry({ directory: join(directory, 'registry'), progress }).then(kept),
      startPostgres({
        directory: join(directory, 'postgres'),
        progress,
        ...(pods && { listen: ['127.0.0.1', ...pods.listen], allow: pods.allow }),
      }).then(kept),
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
  /** Where people decide besides. */
  slack?: LabSlack;
  /** Where people log in to the pages; without it nobody does. */
  login?: Pick<LabLogin, 'issuer' | 'clientId'>;
  scanners?: { osvScanner?: string; osvDatabase?: string; gitleaks?: string; trivy?: string };
  /** What the worker process does: everything when left out. */
  roles?: string;
  /** Of the gateway; a free one where it is left out. */
  port?: number;
  /** Further variables for the worker process, for tests. */
  environment?: Record<string, string>;
  progress: Progress;
}

/** Slack as the engine uses it, and who is who there. */
export interface LabSlack {
  apiUrl: string;
  channel: string;
  signingSecret: string;
  users: { requester: string; approver: string };
}

/** The engine itself in the lab: gateway in this process, workers in one of their own, which may be killed. */
export interface LabEngine {
  gatewayUrl: string;
  /** Where its pages are; absent where they were not built, or nobody can log in. */
  pages?: string;
  /** Who asks for releases, and who approves them: two people, because nobody approves what they asked for. */
  tokens: { requester: string; approver: string };
  /** Files that hold them, for the command line. */
  tokenFiles: { requester: string; approver: string };
  /** What a process needs to be configured like the lab's. */
  environment: Record<string, string>;
  supervisor: Supervisor;
  stop(): Promise<void>;
}

export async function startEngine(options: EngineOptions): Promise<LabEngine> {
  const { directory, progress } = options;
  const tokens = { requester: randomBytes(24).toString('hex'), approver: randomBytes(24).toString('hex') };
  const port = options.port ?? (options.login ? await freePort() : 0);
  const environment = { ...pageSettings(options, port), ...(await writeSettings(options, tokens)) };
  const temporary = join(directory, 'tmp'); // what a killed worker leaves there goes with the lab
  await mkdir(temporary, { recursive: true });
  const config = readConfig({ ...process.env, ...environment });
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const parts = await compose(config);
    stops.push(() => parts.close());
    const gateway = await startGateway({ ...config, gateway: { ...config.gateway, port } }, parts);
    stops.push(() => gateway.close());
    progress(`the gateway listens on ${gateway.url}`);
    const supervisor = await superviseWorkers({
      roles: options.roles ?? `engine,build,environment:${shop.environment}`,
      environment: { ...environment, SLIPWAY_MAKE_CURRENT: 'true', TMPDIR: temporary },
      logFile: join(directory, 'worker.log'),
      pidFile: join(directory, 'worker.pid'),
      progress,
    });
    stops.push(() => supervisor.stop());
    return {
      gatewayUrl: gateway.url,
      ...(gateway.pages !== undefined && { pages: gateway.pages }),
      tokens,
      tokenFiles: tokenFiles(directory),
      environment: { ...environment, SLIPWAY_GATEWAY: gateway.url },
      supervisor,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What its pages need: browsers must find them where the gateway says that it is. */
function pageSettings({ login }: EngineOptions, port: number): Record<string, string> {
  if (!login) return {};
  return {
    SLIPWAY_OIDC_ISSUER: login.issuer,
    SLIPWAY_OIDC_CLIENT_ID: login.clientId,
    SLIPWAY_PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
}

function tokenFiles(directory: string): LabEngine['tokenFiles'] {
  return {
    requester: join(directory, 'settings', 'developer-token'),
    approver: join(directory, 'settings', 'approver-token'),
  };
}

/** Git mirrors of the lab's own repository go with the lab; the bundle of the workflow code is worth keeping. */
async function labCache(directory: string): Promise<string> {
  const cache = join(directory, 'cache');
  const bundles = join(cacheDirectory(), 'workflow-bundles');
  await Promise.all([mkdir(cache, { recursive: true }), mkdir(bundles, { recursive: true })]);
  await symlink(bundles, join(cache, 'workflow-bundles')).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return cache;
}

/** Keys, tokens and the operator's policy, as an operator would keep them, and the variables that name them. */
async function writeSettings(options: EngineOptions, tokens: LabEngine['tokens']): Promise<Record<string, string>> {
  const { directory, services, slack, scanners = {} } = options;
  const settings = join(directory, 'settings');
  const keys = join(settings, 'public-keys');
  await mkdir(keys, { recursive: true });
  const { privateKeyPem, publicKeyPem } = createKeyPair();
  const file = (name: string) => join(settings, name);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const people = [
    { sha256: sha256(tokens.requester), id: labPeople.requester, groups: ['developers'] },
    { sha256: sha256(tokens.approver), id: labPeople.approver, groups: ['approvers'] },
  ];
  const secret = { mode: 0o600 };
  await Promise.all([
    writeFile(file('signing-key.pem'), privateKeyPem, secret),
    writeFile(join(keys, 'lab.pem'), publicKeyPem),
    writeFile(file('tokens.json'), JSON.stringify(people), secret),
    writeFile(tokenFiles(directory).requester, `${tokens.requester}\n`, secret),
    writeFile(tokenFiles(directory).approver, `${tokens.approver}\n`, secret),
    writeFile(file('records-url'), services.postgres.url('slipway'), secret),
    writeFile(file('policy.yaml'), labPolicy(options)),
    ...(slack
      ? [
          writeFile(file('slack-token'), 'xoxb-lab', secret),
          writeFile(file('slack-signing-secret'), slack.signingSecret, secret),
        ]
      : []),
  ]);
  return {
    SLIPWAY_TEMPORAL_ADDRESS: services.temporal.address,
    ...(services.temporal.uiUrl && { SLIPWAY_TEMPORAL_UI: services.temporal.uiUrl }),
    SLIPWAY_RECORDS_URL: `file:${file('records-url')}`,
    SLIPWAY_POLICY_FILE: file('policy.yaml'),
    SLIPWAY_PUBLIC_KEYS: keys,
    SLIPWAY_SIGNING_KEY: file('signing-key.pem'),
    SLIPWAY_TOKENS: file('tokens.json'),
    // One person starts as many here as elsewhere a hundred do.
    SLIPWAY_GATEWAY_STARTS: '1000',
    SLIPWAY_CACHE_DIR: await labCache(directory),
    SLIPWAY_SOURCE_PROTOCOLS: 'file',
    // Nobody waits for a build of a lab that is being put away.
    SLIPWAY_BUILD_DRAIN: '5s',
    // The lab scans with what it has chosen: a Trivy on PATH would begin by downloading its own database.
    SLIPWAY_TRIVY: scanners.trivy ?? join(directory, 'no-trivy'),
    ...(scanners.osvScanner && { SLIPWAY_OSV_SCANNER: scanners.osvScanner }),
    ...(scanners.osvDatabase && { SLIPWAY_OSV_DATABASE: scanners.osvDatabase }),
    ...(scanners.gitleaks && { SLIPWAY_GITLEAKS: scanners.gitleaks }),
    ...(slack && {
      SLIPWAY_SLACK_API: slack.apiUrl,
      SLIPWAY_SLACK_BOT_TOKEN: `file:${file('slack-token')}`,
      SLIPWAY_SLACK_SIGNING_SECRET: `file:${file('slack-signing-secret')}`,
    }),
    ...options.environment,
  };
}
