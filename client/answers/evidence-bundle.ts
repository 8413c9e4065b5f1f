import { z } from 'zod';
import type { ChainedEntry } from '../../domain/audit-chain.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
import type {
  BundledChain,
  BundledDecision,
  BundledEnd,
  BundledRequest,
  EvidenceBundle,
  Missing,
  SignedEvidence,
} from '../../domain/contract/evidence-bundle.ts';
import type { ChainEnds, SignedChainEnds } from '../../domain/contract/evidence.ts';
import type { LaneOrder, SignedLaneOrder } from '../../domain/contract/lane.ts';
import type { Identity, ReleaseRequest, SchemaChange } from '../../domain/contract/release.ts';
import type { SignedRequest, TakenRequest } from '../../domain/contract/requests.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { evidenceLog, releaseEvidence } from './evidence.ts';
import { failureDetails } from './failures.ts';
import { asWritten, count, fieldsOf, hash, image, table, text, texts, time } from './fields.ts';
import { verifiedRelease } from './lanes.ts';
import { plan } from './plans.ts';
import { checks, decisionKind, log, releaseStatus } from './release-status.ts';

/*
 * The evidence file. It is checked as it came, whatever is in it beside these fields: a gateway that is newer may say more.
 */

const withAddresses = z.enum(['holds', 'does not hold']).exactOptional().meta({
  description:
    'Addresses were left out of what is signed: whether the signature holds with them, by the word of the gateway.',
});

const sealed = { keyId: text, signature: text.meta({ description: 'Ed25519, base64.' }) };

const identity = z.looseObject(
  fieldsOf<Identity>()({
    id: text,
    via: text,
    groups: texts,
    emails: texts.exactOptional(),
    behind: text.exactOptional(),
  }),
);

const request = z.looseObject(
  fieldsOf<ReleaseRequest>()({
    service: text,
    environment: text,
    repository: text,
    branch: text,
    commit: text,
    attempt: count,
    requestedBy: identity,
    requestedAt: time,
    images: z.record(z.string(), image),
    downgrade: z.boolean(),
    byItself: z.literal(true).exactOptional(),
  }),
);

const taken = z.looseObject(fieldsOf<TakenRequest>()({ releaseId: text, requestKey: text, request }));
export const signedRequest = z.looseObject(fieldsOf<SignedRequest>()({ taken, ...sealed }));
const bundledRequest = z.looseObject(fieldsOf<BundledRequest>()({ taken, ...sealed, withAddresses })).meta({
  id: 'SignedRequest',
  description: 'Signed is `slipway request`, a new line, and the canonical JSON of `taken`.',
});

const decision = z.looseObject(
  fieldsOf<Decision>()({
    id: text,
    kind: decisionKind,
    releaseId: text,
    planHash: text,
    by: identity,
    channel: text,
    decidedAt: time,
    reason: text,
    regions: texts.exactOptional(),
    run: text.exactOptional(),
    expiresAt: time.exactOptional(),
  }),
);

const bundledDecision = z
  .looseObject(
    fieldsOf<BundledDecision>()({
      decision,
      ...sealed,
      refused: text.exactOptional().meta({ description: 'Why the run did not take it, by the records alone.' }),
      afterChange: z.boolean().meta({ description: 'By the records alone.' }),
      withAddresses,
    }),
  )
  .meta({ id: 'SignedDecision', description: 'Signed is the canonical JSON of `decision`.' });

const signedOrder = z
  .looseObject(fieldsOf<SignedLaneOrder>()({ order: asWritten<LaneOrder>(), ...sealed }))
  .meta({ id: 'SignedLaneOrder', description: 'Signed is the canonical JSON of `order`.' });

const result = z.looseObject(
  fieldsOf<ReleaseResult>()({
    outcome: text,
    summary: text,
    planHash: hash.exactOptional(),
    artifacts: releaseStatus.shape.artifacts,
    regions: releaseStatus.shape.regions,
    timings: releaseStatus.shape.timings,
    failure: failureDetails.exactOptional(),
  }),
);

const end = z.looseObject(
  fieldsOf<BundledEnd>()({
    outcome: text,
    summary: text,
    endedAt: time.exactOptional(),
    result: result.exactOptional(),
    checks: checks.exactOptional(),
    log: log.exactOptional(),
  }),
);

export const verified = verifiedRelease.extend({ planHash: text });

export const schemaChange = z.looseObject(
  fieldsOf<SchemaChange>()({
    service: text,
    environment: text,
    database: text,
    releaseId: text,
    pending: texts,
    contracting: texts,
    changedAt: time,
  }),
);

/** What somebody has written there without Slipway is found by its hash, and not by its form. */
const auditRow = z.looseObject(
  fieldsOf<ChainedEntry>()({
    lane: text,
    key: text,
    at: time,
    what: text,
    who: text,
    facts: table,
    n: count,
    previous: text,
    hash: text,
  }),
);

const chainEnd = z.looseObject({ n: count, hash: text });

const chain = z
  .looseObject(
    fieldsOf<BundledChain>()({
      chain: text,
      before: chainEnd.meta({ description: 'What the first row follows.' }),
      rows: z.array(auditRow),
      statement: count
        .exactOptional()
        .meta({ description: 'The number of the statement that says where it had come to.' }),
      isCut: z.literal(true).exactOptional().meta({ description: 'There are more rows, for which there was no room.' }),
    }),
  )
  .meta({
    id: 'AuditChain',
    description: 'All rows from when the release was asked for to a while after its end, whatever they are about.',
  });

const statement = z.looseObject(
  fieldsOf<ChainEnds>()({
    n: count,
    at: time,
    installation: text,
    ends: z.array(z.looseObject({ lane: text, n: count, hash })),
    previous: text,
  }),
);
const signedEnds = z.looseObject(fieldsOf<SignedChainEnds>()({ statement, ...sealed })).meta({
  id: 'SignedChainEnds',
  description: 'Signed is `slipway chain ends`, a new line, and the canonical JSON of `statement`.',
});

/** Of a plan what is judged by; of anything else it is only told what it says. */
export const judgedPlan = z.looseObject({
  ...plan.shape,
  approval: z.looseObject({
    required: z.boolean(),
    quorum: count,
    groups: texts,
    expiresMs: z.number(),
    excludeRequester: z.boolean(),
    excludeAuthors: z.boolean().exactOptional(),
    escalate: z.looseObject({ afterMs: z.number(), groups: texts }).exactOptional(),
  }),
  regions: z.array(z.looseObject({ name: text })),
});

export const authors = z.union([texts, z.literal('unknown')]);

const missing = z.looseObject(fieldsOf<Missing>()({ what: text, why: text }));

const bundle = z
  .looseObject(
    fieldsOf<EvidenceBundle>()({
      kind: z.literal('slipway.evidence'),
      version: z.literal(1),
      madeAt: time,
      release: z.looseObject({ id: text, number: count, service: text, environment: text }),
      request: bundledRequest.exactOptional(),
      planHash: hash.exactOptional().meta({ description: 'Of the plan in force.' }),
      plannedAt: time.exactOptional().meta({ description: 'Since when that was before people.' }),
      plans: z.array(z.looseObject({ hash, plan })),
      wrote: authors
        .exactOptional()
        .meta({ description: 'Who of those that have decided has written what is released, or may have.' }),
      decisions: z.array(bundledDecision),
      orders: z.array(signedOrder),
      changed: texts,
      end: end.exactOptional(),
      verified: z.array(verified),
      migrations: z.array(schemaChange),
      kept: releaseEvidence.exactOptional(),
      logs: z.array(evidenceLog),
      audit: z.array(chain),
      statements: z.array(signedEnds),
      keyIds: texts,
      missing: z.array(missing).meta({ description: 'What is not in here, and why.' }),
    }),
  )
  .meta({ id: 'EvidenceBundle' });

export const signedEvidence = z.looseObject(fieldsOf<SignedEvidence>()({ bundle, ...sealed })).meta({
  id: 'SignedEvidence',
  description:
    'As the file has it: canonical JSON and a new line. Signed is `slipway evidence`, a new line, and the canonical JSON of `bundle`.',
});
