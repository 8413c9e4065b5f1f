import type { PolicyFile } from '../pipeline/policy-schema.ts';
import { missingGateTools } from './missing-gate-tools.ts';
import { missingClusters, missingGates, missingLogins, missingPulls, missingTargets } from './missing-here.ts';
import type { Gates } from './missing-here.ts';
import type { PolicyOnDisk } from './policy-on-disk.ts';

/** Tells what is missing here for each kind of work, a line once in a process, however many kinds it does. Never rejects. */
export function createMissingTeller(policy: PolicyOnDisk, tell: (...lines: string[]) => void) {
  const told = new Set<string>();
  const tellOf = async (look: (content: PolicyFile) => Promise<string[]>): Promise<void> => {
    // Without a policy there is nothing to go by, which is told elsewhere.
    const lines = await policy
      .read()
      .then(({ content }) => look(content))
      .catch(() => []);
    for (const line of lines.filter((one) => !told.has(one))) {
      told.add(line);
      tell(line);
    }
  };
  const git = () => missingLogins('git', policy.gitLogins);
  const registries = () => missingLogins('registries', policy.registryLogins);
  return {
    gateway: () => tellOf(git),
    engine: () =>
      tellOf(async (content) => [...(await git()), ...(await registries()), ...(await missingTargets(content))]),
    build: (can: Gates) =>
      tellOf(async (content) => [
        ...(await git()),
        ...(await registries()),
        ...missingGates(content, can),
        ...(await missingGateTools(content)),
      ]),
    environment: (name: string, options: { kubeconfigDirectory?: string }) =>
      tellOf(async (content) => [
        ...(await missingClusters(content, name, options)),
        ...(await missingPulls(content, name)),
      ]),
  };
}
