import type { StartProblem } from '../../domain/start-up.ts';
import type { LoginLook } from './login-look.ts';
import { roleOf } from './rights.ts';
import type { ProcessKind } from './rights.ts';

/** What a process is at work as; `environment` with which one. */
export type ProcessRole = { kind: Exclude<ProcessKind, 'environment'> } | { kind: 'environment'; environment: string };

const next =
  'Give SLIPWAY_RECORDS_URL of this process the login of its kind (docs/operations.md#roles-in-the-database), and this login no more rights.';
const ofOneEnvironment = `${roleOf('environment')}_`;

/** Why a process may not begin with this login. Nothing where one role is for all processes. */
export function loginProblems(login: LoginLook, roles: readonly ProcessRole[]): StartProblem[] {
  if (!login.hasRoles) return [];
  const { who, isOwner } = login;
  if (isOwner)
    return [{ says: `SLIPWAY_RECORDS_URL: ${who} owns the schema slipway, and no process may change all of it`, next }];
  return roles.flatMap((role) => lacking(login, role).map((says) => ({ says: `SLIPWAY_RECORDS_URL: ${says}`, next })));
}

function lacking({ who, groups }: LoginLook, role: ProcessRole): string[] {
  const needed = roleOf(role.kind);
  const found = groups.length === 0 ? 'no group of slipway' : groups.join(', ');
  if (!groups.includes(needed)) return [`${who} is in ${found}; the role ${role.kind} needs ${needed}`];
  if (role.kind !== 'environment') return [];
  const own = groups.filter((group) => group.startsWith(ofOneEnvironment));
  const wanted = `${ofOneEnvironment}${role.environment}`;
  if (own.length === 0 || own.includes(wanted)) return [];
  return [`${who} is in ${own.join(', ')} and writes for no other environment; this process is of ${role.environment}`];
}
