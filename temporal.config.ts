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
    /** There when the connection is encrypted; without a CA of its own, this machine's are trusted. */
    tls?: { caFile?: string; certFile?: string; keyFile?: string };
    /** A reference to the API key of a hosted Temporal. */
    apiKey?: string;
  };
  /** PostgreSQL URL, or a reference to one. */
  recordsUrl: string;
  /** The operator's policy, on this machine's own disk. */
  policyFile: string;
  /** Directory with the gateway's public keys (`*.pem`): what workers verify decisions with. */
  publicKeysDirectory: string;
  /** Requests without a signature: those that gateways took before the first signed one are believed, or all, or none. */
  unsignedRequests: 'earlier' | 'accept' | 'refuse';
  cacheDirectory: string;
  kubeconfigDirectory?: string;
  /** `https` and `ssh` unless said otherwise; `file` lets a request read this machine's disk. */
  sourceProtocols: string[];
  scanners: { osvScanner?: string; osvDatabaseDirectory?: string; trivy?: string; gitleaks?: string };
  health?: { host: string; port: number };
  /** Where the SDK's figures are served for Prometheus. */
  metrics?: { host: string; port: number };
  gateway: {
    host: string;
    port: number;
    signingKeyFile?: string;
    tokensFile?: string;
    /** Jobs of GitHub Actions may come with the tokens that this issuer makes for this audience. Absent: none may. */
    github?: { issuer: string; audience: string };
    /** People may come with ID tokens that this identity provider makes for this client. Absent: none may. */
    login?: { issuer: string; clientId: string; scopes: string; groupsClaim: string };
    /** They may log in there with a browser, and have a session here. `secret`: a reference; absent: a public client. */
    browser?: { origin: string; clientId: string; secret?: string };
    /** At once, from one address; more where a proxy is in front. */
    connectionsPerAddress: number;
    /** Of one caller; twice as many at once. */
    startsPerMinute: number;
    /** How long requests are taken after SIGTERM, while `/readyz` says that it ends. */
    drainMs: number;
    /** Where the signed ends of the audit go: `log`, `dir:/path`, `https://…`, or references to such. */
    auditShip: string[];
    /** References; absent: nothing of Slack is loaded. */
    slack?: { botToken: string; apiUrl: string } & ({ signingSecret: string } | { appToken: string });
  };
  limits: WorkerLimits;
  /** What one build may take where it runs in a box. */
  boxLimits: { memoryBytes: number; diskBytes: number; cpus: number; processes: number };
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
  /** For how long it is known what people were told, after the run has ended. */
  keptMessagesMs: number;
}

const slots = z.coerce
  .number('must be a number')
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(10_000, 'must be at most 10000');
const duration = z.string().regex(durationPattern, 'must be a duration such as 30s, 10m or 1h');
const longestDrainMs = 600_000;
const hostAndPortForm = /^[^:\s]+:\d{1,5}$/;
const listen = z
  .string()
  .regex(hostAndPortForm, 'must be host:port')
  .refine(
    (text) => !hostAndPortForm.test(text) || Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535,
    'must have a port of at most 65535',
  );

const bytes = z
  .string()
  .regex(/^[1-9]\d{0,5}(Mi|Gi)$/, 'must be a size such as 512Mi or 4Gi')
  .transform((text) => Number(text.slice(0, -2)) * (text.endsWith('Gi') ? 1024 ** 3 : 1024 ** 2));

/** In the open only on this machine: what is sent is no secret, but its address may be. */
const destination =
  /^(log|dir:\/.+|https:\/\/\S+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?(\/\S*)?|env:[A-Za-z_]\w*|file:\/.+)$/;
/** In the open only on this machine: whoever could answer in its place would be believed. */
const issuer = z
  .string()
  .regex(
    /^(https:\/\/[^\s/?#]+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)(\/[^\s?#]*[^\s?#/])?$/,
    'must be an https URL without a slash at its end',
  );
/** As tokens have it in `iss`: those of some providers end with a slash. */
const provider = z
  .string()
  .regex(
    /^(https:\/\/[^\s/?#]+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)(\/[^\s?#]*)?$/,
    'must be an https URL without a query, exactly as tokens have it in `iss`',
  );
/** As browsers have it in `Origin`. */
const publicUrl = z
  .string()
  .refine(
    (text) => URL.parse(text)?.origin === text && /^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$)/.test(text),
    'must be an https URL without a path, and without a slash at its end',
  );
const slackApi = 'https://slack.com/api/';
const name = z.string().min(1, 'must not be empty').max(500, 'must be at most 500 characters');
const reference = z.string().regex(/^(env:[A-Za-z_]\w*|file:\/.+)$/, 'must be a reference: env:NAME or file:/path');

const needed = (what: string) => z.string(`is needed: ${what}`).min(1, `is needed: ${what}`);

const fields = z.object({
  SLIPWAY_TEMPORAL_ADDRESS: listen.default('127.0.0.1:7233'),
  SLIPWAY_TEMPORAL_NAMESPACE: z.string().min(1, 'must not be empty').default('default'),
  SLIPWAY_TEMPORAL_UI: z.url().optional(),
  SLIPWAY_TEMPORAL_API_KEY: reference.optional(),
  SLIPWAY_TEMPORAL_TLS: z.enum(['true', 'false'], 'must be true or false').optional(),
  SLIPWAY_TEMPORAL_TLS_CA: z.string().optional(),
  SLIPWAY_TEMPORAL_TLS_CERT: z.string().optional(),
  SLIPWAY_TEMPORAL_TLS_KEY: z.string().optional(),
  SLIPWAY_RECORDS_URL: needed('the PostgreSQL URL, or env:NAME, or file:/path'),
  SLIPWAY_POLICY_FILE: needed("the path of the operator's policy file"),
  SLIPWAY_PUBLIC_KEYS: needed("the directory with the gateway's public keys"),
  SLIPWAY_UNSIGNED_REQUESTS: z
    .enum(['earlier', 'accept', 'refuse'], 'must be earlier, accept or refuse')
    .default('earlier'),
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
  SLIPWAY_METRICS: listen.optional(),
  SLIPWAY_LOG: z.enum(['json', 'text'], 'must be json or text').optional(),
  SLIPWAY_GATEWAY_LISTEN: listen.default('127.0.0.1:7777'),
  SLIPWAY_GATEWAY_CONNECTIONS: slots.default(200),
  SLIPWAY_GATEWAY_STARTS: slots.default(60),
  SLIPWAY_GATEWAY_DRAIN: duration
    .refine((text) => !(durationMs(text) > longestDrainMs), 'must be at most 10m')
    .default('5s'),
  SLIPWAY_SIGNING_KEY: z.string().optional(),
  SLIPWAY_TOKENS: z.string().optional(),
  SLIPWAY_GITHUB_ISSUER: issuer.default('https://token.actions.githubusercontent.com'),
  SLIPWAY_GITHUB_AUDIENCE: name.optional(),
  SLIPWAY_OIDC_ISSUER: provider.optional(),
  SLIPWAY_OIDC_CLIENT_ID: name.optional(),
  SLIPWAY_OIDC_SCOPES: name
    .regex(/^openid( [\x21-\x7e]+)*$/, 'must begin with openid, and have one space between two scopes')
    .default('openid email'),
  SLIPWAY_OIDC_GROUPS_CLAIM: name.default('groups'),
  SLIPWAY_OIDC_BROWSER_CLIENT_ID: name.optional(),
  SLIPWAY_OIDC_BROWSER_SECRET: reference.optional(),
  SLIPWAY_PUBLIC_URL: publicUrl.optional(),
  SLIPWAY_AUDIT_SHIP: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    )
    .refine(
      (all) => all.every((one) => destination.test(one)),
      'must be log, dir:/path, https://…, env:NAME or file:/path',
    ),
  SLIPWAY_SLACK_BOT_TOKEN: reference.optional(),
  SLIPWAY_SLACK_SIGNING_SECRET: reference.optional(),
  SLIPWAY_SLACK_APP_TOKEN: reference.optional(),
  SLIPWAY_SLACK_API: z
    .string()
    .regex(
      /^(https:\/\/[^\s/?#]+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?)\/([^\s?#]*\/)?$/,
      'must be an https URL with a slash at its end',
    )
    .default(slackApi),
  SLIPWAY_MAX_CACHED_WORKFLOWS: slots.default(100),
  SLIPWAY_MAX_CHANGES: slots.default(40),
  SLIPWAY_MAX_WATCHES: slots.default(200),
  SLIPWAY_MAX_ROLLBACKS: slots.default(40),
  SLIPWAY_MAX_BUILDS: slots.default(3),
  SLIPWAY_BUILD_DRAIN: duration.default('10m'),
  SLIPWAY_KEEP_MESSAGES: duration
    .refine((text) => !(durationMs(text) < 86_400_000), 'must be a day at least')
    .default('90d'),
  SLIPWAY_BOX_MEMORY: bytes.default(4 * 1024 ** 3),
  SLIPWAY_BOX_DISK: bytes.default(40 * 1024 ** 3),
  SLIPWAY_BOX_CPUS: z.coerce
    .number('must be a number')
    .min(0.1, 'must be at least 0.1')
    .max(1_024, 'must be at most 1024')
    .default(4),
  SLIPWAY_BOX_PROCESSES: slots.default(4_096),
});

/** What only prepares Temporal and the records uses no policy and no keys: where they are is not asked. */
const setUpFields = fields.omit({ SLIPWAY_POLICY_FILE: true, SLIPWAY_PUBLIC_KEYS: true });

type Fields = z.infer<typeof fields>;

/** A variable that is missing or wrong: `SLIPWAY_… must be …`. Never its value, which may be a secret in a wrong place. */
export interface ConfigProblem {
  variable: string;
  says: string;
}

/** Every variable that is missing or wrong, also beside others. */
export function configProblems(env: Record<string, string | undefined>): ConfigProblem[] {
  return problemsBy(fields, env);
}

/** Of what only prepares Temporal and the records. */
export function setUpProblems(env: Record<string, string | undefined>): ConfigProblem[] {
  return problemsBy(setUpFields, env);
}

function problemsBy(schema: z.ZodType, env: Record<string, string | undefined>): ConfigProblem[] {
  const issues = schema.safeParse(env).error?.issues ?? [];
  const said = issues.map(({ path, message }) => ({ variable: path.join('.'), says: message }));
  const isSaid = (variable: string) => said.some((one) => one.variable === variable);
  return [...said, ...contradictions(readWhatIsRight(env)).filter(({ variable }) => !isSaid(variable))];
}

/** Each variable that is well by itself, whatever the others are. */
export function readWhatIsRight(env: Record<string, string | undefined>): Partial<Fields> {
  const read = Object.entries(fields.shape).map(([name, field]) => [name, field.safeParse(env[name]).data]);
  return Object.fromEntries(read) as Partial<Fields>;
}

function contradictions(v: Partial<Fields>): ConfigProblem[] {
  const { SLIPWAY_TEMPORAL_TLS_CERT: cert, SLIPWAY_TEMPORAL_TLS_KEY: key, SLIPWAY_TEMPORAL_TLS: tls } = v;
  const { SLIPWAY_OIDC_ISSUER: provider, SLIPWAY_OIDC_CLIENT_ID: client } = v;
  const open = (says: string) => [{ variable: 'SLIPWAY_TEMPORAL_TLS', says }];
  return [
    ...(cert && !key ? [{ variable: 'SLIPWAY_TEMPORAL_TLS_KEY', says: 'is needed beside the certificate' }] : []),
    ...(provider && !client ? [{ variable: 'SLIPWAY_OIDC_CLIENT_ID', says: 'is needed beside the issuer' }] : []),
    ...(client && !provider ? [{ variable: 'SLIPWAY_OIDC_ISSUER', says: 'is needed beside the client id' }] : []),
    ...contradictionsOfBrowser(v),
    ...contradictionsOfSlack(v),
    ...(key && !cert ? [{ variable: 'SLIPWAY_TEMPORAL_TLS_CERT', says: 'is needed beside the key' }] : []),
    ...(tls !== 'false'
      ? []
      : v.SLIPWAY_TEMPORAL_API_KEY
        ? open('cannot be false: the API key would go in the open')
        : (v.SLIPWAY_TEMPORAL_TLS_CA ?? cert ?? key)
          ? open('cannot be false beside files for TLS')
          : []),
  ];
}

function contradictionsOfBrowser(v: Partial<Fields>): ConfigProblem[] {
  const { SLIPWAY_PUBLIC_URL: url, SLIPWAY_OIDC_ISSUER: provider } = v;
  const { SLIPWAY_OIDC_BROWSER_CLIENT_ID: client, SLIPWAY_OIDC_BROWSER_SECRET: secret } = v;
  return [
    ...(url && !provider ? [{ variable: 'SLIPWAY_OIDC_ISSUER', says: 'is needed beside the public URL' }] : []),
    ...(client && !url ? [{ variable: 'SLIPWAY_PUBLIC_URL', says: "is needed beside the browser's client" }] : []),
    ...(secret && !client
      ? [{ variable: 'SLIPWAY_OIDC_BROWSER_CLIENT_ID', says: 'is needed beside the secret: `slipway login` has none' }]
      : []),
  ];
}

function contradictionsOfSlack(v: Partial<Fields>): ConfigProblem[] {
  const { SLIPWAY_SLACK_BOT_TOKEN: bot, SLIPWAY_SLACK_SIGNING_SECRET: signing, SLIPWAY_SLACK_APP_TOKEN: app } = v;
  if (bot && !signing && !app) {
    const says = 'is needed beside the token, or SLIPWAY_SLACK_APP_TOKEN in its place (Socket Mode)';
    return [{ variable: 'SLIPWAY_SLACK_SIGNING_SECRET', says }];
  }
  if (signing && app)
    return [{ variable: 'SLIPWAY_SLACK_APP_TOKEN', says: 'is in the place of the signing secret: set one of them' }];
  if (!bot && (signing ?? app))
    return [
      {
        variable: 'SLIPWAY_SLACK_BOT_TOKEN',
        says: `is needed beside the ${signing ? 'signing secret' : 'app-level token'}`,
      },
    ];
  return [];
}

/** References to the secrets of Slack, where there are those that it needs. */
export function slackIn(v: {
  SLIPWAY_SLACK_BOT_TOKEN?: string | undefined;
  SLIPWAY_SLACK_SIGNING_SECRET?: string | undefined;
  SLIPWAY_SLACK_APP_TOKEN?: string | undefined;
  SLIPWAY_SLACK_API?: string | undefined;
}): SlipwayConfig['gateway']['slack'] {
  const { SLIPWAY_SLACK_BOT_TOKEN: botToken, SLIPWAY_SLACK_APP_TOKEN: appToken } = v;
  const { SLIPWAY_SLACK_SIGNING_SECRET: signingSecret } = v;
  if (!botToken) return undefined;
  const own = { botToken, apiUrl: v.SLIPWAY_SLACK_API ?? slackApi };
  if (appToken) return { ...own, appToken };
  return signingSecret ? { ...own, signingSecret } : undefined;
}

/** Reads the environment; throws one Error that names every variable that is missing or wrong. */
export function readConfig(env: Record<string, string | undefined> = process.env): SlipwayConfig {
  const problems = configProblems(env);
  if (problems.length > 0) {
    const lines = problems.map(({ variable, says }) => `  ${variable} ${says}`);
    throw new Error(`the configuration is not complete:\n${lines.join('\n')}`);
  }
  const v = fields.parse(env);
  const slack = slackIn(v);
  return {
    temporal: temporalIn(v),
    recordsUrl: v.SLIPWAY_RECORDS_URL,
    policyFile: v.SLIPWAY_POLICY_FILE,
    publicKeysDirectory: v.SLIPWAY_PUBLIC_KEYS,
    unsignedRequests: v.SLIPWAY_UNSIGNED_REQUESTS,
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
    ...(v.SLIPWAY_METRICS && { metrics: hostAndPort(v.SLIPWAY_METRICS) }),
    gateway: {
      ...hostAndPort(v.SLIPWAY_GATEWAY_LISTEN),
      connectionsPerAddress: v.SLIPWAY_GATEWAY_CONNECTIONS,
      startsPerMinute: v.SLIPWAY_GATEWAY_STARTS,
      drainMs: durationMs(v.SLIPWAY_GATEWAY_DRAIN),
      ...(v.SLIPWAY_SIGNING_KEY && { signingKeyFile: v.SLIPWAY_SIGNING_KEY }),
      ...(v.SLIPWAY_TOKENS && { tokensFile: v.SLIPWAY_TOKENS }),
      ...(v.SLIPWAY_GITHUB_AUDIENCE && {
        github: { issuer: v.SLIPWAY_GITHUB_ISSUER, audience: v.SLIPWAY_GITHUB_AUDIENCE },
      }),
      ...(v.SLIPWAY_OIDC_ISSUER &&
        v.SLIPWAY_OIDC_CLIENT_ID && {
          login: {
            issuer: v.SLIPWAY_OIDC_ISSUER,
            clientId: v.SLIPWAY_OIDC_CLIENT_ID,
            scopes: v.SLIPWAY_OIDC_SCOPES,
            groupsClaim: v.SLIPWAY_OIDC_GROUPS_CLAIM,
          },
        }),
      ...browserIn(v),
      auditShip: v.SLIPWAY_AUDIT_SHIP,
      ...(slack && { slack }),
    },
    limits: {
      maxCachedWorkflows: v.SLIPWAY_MAX_CACHED_WORKFLOWS,
      changes: v.SLIPWAY_MAX_CHANGES,
      watches: v.SLIPWAY_MAX_WATCHES,
      rollbacks: v.SLIPWAY_MAX_ROLLBACKS,
      builds: v.SLIPWAY_MAX_BUILDS,
      shutdownGraceMs: 10_000,
      buildDrainMs: durationMs(v.SLIPWAY_BUILD_DRAIN),
      keptMessagesMs: durationMs(v.SLIPWAY_KEEP_MESSAGES),
    },
    boxLimits: {
      memoryBytes: v.SLIPWAY_BOX_MEMORY,
      diskBytes: v.SLIPWAY_BOX_DISK,
      cpus: v.SLIPWAY_BOX_CPUS,
      processes: v.SLIPWAY_BOX_PROCESSES,
    },
  };
}

function browserIn(v: Fields): Pick<SlipwayConfig['gateway'], 'browser'> {
  const { SLIPWAY_PUBLIC_URL: origin, SLIPWAY_OIDC_CLIENT_ID: usual } = v;
  const { SLIPWAY_OIDC_BROWSER_CLIENT_ID: clientId = usual, SLIPWAY_OIDC_BROWSER_SECRET: secret } = v;
  return origin && clientId ? { browser: { origin, clientId, ...(secret && { secret }) } } : {};
}

/** The same of what only prepares Temporal and the records. */
export function readSetUpConfig(
  env: Record<string, string | undefined>,
): Pick<SlipwayConfig, 'temporal' | 'recordsUrl'> {
  const v = setUpFields.parse(env);
  return { temporal: temporalIn(v), recordsUrl: v.SLIPWAY_RECORDS_URL };
}

function temporalIn(v: z.infer<typeof setUpFields>): SlipwayConfig['temporal'] {
  const files = {
    ...(v.SLIPWAY_TEMPORAL_TLS_CA && { caFile: v.SLIPWAY_TEMPORAL_TLS_CA }),
    ...(v.SLIPWAY_TEMPORAL_TLS_CERT && { certFile: v.SLIPWAY_TEMPORAL_TLS_CERT }),
    ...(v.SLIPWAY_TEMPORAL_TLS_KEY && { keyFile: v.SLIPWAY_TEMPORAL_TLS_KEY }),
  };
  const { SLIPWAY_TEMPORAL_API_KEY: apiKey } = v;
  const encrypted = v.SLIPWAY_TEMPORAL_TLS === 'true' || apiKey !== undefined || Object.keys(files).length > 0;
  return {
    address: v.SLIPWAY_TEMPORAL_ADDRESS,
    namespace: v.SLIPWAY_TEMPORAL_NAMESPACE,
    ...(v.SLIPWAY_TEMPORAL_UI && { uiUrl: v.SLIPWAY_TEMPORAL_UI }),
    ...(encrypted && { tls: files }),
    ...(apiKey && { apiKey }),
  };
}

export function hostAndPort(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}
