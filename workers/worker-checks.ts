import type { Policy } from '../pipeline/index.ts';
import { parseRoles } from './roles.ts';
import type { Role } from './roles.ts';
import { everyProcess, git, unreadable } from './common-checks.ts';
import { recordsLogin } from './compose-login.ts';
import { problemOf } from './start-checks.ts';
import type { StartCheck } from './start-checks.ts';

/** What a worker of these roles begins with. `roles`: as they were said. */
export function workerChecks(roles: string): StartCheck[] {
  const asked = rolesIn(roles);
  const changes = asked.some(({ kind }) => kind === 'environment');
  return [
    ...everyProcess,
    () =>
      problemOf(
        () => parseRoles(roles),
        'Say them as the first argument, or in SLIPWAY_ROLES: engine,build,environment:production.',
      ),
    recordsLogin(asked),
    ...(asked.some(({ kind }) => kind !== 'environment') ? [git] : []),
    ...(changes ? [environmentsOf(asked), kubeconfigs] : []),
  ];
}

function rolesIn(text: string): Role[] {
  try {
    return parseRoles(text);
  } catch {
    return [];
  }
}

/** An environment that the policy does not name has no clusters, and nobody asks its worker for anything. */
function environmentsOf(roles: readonly Role[]): StartCheck {
  return async ({ policy }) => {
    const known = await namedIn(policy());
    if (known === undefined) return [];
    const asked = roles.flatMap((role) => (role.kind === 'environment' ? [role.environment] : []));
    return asked
      .filter((environment) => !known.includes(environment))
      .map((environment) => ({
        says: `the role environment:${environment} is of an environment that the policy does not name; it names ${known.join(', ')}`,
        next: `Correct the role, or add ${environment} to \`environments\` of the policy.`,
      }));
  };
}

/** Undefined where there is no policy to go by, which is told beside. */
async function namedIn(policy: Promise<Policy> | undefined): Promise<string[] | undefined> {
  const read = await policy?.catch(() => undefined);
  return read && Object.keys(read.content.environments);
}

const kubeconfigs: StartCheck = ({ set }) => unreadable('SLIPWAY_KUBECONFIG_DIR', set.SLIPWAY_KUBECONFIG_DIR);
