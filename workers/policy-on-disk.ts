import { readFile } from 'node:fs/promises';
import type { LoginReferences } from '../activities/shared/logins.ts';
import { loadPolicy, problemsFailure } from '../pipeline/index.ts';
import type { Policy } from '../pipeline/index.ts';

/** The operator's policy on this machine's disk. Read anew by each method: a change counts at once. They throw SLIP-CFG-2. */
export interface PolicyOnDisk {
  read(): Promise<Policy>;
  registryLogins: LoginReferences;
  gitLogins: LoginReferences;
}

/** What GitHub takes with any of its tokens. GitLab looks at the token alone. */
const gitUsername = 'x-access-token';

export function policyOnDisk(path: string): PolicyOnDisk {
  const read = async () => {
    const loaded = loadPolicy(await readFile(path), path);
    if (!loaded.ok) throw problemsFailure('SLIP-CFG-2', loaded.problems);
    return loaded.policy;
  };
  return {
    read,
    registryLogins: async () => (await read()).content.registries ?? {},
    gitLogins: async () => {
      const { git = {} } = (await read()).content;
      return Object.fromEntries(
        Object.entries(git).map(([host, { username = gitUsername, password }]) => [host, { username, password }]),
      );
    },
  };
}
