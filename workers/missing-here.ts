import { createClusters } from '../activities/shared/clusters.ts';
import type { LoginReferences } from '../activities/shared/logins.ts';
import { isSecretReference, resolveSecret } from '../activities/shared/secrets.ts';
import { Failure } from '../domain/errors/failure.ts';
import { registryHost } from '../domain/images.ts';
import { gatesAsked } from '../pipeline/gates-asked.ts';
import type { NotifyPolicy, PolicyFile } from '../pipeline/policy-schema.ts';

/**
 * What this machine lacks of what the policy names or asks for, a line each, for the log at start. It keeps no process from its start: a release that
 * needs none of it goes well.
 */
export async function missingLogins(key: 'git' | 'registries', references: LoginReferences): Promise<string[]> {
  const looked = Object.entries(await references()).map(async ([host, { password }]) => {
    const why = await unresolved(password);
    return why === undefined ? [] : [`missing here: the login of ${host} (\`${key}\` of the policy): ${why}`];
  });
  return (await Promise.all(looked)).flat();
}

/** Secrets of the targets that messages are sent to. */
export async function missingTargets({ notify = {} }: PolicyFile): Promise<string[]> {
  const looked = Object.entries(notify).flatMap(([name, target]) =>
    secretsOf(target).map(async (reference) => {
      const why = await unresolved(reference);
      return why === undefined ? [] : [`missing here: a secret of ${name} (\`notify\` of the policy): ${why}`];
    }),
  );
  return (await Promise.all(looked)).flat();
}

/** Logins at the registries that an environment pulls from. */
export async function missingPulls(policy: PolicyFile, environment: string): Promise<string[]> {
  const { registry, imagesFrom = [] } = policy.environments[environment] ?? { registry: '' };
  const used = new Set([registry, ...imagesFrom].map(registryHost));
  const logins = Object.entries(policy.registries ?? {}).filter(([host]) => used.has(host));
  return missingLogins('registries', async () => Object.fromEntries(logins));
}

/** Kubeconfig files of an environment's clusters that are not there or cannot be used. Clusters by AWS are asked by releases alone. */
export async function missingClusters(
  policy: PolicyFile,
  environment: string,
  options: { kubeconfigDirectory?: string },
): Promise<string[]> {
  const clusters = createClusters(options);
  const looked = (policy.environments[environment]?.clusters ?? []).map(async (name) => {
    const cluster = policy.clusters[name];
    if (cluster?.kind !== 'kubeconfig') return [];
    const { kind, file, context } = cluster;
    const ref = { kind, file, ...(context !== undefined && { context }) };
    const why = await clusters.connect(ref).then(() => undefined, whyOf);
    return why === undefined
      ? []
      : [`missing here: cluster ${name}, which the policy names for ${environment}: ${why} (SLIP-K8S-11)`];
  });
  try {
    return (await Promise.all(looked)).flat();
  } finally {
    await clusters.close();
  }
}

/** References that are followed when something is sent to it. */
function secretsOf(target: NotifyPolicy): string[] {
  switch (target.kind) {
    case 'webhook':
      return [target.url, ...(target.secret === undefined ? [] : [target.secret])].filter(isSecretReference);
    case 'pagerduty':
      return [target.routingKey];
    case 'email':
      return [target.smtp];
    case 'github':
      return [target.app?.key, target.token].filter((reference) => reference !== undefined);
    case 'log':
    case 'slack':
      return [];
  }
}

/** What a build worker can look at. */
export interface Gates {
  images: boolean;
  secrets: boolean;
  tests: boolean;
}

/** Gates that the policy asks of environments and that no release passes on this build worker. */
export function missingGates({ environments }: PolicyFile, can: Gates): string[] {
  const asking = (gate: keyof Gates) =>
    Object.keys(environments).filter((name) => gatesAsked(environments[name]!)[gate]);
  const gates = [
    {
      can: can.images,
      what: 'a scanner of images',
      by: asking('images'),
      see: variables.images,
    },
    {
      can: can.secrets,
      what: 'a scanner for secrets',
      by: asking('secrets'),
      see: variables.secrets,
    },
    {
      can: can.tests,
      what: 'Docker for integration tests',
      by: asking('tests'),
      see: variables.tests,
    },
  ];
  return gates
    .filter((gate) => !gate.can && gate.by.length > 0)
    .map(
      ({ what, by, see }) =>
        `missing here: ${what}, which the policy asks for in ${by.join(', ')}: no release passes that gate here (${see})`,
    );
}

const variables = {
  images: 'SLIPWAY_TRIVY or SLIPWAY_OSV_SCANNER',
  secrets: 'SLIPWAY_GITLEAKS',
  tests: 'DOCKER_HOST',
};

async function unresolved(reference: string): Promise<string | undefined> {
  return resolveSecret(reference).then(() => undefined, whyOf);
}

function whyOf(error: unknown): string {
  if (error instanceof Failure) return error.details.detail;
  return error instanceof Error ? error.message : String(error);
}
