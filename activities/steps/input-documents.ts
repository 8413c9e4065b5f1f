import { z } from 'zod';
import { decisionKinds } from '../../domain/contract/decisions.ts';
import { stages } from '../../domain/contract/status.ts';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import type { Agreeing } from './input-agreement.ts';
import { commit, count, hash, id, image, lane, line, millis, name, names, text, ticket, told } from './input-fields.ts';

/** What travels through workflows as a whole: what people signed, what a lane remembers, how a run stands and has ended. */

const signed = { keyId: z.string().max(200), signature: z.string().max(1_000) };

const identity = z.strictObject({
  id: line,
  via: line,
  groups: z.array(line).max(1_000),
  emails: z.array(line).max(1_000).exactOptional(),
  behind: line.exactOptional(),
});

const decisionKind = z.enum(decisionKinds);

/** Strict, since a signature is over the whole: what is left out could not be verified. */
export const signedDecision = z.strictObject({
  decision: z.strictObject({
    id,
    kind: decisionKind,
    releaseId: id,
    planHash: z.union([hash, z.literal('')]),
    by: identity,
    channel: line,
    decidedAt: millis,
    reason: text,
    regions: names.exactOptional(),
    run: id.exactOptional(),
    expiresAt: millis.exactOptional(),
  }),
  ...signed,
});

const anOrder = { id: line, lane, by: line, at: millis, reason: text };

export const signedOrder = z.strictObject({
  order: z.discriminatedUnion('kind', [
    z.strictObject({ ...anOrder, kind: z.literal('freeze'), until: millis.exactOptional() }),
    z.strictObject({ ...anOrder, kind: z.literal('unfreeze'), lifts: line }),
    z.strictObject({ ...anOrder, kind: z.literal('clear-hold'), lifts: line, of: line.exactOptional() }),
    z.strictObject({ ...anOrder, kind: z.literal('clear-ticket'), ticket: line }),
  ]),
  ...signed,
});

export const laneMember = z.strictObject({
  releaseId: id,
  kind: z.enum(['release', 'rollback']),
  commit,
  queue: z.enum(['supersede', 'fifo']),
  joinedAt: millis,
});

const passage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rollback') }),
  z.strictObject({ kind: z.literal('run'), releaseId: id }),
]);

const laneClosure = z.strictObject({
  id: line,
  kind: z.enum(['hold', 'freeze', 'window']),
  scope: lane,
  from: millis,
  until: millis.exactOptional(),
  passes: z.array(passage).max(100),
  by: line,
  reason: text,
  unprovenKey: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .exactOptional(),
});

/** What whoever runs under a lane's id says of it. */
export const laneStatus = z.object({
  holder: z.object({ releaseId: id, ticket, since: millis }).exactOptional(),
  queue: z.array(laneMember.extend({ claiming: z.boolean() })).max(10_000),
  closures: z.array(laneClosure).max(5_000),
  lastTicket: ticket,
});

export const laneFence = { incarnation: count, sequence: count };

export const laneMemory = z.strictObject({
  holder: z.strictObject({ member: laneMember, ticket, since: millis }).exactOptional(),
  closures: z.array(laneClosure).max(5_000),
  waiting: z.array(id).max(20_000),
});

const blame = z.enum(['release', 'operator', 'world']);
const failureDetails = z.object({
  code: told,
  kind: z.enum(['retryable', 'terminal', 'unknown']),
  blame,
  title: told,
  next: told,
  detail: told,
  final: z.literal(true).exactOptional(),
  inconclusive: z.literal(true).exactOptional(),
  stops: z.literal(true).exactOptional(),
  lookAgain: z.literal(true).exactOptional(),
});

const regionPhase = z.enum([
  'pending',
  'deploying',
  'deployed',
  'verified',
  'unproven',
  'failed',
  'interrupted',
  'rolling-back',
  'rolled-back',
  'partly-back',
  'unknown',
  'unchanged',
]);
const componentStatus = z.object({
  component: name,
  image,
  phase: regionPhase,
  since: z.number().exactOptional(),
  note: told,
});
const regionStatus = z.object({
  region: name,
  phase: regionPhase,
  begunAt: z.number().exactOptional(),
  since: z.number().exactOptional(),
  note: told.exactOptional(),
  components: z.array(componentStatus).max(1_000),
});

const regions = z.array(regionStatus).max(1_000);
const artifacts = z
  .array(
    z.object({
      component: name,
      image,
      origin: z.enum(['built', 'given', 'unchanged', 'promoted']),
      promoted: z.object({ environment: name, releaseId: id }).exactOptional(),
      given: z.literal(true).exactOptional(),
    }),
  )
  .max(1_000);
const timings = z
  .array(z.object({ stage: z.enum(stages), startedAt: millis, endedAt: millis.exactOptional() }))
  .max(10_000);

/**
 * How a run says that it has ended. Kept for people to read, with what other steps and the outside world have said in it: what is not known here
 * is left out, so that no end goes unrecorded for a field too many.
 */
export const releaseResult = z.object({
  outcome: z.string().min(1).max(100),
  summary: told,
  planHash: hash.exactOptional(),
  artifacts,
  regions,
  timings,
  failure: failureDetails.exactOptional(),
});

const check = z.object({
  name: told,
  verdict: z.enum(['pass', 'fail', 'inconclusive']),
  summary: told,
  blame: blame.exactOptional(),
  unseen: name.exactOptional(),
});

const log = z.array(z.object({ at: millis, line: told })).max(1_000);
const checks = z.array(check).max(10_000);
export const runReport = z.object({ log, checks });

const migration = z.object({
  database: name,
  region: name,
  component: name,
  pending: z.array(told).max(1_000),
  count,
  contracting: z.array(told).max(10_000),
  unplanned: z.boolean(),
  timeoutMs: millis,
});
const waitingFor = z.object({
  what: told,
  who: told,
  until: millis.exactOptional(),
  decisions: z.array(decisionKind).max(20).exactOptional(),
  since: millis.exactOptional(),
  remindsAt: millis.exactOptional(),
  widens: z.object({ at: millis, to: z.array(told).max(1_000) }).exactOptional(),
});
const failingStep = z.object({
  step: told,
  failure: failureDetails,
  since: millis,
  triedAgainAt: millis,
  heldUntil: millis.exactOptional(),
});

const status = z.object({
  releaseId: id,
  stage: z.enum(stages),
  doing: told,
  waitingFor: waitingFor.exactOptional(),
  planHash: hash.exactOptional(),
  artifacts,
  migrations: z.array(migration).max(1_000),
  regions,
  checks,
  timings,
  approvals: z.array(z.object({ by: told, at: millis, channel: told })).max(1_000),
  warnings: z.array(told).max(1_000).exactOptional(),
  failure: failureDetails.exactOptional(),
  failing: z.array(failingStep).max(1_000).exactOptional(),
  ticket: ticket.exactOptional(),
  log,
});

/** How a run says that it stands. */
export const releaseStatus: Agreeing<ReleaseStatus, typeof status> = status;
