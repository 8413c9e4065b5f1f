import type { LaneKey } from './contract/names.ts';
import type { ApprovalPolicy, Millis } from './contract/release.ts';
import { approversBy, asksNobody, lookedTo } from './deciders.ts';

/** What a plan asks for, and what the policy of whoever tells it asks for. Each is asked of whoever decides. */
export interface Approvals {
  planned: ApprovalPolicy;
  now: ApprovalPolicy;
  /** How long the plan has been before people, ms; absent: who may from the beginning is asked about. */
  waitedMs?: Millis;
}

/** The lists that count: whoever decides is in a group of each. None: anybody. */
type Asked = Partial<Record<'planned' | 'now', readonly string[]>>;

/** Who may approve, where nothing else keeps them from it. */
export function approversAsked({ planned, now, waitedMs }: Approvals): Asked {
  return narrowed({
    ...(!asksNobody(planned) && { planned: approversBy(planned, waitedMs) }),
    ...(!asksNobody(now) && { now: approversBy(now, waitedMs) }),
  });
}

/** Who may decide what follows a failure, where nobody is on call. */
export function decidersAsked({ planned, now }: Approvals): Asked {
  return narrowed({ ...(planned.required && { planned: planned.groups }), ...(now.required && { now: now.groups }) });
}

/** The groups of who may approve. */
export function approversInWords(approvals: Approvals): string {
  return inWords(approversAsked(approvals));
}

/** Whether there may be nobody who is in a group of each. */
export function mayBeNobody(approvals: Approvals): boolean {
  const { planned, now } = approversAsked(approvals);
  return planned !== undefined && now !== undefined && !now.some((group) => planned.includes(group));
}

/** `2 of release-managers`: so many as end the wait, which is of the plan. */
export function wantedInWords(approvals: Approvals): string {
  const { required, quorum } = approvals.planned;
  return `${Math.max(required ? quorum : 0, 1)} of ${approversInWords(approvals)}`;
}

/** Who is looked to about a failure. `onCall`: of the service, by the policy of whoever tells it. */
export function decidersInWords({ onCall, ...approvals }: Approvals & { onCall?: readonly string[] }): string {
  return onCall ? lookedTo({ onCall }).join(', ') : inWords(decidersAsked(approvals));
}

/** To whoever would approve a plan all the same. */
export function notLetInWords({ service, environment }: LaneKey): string {
  return `The policy that this gateway has does not let ${service} into ${environment}: a plan that is approved all the same is refused before anything is changed.`;
}

function inWords({ planned, now }: Asked): string {
  if (!planned || !now) return (now ?? planned ?? []).join(', ');
  return `those who are both in ${now.join(', ')} (by this gateway's policy) and in ${planned.join(', ')} (by the plan)`;
}

/** Whoever is in one of fewer groups is in one of more. */
function narrowed({ planned, now }: Asked): Asked {
  if (!planned || !now) return { ...(planned && { planned }), ...(now && { now }) };
  if (isWithin(now, planned)) return { now };
  return isWithin(planned, now) ? { planned } : { planned, now };
}

function isWithin(groups: readonly string[], others: readonly string[]): boolean {
  return groups.length > 0 && groups.every((group) => others.includes(group));
}
