import type { LaneKey } from './contract/names.ts';
import type { Commit } from './contract/release.ts';
import { rights } from './contract/rights.ts';
import type { Caller, Grant, LaneAccess, LaneRights, Right, Sight } from './contract/rights.ts';

/** What is to be started; absent for the other rights. */
export interface Started {
  branch: string;
  commit: Commit;
}

/** Why somebody may not do that in a lane that they may look at; undefined when they may. */
export function refuseRight(
  { who, grants }: Caller,
  right: Right,
  { access = {}, ...lane }: LaneAccess,
  started?: Started,
): string | undefined {
  const where = `${lane.service} in ${lane.environment}`;
  const groups = right === 'decide' ? undefined : access[right];
  if (groups && !who.groups.some((group) => groups.includes(group)))
    return `${who.id} is in none of the groups that may ${right} ${where}: ${groups.join(', ')}`;
  if (!grants) return undefined;
  const there = grants.filter((grant) => isOf(grant, right, lane));
  if (there.length === 0) return `this credential of ${who.id} is not good for that: to ${right} ${where}`;
  const [grant] = there;
  if (!started || !grant || there.some((one) => lets(one, started))) return undefined;
  return `this credential of ${who.id} is good for ${whatIn(grant)} alone, and not for ${whatIn(started)}`;
}

/** What the policy has no more is for whoever may look at all that it has: it says of nobody that they may. */
export function sightOf(caller: Caller, lanes: readonly LaneAccess[]): Sight {
  const seen = lanes.filter((lane) => refuseRight(caller, 'look', lane) === undefined);
  const isNarrow = caller.grants && !caller.grants.some(isToLookAnywhere);
  return seen.length === lanes.length && !isNarrow ? 'everything' : seen;
}

/** In each lane that somebody may look at, what they may, by the same rule as they are refused by. */
export function rightsIn(caller: Caller, lanes: readonly LaneAccess[]): LaneRights[] {
  return lanes.flatMap((lane) => {
    const may = rights.filter((right) => refuseRight(caller, right, lane) === undefined);
    const { service, environment } = lane;
    return may.includes('look') ? [{ service, environment, may }] : [];
  });
}

export function isInSight(sight: Sight, { service, environment }: LaneKey): boolean {
  return sight === 'everything' || sight.some((lane) => lane.service === service && lane.environment === environment);
}

function isOf({ rights, services, environments }: Grant, right: Right, { service, environment }: LaneKey): boolean {
  return (
    rights.includes(right) && (services?.includes(service) ?? true) && (environments?.includes(environment) ?? true)
  );
}

function isToLookAnywhere({ rights, services, environments }: Grant): boolean {
  return rights.includes('look') && !services && !environments;
}

function lets({ branch, commit }: Grant, started: Started): boolean {
  return (branch ?? started.branch) === started.branch && (commit ?? started.commit) === started.commit;
}

function whatIn({ branch, commit }: Partial<Started>): string {
  return [...(commit === undefined ? [] : [commit]), ...(branch === undefined ? [] : [`of ${branch}`])].join(' ');
}
