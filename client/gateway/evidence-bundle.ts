import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Attempt } from '../../activities/records/port.ts';
import { createVerifier } from '../../activities/shared/signatures.ts';
import type { Signer } from '../../activities/shared/signatures.ts';
import { authorsOf } from '../../activities/steps/authors.ts';
import { signedDecision, signedOrder } from '../../activities/steps/input-documents.ts';
import { planHashOf, plannedSince, reportOf, resultOf } from '../../activities/steps/recorded-result.ts';
import { changedBy } from '../../activities/steps/touching.ts';
import { isNo, mayHaveWritten } from '../../domain/approval.ts';
import type {
  BundledDecision,
  BundledEnd,
  BundledRequest,
  EvidenceBundle,
} from '../../domain/contract/evidence-bundle.ts';
import type { EvidenceLog, ReleaseEvidence } from '../../domain/contract/kept-evidence.ts';
import type { SignedLaneOrder } from '../../domain/contract/lane.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import type { Sight } from '../../domain/contract/rights.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import {
  authors,
  judgedPlan,
  schemaChange,
  signedRequest,
  verified as verifiedRow,
} from '../answers/evidence-bundle.ts';
import type { GatewayParts } from './calls.ts';
import { decisionWithoutAddresses, requestWithoutAddresses } from './evidence-addresses.ts';
import { auditedRows } from './evidence-audit.ts';
import { roomFor } from './evidence-room.ts';
import type { Room } from './evidence-room.ts';
import { keptWithLogs } from './kept-evidence.ts';
import { canonicalBytes } from './turns.ts';

/**
 * What is on record of one release, as it is: whoever reads it checks it himself. What is needed to tell who has allowed what comes first, so that it is
 * never what does not fit. `sight`: what whoever asks may look at.
 */
export async function evidenceBundle(
  parts: GatewayParts,
  { attempt, sight }: { attempt: Attempt; sight: Sight },
): Promise<EvidenceBundle> {
  const { records, signer, now } = parts;
  const { releaseId: id, number, request } = attempt;
  const { service, environment } = request;
  const room = roomFor();
  const asked = await requestOf(parts, room, attempt);
  const { decisions, wrote } = await decisionsOf(parts, room, id);
  const planned = await plansOf(parts, room, { attempt, decisions });
  const end = await endOf(parts, room, attempt);
  const verified = await ofForm(room, 'what was verified', verifiedRow, await records.inventory.of(id));
  if (verified.length === 0 && meaningOf(attempt.outcome).proven)
    room.lacks('what was verified', 'none of it is on record, or all of it was revoked since');
  const changes = (await records.schema.list({ service, environment })).filter((change) => change.releaseId === id);
  const migrations = await ofForm(room, 'what was done to databases', schemaChange, changes);
  const orders = await ofForm(room, 'orders of the lane', signedOrder, await ordersAbout(parts, attempt));
  const changed = await room.takeFirst('what it has changed', await changedBy(records, id));
  const { audit, statements } = await auditedRows(parts, room, { attempt, sight });
  const evidence = await keptOf(parts, room, id);
  return {
    ...{ kind: 'slipway.evidence', version: 1, madeAt: now() },
    release: { id, number, service, environment },
    ...(asked && { request: asked }),
    ...planned.found,
    ...(planned.excludesAuthors && { wrote }),
    decisions,
    orders,
    changed,
    ...(end && { end }),
    verified,
    migrations,
    ...evidence,
    audit,
    statements,
    keyIds: keysOf([...(asked ? [asked] : []), ...decisions, ...orders, ...statements], signer),
    missing: room.missing,
  };
}

function keysOf(signed: readonly { keyId: string }[], { publicKeyPem }: Pick<Signer, 'publicKeyPem'>): string[] {
  const own = createVerifier([publicKeyPem]).keyIds;
  return [...new Set([...own, ...signed.map(({ keyId }) => keyId)])].sort();
}

const ofNoForm = 'what is on record is of no form that Slipway writes';

async function requestOf(
  { verifier }: GatewayParts,
  room: Room,
  { signed }: Attempt,
): Promise<BundledRequest | undefined> {
  if (signed && isOf(signedRequest, signed))
    return room.take('request', requestWithoutAddresses(signed, verifier.verifyRequest(signed)));
  return void room.lacks('request', signed ? ofNoForm : 'a gateway of before has taken it, which signed none');
}

/** Whoever may write to the records may have put there anything: what readers of the file would not take is named, and not in it. */
function isOf(schema: z.ZodType, value: unknown): boolean {
  return schema.safeParse(value).success;
}

async function ofForm<Value>(room: Room, what: string, schema: z.ZodType, values: readonly Value[]): Promise<Value[]> {
  const known = values.filter((value) => isOf(schema, value));
  if (known.length < values.length)
    room.lacks(`${what}: ${values.length - known.length} of ${values.length}`, ofNoForm);
  return room.takeFirst(what, known);
}

/** As they are on record, also those whose key nobody here knows any more: whoever checks may. `wrote`: who of them has written what is released, or may have. */
async function decisionsOf(
  { records, verifier }: GatewayParts,
  room: Room,
  id: string,
): Promise<{ decisions: BundledDecision[]; wrote: string[] | 'unknown' }> {
  const found = await records.decisions.weigh(id);
  const known = found.filter(({ decision, keyId, signature }) => isOf(signedDecision, { decision, keyId, signature }));
  if (known.length < found.length) room.lacks(`decisions: ${found.length - known.length} of ${found.length}`, ofNoForm);
  const written = await authorsOf(records.plans, id);
  const isOfAuthors = isOf(authors, written) && written !== 'unknown';
  const people = known.map(({ decision }) => decision.by);
  const shown = known.map((signed) => decisionWithoutAddresses(signed, verifier.verify(signed)));
  return {
    decisions: await room.takeFirst('decisions', shown),
    wrote: isOfAuthors
      ? [...new Set(people.filter((by) => mayHaveWritten(written, by)).map((by) => by.id))].sort()
      : 'unknown',
  };
}

/** The plan in force, and each that somebody has approved or refused: of this very release, whatever else somebody has put in its place. */
async function plansOf(
  { records: { plans } }: GatewayParts,
  room: Room,
  { attempt, decisions }: { attempt: Attempt; decisions: readonly BundledDecision[] },
): Promise<{ found: Pick<EvidenceBundle, 'plans' | 'planHash' | 'plannedAt'>; excludesAuthors: boolean }> {
  const { releaseId: id, request } = attempt;
  const planHash = await planHashOf(plans, id);
  const decided = decisions.flatMap(({ decision: { kind, planHash: hash } }) =>
    hash !== '' && (kind === 'approve' || isNo(kind)) ? [hash] : [],
  );
  const found: { hash: string; plan: ReleasePlan }[] = [];
  for (const hash of new Set([...(planHash === undefined ? [] : [planHash]), ...decided])) {
    const name = hash === planHash ? `the plan in force, ${hash}` : `the plan ${hash}`;
    const plan = await plans.find(hash);
    if (!plan) room.lacks(name, 'it is on record no more');
    else if (!isPlanOf(plan, request)) room.lacks(name, 'what is on record under its hash is not of this release');
    else if (sha256Of(await canonicalBytes(plan)) !== hash)
      room.lacks(name, 'what is on record under its hash has another');
    else if (!isOf(judgedPlan, plan)) room.lacks(name, ofNoForm);
    else {
      const taken = await room.take(name, { hash, plan });
      if (taken) found.push(taken);
    }
  }
  if (planHash === undefined) return { found: { plans: found }, excludesAuthors: false };
  const plannedAt = await plannedSince(plans, id, planHash);
  if (plannedAt === undefined) room.lacks('since when the plan was before people', 'it is not on record');
  return {
    found: { plans: found, planHash, ...(plannedAt !== undefined && { plannedAt }) },
    excludesAuthors: found.some(({ hash, plan }) => hash === planHash && plan.approval.excludeAuthors),
  };
}

function isPlanOf(plan: ReleasePlan, { service, environment, commit }: Attempt['request']): boolean {
  return plan.service === service && plan.environment === environment && plan.commit === commit;
}

async function endOf(
  { records: { plans } }: GatewayParts,
  room: Room,
  { releaseId: id, outcome, summary = '', endedAt }: Attempt,
): Promise<BundledEnd | undefined> {
  if (outcome === undefined) return void room.lacks('end', 'it has not ended');
  const [result, report] = await Promise.all([resultOf(plans, id), reportOf(plans, id)]);
  if (!result) room.lacks('what the run has told of its end', 'it was ended from outside, and has told nothing');
  if (!report) room.lacks('checks and log', 'the run has kept none');
  const told = result && (await room.take('what the run has told of its end', result));
  const checks = report && (await room.take('checks', report.checks));
  const log = report && (await room.take('log', report.log));
  return {
    ...{ outcome, summary },
    ...(endedAt !== undefined && { endedAt }),
    ...(told && { result: told }),
    ...(checks && { checks }),
    ...(log && { log }),
  };
}

/** Which of its holds were cleared. */
async function ordersAbout(
  { records }: GatewayParts,
  { releaseId, request: { service, environment } }: Attempt,
): Promise<SignedLaneOrder[]> {
  const { orders } = await records.closings.list({ service, environment });
  return orders.flatMap(({ signed }) =>
    signed.order.kind === 'clear-hold' && signed.order.of === releaseId ? [signed] : [],
  );
}

/** What it was checked with, and the logs that belong to it. */
async function keptOf(
  parts: GatewayParts,
  room: Room,
  id: string,
): Promise<{ kept?: ReleaseEvidence; logs: EvidenceLog[] }> {
  const { evidence, logs: found } = await keptWithLogs(parts, id);
  const kept = await room.take('what scans, tests and migrations have come to', evidence);
  const logs: EvidenceLog[] = [];
  for await (const log of found) {
    const taken = await room.take(`the log ${log.of}`, log);
    if (taken) logs.push(taken);
    if (log.leftOut !== undefined)
      room.lacks(`the log ${log.of}`, `it is longer: ${log.leftOut} bytes at its beginning`);
  }
  return { ...(kept && { kept }), logs };
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
