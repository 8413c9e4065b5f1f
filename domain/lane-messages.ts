import type { LaneAnswer, LaneDisposition, LaneMember } from './contract/lane.ts';
import type { Ticket } from './contract/release.ts';
import type { LaneEvent } from './lane-state.ts';
import { memberKindOf } from './run-kinds.ts';
import { longestReason } from './longest-reason.ts';
import { head } from './whole-text.ts';

/**
 * What came over the wire, read: anybody with access to Temporal can send anything, and what throws in a handler stops a workflow for ever.
 * Undefined for what is no such message.
 */

export function readJoin(said?: unknown): LaneEvent | undefined {
  const member = readMember(said);
  return member && { kind: 'join', member };
}

export function readClaim(said?: unknown, ticket?: unknown): LaneEvent | undefined {
  const member = readMember(said);
  const had = readTicket(ticket);
  return member && { kind: 'claim', member, ...(had && { had }) };
}

export function readLeave(said?: unknown): LaneEvent | undefined {
  const { releaseId, disposition } = fieldsOf(said);
  if (!isId(releaseId)) return undefined;
  if (disposition === 'step-back') return { kind: 'step-back', releaseId };
  const read = readDisposition(disposition);
  return read && { kind: 'leave', releaseId, disposition: read };
}

export function readAnswer(said?: unknown): LaneAnswer | undefined {
  const { kind, ticket, by, reason } = fieldsOf(said);
  const granted = readTicket(ticket);
  if (kind === 'granted') return granted && { kind, ticket: granted };
  if (kind === 'superseded') return isId(by) ? { kind, by } : undefined;
  if (kind === 'waiting') return isText(reason) ? { kind, reason: head(reason, longestReason.toRun) } : undefined;
  return kind === 'ask-again' ? { kind } : undefined;
}

/** Rollbacks pass holds and freezes, so that what a member says it is counts for nothing: its id does. */
function readMember(said: unknown): LaneMember | undefined {
  const { releaseId, commit, queue, joinedAt } = fieldsOf(said);
  if (!isId(releaseId) || !isCommit(commit) || !isTime(joinedAt)) return undefined;
  if (queue !== 'fifo' && queue !== 'supersede') return undefined;
  return { releaseId, commit, queue, joinedAt, kind: memberKindOf(releaseId) };
}

function readDisposition(said: unknown): LaneDisposition | undefined {
  const { kind, reason } = fieldsOf(said);
  if (kind === 'free') return { kind };
  return kind === 'hold' && isText(reason) ? { kind, reason: head(reason, longestReason.inLane) } : undefined;
}

function readTicket(said: unknown): Ticket | undefined {
  const { incarnation, n } = fieldsOf(said);
  return isCount(incarnation) && isCount(n) ? { incarnation, n } : undefined;
}

function fieldsOf(said: unknown): Record<string, unknown> {
  return typeof said === 'object' && said !== null ? (said as Record<string, unknown>) : {};
}

/** What the lane has heard it writes down, by a step that takes nothing else: what it could not write would stop it. */
function isId(said: unknown): said is string {
  return isText(said) && /^[\x21-\x7e]{1,500}$/.test(said);
}

function isCommit(said: unknown): said is string {
  return isText(said) && /^[0-9a-f]{40}$/.test(said);
}

function isTime(said: unknown): said is number {
  return typeof said === 'number' && said >= 0 && said <= Number.MAX_SAFE_INTEGER;
}

function isCount(said: unknown): said is number {
  return Number.isSafeInteger(said) && (said as number) >= 0;
}

function isText(said: unknown): said is string {
  return typeof said === 'string';
}
