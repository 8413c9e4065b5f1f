import { z } from 'zod';
import { auditPage } from '../answers/audit.ts';
import { failureDetails, problemInFile } from '../answers/failures.ts';
import { count, text, texts, time, yes } from '../answers/fields.ts';
import { insights } from '../answers/insights.ts';
import { me } from '../answers/installation.ts';
import { laneView } from '../answers/lanes.ts';
import { approvalNow, planCommits, policyNow, rollbackPreview, verifiedFields } from '../answers/plans.ts';
import { checks, decisionKind, log } from '../answers/release-status.ts';
import { decisionHeard, releaseFields, releaseList, startedRelease } from '../answers/releases.ts';
import { notificationList, notificationView } from '../answers/notifications.ts';
import { tokenCreated, tokenList, tokenView } from '../answers/tokens.ts';
import { documentVersion } from './document-version.ts';
import { unexpectedAnswer } from './gateway-errors.ts';

/*
 * What `--json` prints, by the kind of document. Their fields are those of the gateway's answers; what a schema does not name is not printed,
 * and a time cannot be printed but as the schema of times writes it.
 */

const exitCode = count.meta({ description: 'With which the command ends.' });

const planFields = {
  hash: text,
  plan: z.unknown().meta({ description: 'Exactly as it is hashed: [Plan](http-api.md#plan).' }),
  verified: z
    .object(verifiedFields)
    .optional()
    .meta({ description: 'What was verified last, which it is compared with.' }),
  comparedWith: z.object({ planHash: text.optional(), releaseId: text.optional() }).optional(),
  commits: planCommits.optional(),
  alone: text.optional().meta({ description: 'Why it is compared with nothing.' }),
  secondLooks: z.array(z.object({ what: text, why: text })),
  lines: z.array(
    z.object({
      section: text,
      what: text,
      before: text.optional(),
      after: text.optional(),
      note: text.optional(),
      always: yes.optional(),
    }),
  ),
  approvalNow: approvalNow.optional(),
  policyNow: policyNow.optional(),
  moreLines: count.optional().meta({ description: 'So many are as they were; `--full` has them.' }),
};

const planDocument = z.object(planFields).meta({ id: 'PlanDocument' });

const finding = z.object({
  kind: text.meta({ description: '`edited`, `inserted`, `removed`, `re-hashed`, `truncated`' }),
  lane: text,
  row: count.optional(),
  from: count.optional(),
  to: count.optional(),
});

const problems = z.array(problemInFile);

export const documents = {
  release: z.object({
    ...releaseFields,
    plan: planDocument.optional().meta({ description: 'Of `status`, while it waits for its approval.' }),
    requestKey: text.optional(),
    created: z.boolean().optional(),
    decisionId: text.optional(),
    exitCode: exitCode.optional(),
  }),
  started: z.object({
    ...startedRelease.shape,
    requestKey: text.optional(),
    decisionId: text.optional(),
    exitCode: exitCode.optional(),
  }),
  decision: z.object({
    releaseId: text,
    decisionId: text,
    kind: decisionKind,
    accepted: yes,
    answer: decisionHeard.optional(),
    message: text,
  }),
  releases: releaseList,
  plan: planDocument,
  'rollback-preview': rollbackPreview,
  promotion: z.object({
    service: text,
    from: text,
    to: text,
    branch: text.meta({ description: 'From which it would be released.' }),
    commit: text,
    regions: texts.meta({ description: 'In which it is verified.' }),
    components: z.array(z.object({ component: text, image: text, releaseId: text, verifiedAt: time })),
  }),
  lane: laneView,
  logs: z.object({ releaseId: text, log, checks, failure: failureDetails.optional() }),
  open: z.object({
    releaseId: text,
    url: text.meta({ description: 'What is opened: its page, or the run in the Temporal UI.' }),
    pageUrl: text.exactOptional(),
    temporalUrl: text.exactOptional(),
  }),
  whoami: z.object({
    ...me.omit({ emails: true, grants: true }).shape,
    grants: me.shape.grants
      .exactOptional()
      .meta({ description: 'Absent where the gateway is older and does not say it.' }),
    gateway: text,
  }),
  token: tokenView,
  'token-created': tokenCreated,
  tokens: tokenList,
  insights,
  notifications: notificationList,
  'notifications-again': z.object({ notifications: z.array(notificationView) }),
  'audit-rows': auditPage,
  'audit-proof': z.object({
    whole: z.boolean(),
    problems: texts,
    unseen: texts.meta({ description: 'What could have happened all the same.' }),
    lanes: z.array(z.object({ lane: text, rows: count, findings: z.array(finding), provenTo: count })),
  }),
  doctor: z.object({
    ok: z.boolean(),
    findings: z.array(z.object({ check: text, ok: z.boolean(), says: text, next: text.optional() })),
  }),
  setup: z.object({
    done: texts,
    left: z.array(z.object({ says: text, next: text.optional() })),
  }),
  'setup-sql': z.object({ sql: text }),
  validate: z.object({
    ok: z.boolean(),
    problems,
    warnings: problems,
    notCompared: text
      .optional()
      .meta({ description: 'Why slipway.yaml was not held against the policy, where one is given.' }),
  }),
  'policy-explain': z.object({
    ok: z.boolean(),
    service: text,
    environment: text,
    rows: z.array(
      z.object({
        part: text.meta({ description: '`in force`, or `allowed`: what slipway.yaml may choose among.' }),
        key: text,
        value: z.unknown(),
        by: text.meta({ description: '`FILE:LINE`, or `default`.' }),
      }),
    ),
    branch: z.object({ name: text, mayBeReleased: z.boolean() }).optional(),
    problems,
  }),
  use: z.object({
    service: text.optional(),
    environment: text.optional(),
    gateway: text.optional(),
    file: text.optional(),
  }),
  error: z.object({
    error: z.object({
      code: text,
      message: text,
      next: text,
      exitCode,
      problems: problems.optional(),
    }),
    releaseId: text.optional(),
    requestKey: text.optional(),
    decisionId: text.optional(),
  }),
} as const;

type Documents = typeof documents;
export type DocumentKind = keyof Documents;
/** What a command hands over: with times in milliseconds. */
type Given<Kind extends DocumentKind> = z.input<Documents[Kind]>;

export type WriteDocument = <Kind extends DocumentKind>(kind: Kind, document: Given<Kind>) => void;
export type ShapeDocument = (kind: DocumentKind, document: unknown) => object;

/** As it is printed. Throws a GatewayFailure for what is not of its kind: a gateway that is far from this version may say other things. */
export const shapeDocument: ShapeDocument = (kind, document) => {
  // What is undefined is left out, as JSON leaves it out.
  const shaped = documents[kind].safeParse(JSON.parse(JSON.stringify(document)));
  if (shaped.success) return { version: documentVersion, ...shaped.data };
  const [issue] = shaped.error.issues;
  throw unexpectedAnswer(`a document of the kind ${kind}: \`${issue?.path.join('.')}\` is missing or of another kind`);
};
