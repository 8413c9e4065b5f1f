import type { LoginReferences } from '../activities/shared/logins.ts';
import { registryHost } from '../domain/images.ts';
import type { Policy } from '../pipeline/index.ts';
import { policyInForce, type PolicyInForceOptions } from './policy-in-force.ts';

/**
 * The operator's policy that is in force on this machine. Looked at anew by each method: a change counts at once. They throw SLIP-CFG-2 when
 * there was never a valid one.
 */
export interface PolicyOnDisk {
  read(): Promise<Policy>;
  /** What is wrong with the file while an earlier policy stays in force, in one line. Never throws: what was never valid is a problem too. */
  problem(): Promise<string | undefined>;
  /** Every registry that the policy names, whether there is a login for it or not. */
  registryHosts(): Promise<string[]>;
  registryLogins: LoginReferences;
  gitLogins: LoginReferences;
}

/** What GitHub takes with any of its tokens. GitLab looks at the token alone. */
const gitUsername = 'x-access-token';

export function policyOnDisk(path: string, options: Omit<PolicyInForceOptions, 'path'> = {}): PolicyOnDisk {
  const inForce = policyInForce({ path, ...options });
  const read = async () => (await inForce.look()).policy;
  return {
    read,
    problem: () =>
      inForce.look().then(
        ({ problem }) => problem,
        (error: unknown) => (error instanceof Error ? error.message : String(error)).replace(/(?<!\s)\s*\n\s*/g, '; '),
      ),
    registryHosts: async () => {
      const { environments, registries = {} } = (await read()).content;
      const named = Object.values(environments).flatMap(({ registry, imagesFrom = [] }) => [registry, ...imagesFrom]);
      return [...new Set([...Object.keys(registries), ...named.map(registryHost)])];
    },
    registryLogins: async () => (await read()).content.registries ?? {},
    gitLogins: async () => {
      const { git = {} } = (await read()).content;
      return Object.fromEntries(
        Object.entries(git).map(([host, { username = gitUsername, password }]) => [host, { username, password }]),
      );
    },
  };
}
