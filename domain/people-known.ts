import type { LaneKey } from './contract/names.ts';
import type { ApprovalPolicy, Identity } from './contract/release.ts';
import { inShort } from './migration-plan.ts';

/** Whom the operator's policy asks for about one lane. `onCall`: absent where nobody is. */
export interface AskedOf {
  lane: LaneKey;
  approval: ApprovalPolicy;
  onCall?: readonly string[];
}

/** Everybody who is known, and groups of which others tell who is in them: whether somebody is there cannot be seen. */
export interface Everybody {
  people: readonly Pick<Identity, 'id' | 'groups'>[];
  toldOutside?: readonly string[];
}

/**
 * Groups that the policy names and that nobody who is known is in, and lanes that too few may approve: nothing else says so before somebody is
 * refused, at the worst time.
 */
export function missingPeople(asked: readonly AskedOf[], known: Everybody): string[] {
  const groups = new Set([...known.people.flatMap((one) => one.groups), ...(known.toldOutside ?? [])]);
  const named = asked.flatMap(({ lane, approval, onCall = [] }) => [
    ...(approval.required ? approval.groups : []).map((group) => ({ group, role: 'may approve', lane })),
    ...onCall.map((group) => ({ group, role: 'is on call', lane })),
  ]);
  const missing = named.filter(({ group }) => !groups.has(group));
  const alike = Map.groupBy(missing, ({ group, role }) => `nobody is in ${group}, which ${role} for `);
  return [
    ...[...alike].map(([begins, those]) => `${begins}${inShort(those.map(({ lane }) => laneInWords(lane)))}`),
    ...asked.flatMap((one) => tooFew(one, known)),
  ];
}

/** One alone of whom nobody is there is told by the group. */
function tooFew(
  { lane, approval: { required, quorum, groups } }: AskedOf,
  { people, toldOutside = [] }: Everybody,
): string[] {
  if (groups.some((group) => toldOutside.includes(group))) return [];
  const may = new Set(people.filter((one) => one.groups.some((group) => groups.includes(group))).map(({ id }) => id));
  if (!required || may.size === 0 || may.size >= quorum) return [];
  return [`${quorum} must approve for ${laneInWords(lane)}, and ${may.size} is known of ${groups.join(', ')}`];
}

function laneInWords({ service, environment }: LaneKey): string {
  return `${service} in ${environment}`;
}
