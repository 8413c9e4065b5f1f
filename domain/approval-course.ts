import type { ApprovalPolicy, Millis } from './contract/release.ts';
import type { WaitingFor } from './contract/status.ts';
import { approversBy } from './deciders.ts';

/** So often people are reminded of one plan at most: a history does not grow with how long nobody looks. */
export const mostReminders = 10;

/** What people are told while nobody decides, so long after a plan was put before them. */
export type Nudge = { kind: 'remind'; number: number; afterMs: Millis } | { kind: 'escalate'; afterMs: Millis };

/** In their order. Whoever was reminded in vain is reminded no more once others may approve. What would come when the wait is over never does. */
export function nudgesOf({ remindMs, escalate, expiresMs }: ApprovalPolicy): Nudge[] {
  const escalates = escalate !== undefined && escalate.afterMs < expiresMs;
  const end = escalates ? escalate.afterMs : expiresMs;
  const times = remindMs ? Math.min(mostReminders, Math.ceil(end / remindMs) - 1) : 0;
  const reminders = Array.from({ length: Math.max(0, times) }, (_, n): Nudge => {
    return { kind: 'remind', number: n + 1, afterMs: (n + 1) * (remindMs ?? 0) };
  });
  return [...reminders, ...(escalates ? [{ kind: 'escalate', afterMs: escalate.afterMs } as const] : [])];
}

/** What was due last of a plan that has waited so long; undefined before there was anything. */
export function lastNudge(policy: ApprovalPolicy, waitedMs: Millis): Nudge | undefined {
  return nudgesOf(policy).findLast(({ afterMs }) => afterMs <= waitedMs);
}

/** Who can move an approval at this time, until when, and what comes next. */
export function waitForApproval(
  policy: ApprovalPolicy,
  { askedAt, now }: { askedAt: Millis; now: Millis },
): WaitingFor {
  const { expiresMs, escalate } = policy;
  const waitedMs = now - askedAt;
  const ahead = nudgesOf(policy).filter(({ afterMs }) => afterMs > waitedMs);
  const reminder = ahead.find(({ kind }) => kind === 'remind');
  const widening = ahead.find(({ kind }) => kind === 'escalate');
  return {
    what: 'approval',
    who: approversBy(policy, waitedMs).join(', '),
    until: askedAt + expiresMs,
    decisions: ['approve', 'reject'],
    since: askedAt,
    ...(reminder && { remindsAt: askedAt + reminder.afterMs }),
    ...(widening && escalate && { widens: { at: askedAt + widening.afterMs, to: escalate.groups } }),
  };
}

/** How long nobody has decided, and what comes next; undefined where the run does not tell. */
export function courseInWords(
  { since, remindsAt, widens, until }: WaitingFor,
  now: Millis,
  time: (at: Millis) => string = isoTime,
): string | undefined {
  if (since === undefined) return undefined;
  const parts = [
    `undecided for ${waitInWords(now - since)}`,
    ...(remindsAt === undefined ? [] : [`next reminder at ${time(remindsAt)}`]),
    ...(widens ? [`from ${time(widens.at)} also ${widens.to.join(', ')} may approve`] : []),
    ...(until === undefined ? [] : [`it ends at ${time(until)}`]),
  ];
  return parts.join('; ');
}

/** `40 min`, `2 h 05 min`, `3 d 4 h`: whole minutes. */
export function waitInWords(ms: Millis): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

function isoTime(at: Millis): string {
  return new Date(at).toISOString();
}
