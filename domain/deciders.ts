import type { OrderedOfLane } from './contract/lane.ts';
import type { KnownPeople } from './contract/people.ts';
import type { EnvironmentFloor } from './contract/policy.ts';
import type { ApprovalPolicy, Identity, ReleasePlan } from './contract/release.ts';
import { asKnown, refuseStranger } from './people.ts';

/** Who may decide about a run. */
export interface Deciders {
  /** Every one must allow it: the operator's, and the plan's where there is one. */
  policies: readonly ApprovalPolicy[];
  /** Groups that may decide all but approvals, whatever the plan says: by the operator's policy, as it is now. Absent: none. */
  onCall?: readonly string[];
  /** Whom that policy knows, as it is now; absent where it leaves that to the doors. */
  people?: KnownPeople;
}

/** By the policy on whoever's disk asks. What a plan says of who is on call is for people to read. */
export function decidersBy(
  { approval, onCall = {}, people }: Pick<EnvironmentFloor, 'approval' | 'onCall' | 'people'>,
  service: string,
  plan?: Pick<ReleasePlan, 'approval'>,
): Deciders {
  const groups = Object.hasOwn(onCall, service) ? onCall[service] : undefined;
  const policies = plan ? [approval, plan.approval] : [approval];
  return { policies, ...(groups && { onCall: groups }), ...(people && { people }) };
}

/** Where a policy asks for nobody, it keeps nobody from deciding what another asks about: the plan, say. */
export function asksNobody({ required, groups }: ApprovalPolicy): boolean {
  return !required && groups.length === 0;
}

/**
 * Who may approve what was put before people so long ago. By the clock of the records, in ms; absent where nobody knows how long that is: then
 * nobody may who may not from the beginning.
 */
export function approversBy(
  { groups, escalate }: Pick<ApprovalPolicy, 'groups' | 'escalate'>,
  waitedMs = 0,
): readonly string[] {
  if (escalate === undefined || waitedMs < escalate.afterMs) return groups;
  return [...new Set([...groups, ...escalate.groups])];
}

/** Why this person is none of those whom the policy names; undefined when they are. */
export function refuseOutsider({ groups }: { groups: readonly string[] }, by: Identity): string | undefined {
  if (isIn(groups, by)) return undefined;
  const [only] = groups;
  return only !== undefined && groups.length === 1
    ? `${by.id} is not in the group ${only}`
    : `${by.id} is in none of the groups ${groups.join(', ')}`;
}

/**
 * Why this person may not decide what follows a failure: roll back, accept it, have a step tried again, call a run off, clear what a run has
 * left of a lane. Undefined when they may: those on call, and whoever may approve, and anybody where nobody need approve.
 */
export function refuseFollowUp({ policies, onCall = [], people }: Deciders, who: Identity): string | undefined {
  const stranger = refuseStranger(who, people);
  if (stranger !== undefined) return stranger;
  const by = asKnown(who, people);
  if (isIn(onCall, by)) return undefined;
  return policies
    .filter(({ required }) => required)
    .map(({ groups }) => refuseOutsider({ groups: [...groups, ...onCall] }, by))
    .find((reason) => reason !== undefined);
}

/** What mends a lane after a failure is for those on call, too. Closing it, and opening what somebody has closed on purpose, is for those who may approve. */
const mends: Record<OrderedOfLane, boolean> = {
  freeze: false,
  unfreeze: false,
  'clear-hold': true,
  'clear-ticket': true,
  tell: true,
};

/** Who may order that of a lane, in the words of the rule below. */
export function whoMayOrder(order: OrderedOfLane): string {
  return `whoever may approve${mends[order] ? ', or is on call' : ''}`;
}

/** Why this person may not order that of a lane; undefined when they may. */
export function refuseLaneOrder(
  { onCall = [], ...asked }: Deciders,
  order: OrderedOfLane,
  by: Identity,
): string | undefined {
  return refuseFollowUp({ ...asked, ...(mends[order] && { onCall }) }, by);
}

/** Who is looked to when a run waits for somebody after a failure; none where the policy names nobody. */
export function lookedTo(run: { onCall?: readonly string[]; approval?: ApprovalPolicy }): readonly string[] {
  return run.onCall ?? run.approval?.groups ?? [];
}

function isIn(groups: readonly string[], by: Identity): boolean {
  return by.groups.some((group) => groups.includes(group));
}
