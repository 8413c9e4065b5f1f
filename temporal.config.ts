import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { durationMs, durationPattern } from './pipeline/duration.ts';

/**
 * Everything a Slipway process is told from outside, as one typed object. Read by workers/ and client/ only. Secrets are references
 * (`env:NAME`, `file:/path`), never values. `docs/configuration.md` lists the variables.
 */
export interface SlipwayConfig {
  temporal: {
    address: string;
    namespace: string;
    uiUrl?: string;
    tls?: { caFile?: string; certFile?: string; keyFile?: string };
  };
  /** PostgreSQL URL, or a reference to one. */
  recordsUrl: string;
  /** The operator's policy, on this machine's own disk. */
  policyFile: string;
  /** Directory with the gateway's public keys (`*.pem`): what workers verify decisions with. */
  publicKeysDirectory: string;
  cacheDirectory: string;
  kubeconfigDirectory?: string;
  /** `https` and `ssh` unless said otherwise; `file` lets a request read this machine's disk. */
  sourceProtocols: string[];
  scanners: { osvScanner?: string; osvDatabaseDirectory?: string; trivy?: string; gitleaks?: string };
  health?: { host: string; port: number };
  gateway: { host: string; port: number; signingKeyFile?: string; tokensFile?: string };
  limits: WorkerLimits;
}

/** What one worker process takes on at once, per queue, and how it stops. */
export interface WorkerLimits {
  /** About 0.35 MB each: bounds a worker's memory however many releases wait. */
  maxCachedWorkflows: number;
  /** Short steps. */
  changes: number;
  /** Steps that mostly wait, for minutes or hours. */
  watches: number;
  /** Steps of rollbacks in an environment: kept free for them. */
  rollbacks: number;
  /** Builds, scans and tests are heavy: few at a time on one machine. */
  builds: number;
  /** How long steps may finish after SIGTERM. */
  shutdownGraceMs: number;
  /** The same for builds, scans and tests, which are done again from the start when they are cut off. */
  buildDrainMs: number;
}

const slots = z.coerce.number('must be a number').int('must be a whole number').min(1).max(10_000);
const duration = z.string().regex(durationPattern, 'must be a duration such as 30s, 10m or 1h');
const listen = z.string().regex(/^[^:\s]+:\d+$/, 'must be host:port');

const variables = z.object({
  SLIPWAY_TEMPORAL_ADDRESS: listen.default('127.0.0.1:7233'),
  SLIPWAY_TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  SLIPWAY_TEMPORAL_UI: z.url().optional(),
  SLIPWAY_TEMPORAL_TLS_CA: z.string().optional(),
  SLIPWAY_TEMPORAL_TLS_CERT: z.string().optional(),
  SLIPWAY_TEMPORAL_TLS_KEY: z.string().optional(),
  SLIPWAY_RECORDS_URL: z.string({ error: 'is needed: the PostgreSQL URL, or env:NAME, or file:/path' }).min(1),
  SLIPWAY_POLICY_FILE: z.string({ error: "is needed: the path of the operator's policy file" }).min(1),
  SLIPWAY_PUBLIC_KEYS: z.string({ error: "is needed: the directory with the gateway's public keys" }).min(1),
  SLIPWAY_CACHE_DIR: z
    .string()
    .min(1)
    .default(join(homedir(), '.cache', 'slipway')),
  SLIPWAY_KUBECONFIG_DIR: z.string().optional(),
  SLIPWAY_SOURCE_PROTOCOLS: z.string().default('https,ssh'),
  SLIPWAY_TRIVY: z.string().optional(),
  SLIPWAY_OSV_SCANNER: z.string().optional(),
  SLIPWAY_OSV_DATABASE: z.string().optional(),
  SLIPWAY_GITLEAKS: z.string().optional(),
  SLIPWAY_HEALTH: listen.optional(),
  SLIPWAY_GATEWAY_LISTEN: listen.default('127.0.0.1:7777'),
  SLIPWAY_SIGNING_KEY: z.string().optional(),
  SLIPWAY_TOKENS: z.string().optional(),
  SLIPWAY_MAX_CACHED_WORKFLOWS: slots.default(100),
  SLIPWAY_MAX_CHANGES: slots.default(40),
  SLIPWAY_MAX_WATCHES: slots.default(200),
  SLIPWAY_MAX_ROLLBACKS: slots.default(40),
  SLIPWAY_MAX_BUILDS: slots.default(3),
  SLIPWAY_BUILD_DRAIN: duration.default('10m'),
});

/** Reads the environment; throws one Error that names every variable that is missing or wrong. */
export function readConfig(env: Record<string, string | undefined> = process.env): SlipwayConfig {
  const parsed = variables.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`);
    throw new Error(`the configuration is not complete:\n${lines.join('\n')}`);
  }
  const v = parsed.data;
  const tls = {
    ...(v.SLIPWAY_TEMPORAL_TLS_CA && { caFile: v.SLIPWAY_TEMPORAL_TLS_CA }),
    ...(v.SLIPWAY_TEMPORAL_TLS_CERT && { certFile: v.SLIPWAY_TEMPORAL_TLS_CERT }),
    ...(v.SLIPWAY_TEMPORAL_TLS_KEY && { keyFile: v.SLIPWAY_TEMPORAL_TLS_KEY }),
  };
  return {
    temporal: {
      address: v.SLIPWAY_TEMPORAL_ADDRESS,
      namespace: v.SLIPWAY_TEMPORAL_NAMESPACE,
      ...(v.SLIPWAY_TEMPORAL_UI && { uiUrl: v.SLIPWAY_TEMPORAL_UI }),
      ...(Object.keys(tls).length > 0 && { tls }),
    },
    recordsUrl: v.SLIPWAY_RECORDS_URL,
    policyFile: v.SLIPWAY_POLICY_FILE,
    publicKeysDirectory: v.SLIPWAY_PUBLIC_KEYS,
    cacheDirectory: v.SLIPWAY_CACHE_DIR,
    ...(v.SLIPWAY_KUBECONFIG_DIR && { kubeconfigDirectory: v.SLIPWAY_KUBECONFIG_DIR }),
    sourceProtocols: v.SLIPWAY_SOURCE_PROTOCOLS.split(',').map((p) => p.trim()),
    scanners: {
      ...(v.SLIPWAY_TRIVY && { trivy: v.SLIPWAY_TRIVY }),
      ...(v.SLIPWAY_OSV_SCANNER && { osvScanner: v.SLIPWAY_OSV_SCANNER }),
      ...(v.SLIPWAY_OSV_DATABASE && { osvDatabaseDirectory: v.SLIPWAY_OSV_DATABASE }),
      ...(v.SLIPWAY_GITLEAKS && { gitleaks: v.SLIPWAY_GITLEAKS }),
    },
    ...(v.SLIPWAY_HEALTH && { health: hostAndPort(v.SLIPWAY_HEALTH) }),
    gateway: {
      ...hostAndPort(v.SLIPWAY_GATEWAY_LISTEN),
      ...(v.SLIPWAY_SIGNING_KEY && { signingKeyFile: v.SLIPWAY_SIGNING_KEY }),
      ...(v.SLIPWAY_TOKENS && { tokensFile: v.SLIPWAY_TOKENS }),
    },
    limits: {
      maxCachedWorkflows: v.SLIPWAY_MAX_CACHED_WORKFLOWS,
      changes: v.SLIPWAY_MAX_CHANGES,
      watches: v.SLIPWAY_MAX_WATCHES,
      rollbacks: v.SLIPWAY_MAX_ROLLBACKS,
      builds: v.SLIPWAY_MAX_BUILDS,
      shutdownGraceMs: 10_000,
      buildDrainMs: durationMs(v.SLIPWAY_BUILD_DRAIN),
    },
  };
}

function hostAndPort(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}
