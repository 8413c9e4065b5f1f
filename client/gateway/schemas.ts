import { z } from 'zod';
import { decisionKinds } from '../../domain/contract/decisions.ts';
import { rights } from '../../domain/contract/rights.ts';
import { longestReason } from '../../domain/longest-reason.ts';

/** What the gateway accepts. Everything that comes from outside passes here first. */

const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be lower-case letters, digits and dashes, at most 63');
/** A bound as people read it. */
const atMost = (characters: number) => [characters, `is too long: ${characters} characters at most`] as const;
const text = z.string().regex(/^\P{Cc}*$/u, 'must not hold control characters');
const line = text.max(...atMost(1_000));
const branch = z
  .string()
  .max(...atMost(255))
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, 'must be a branch name')
  .refine((b) => !b.includes('..'), 'must be a branch name');
const commit = z.string().regex(/^[0-9a-f]{40}$/, 'must be the full commit: 40 hexadecimal characters');
/** What begins with `promotion/` is asked for by the gateway itself alone: a key that others may choose could be taken before it is due. */
const key = z
  .string()
  .regex(
    /^(?!promotion\/)[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$/,
    'must be letters, digits and . _ : / -, at most 200, and not begin with promotion/',
  );
/** What begins so is made by the door of Slack alone: an id that others may choose could be taken before somebody presses. */
const decisionKey = z
  .string()
  .regex(
    /^(?!slack-)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'must be letters, digits and . _ -, at most 100, and not begin with slack-',
  );
const slackKey = z.string().regex(/^slack-[0-9a-f]{40}$/, 'must be an id that the door of Slack has made');
const pinned = z.string().regex(/^[^@\s]{1,500}@sha256:[0-9a-f]{64}$/, 'must be pinned: repository@sha256:…');

export const loginQuery = z.strictObject({
  to: text
    .max(...atMost(1_000))
    .optional()
    .describe('A path of this gateway, where the browser goes then.'),
});

export const startRelease = z.strictObject({
  service: name,
  branch,
  commit,
  environment: name.optional().describe('Needed only when the branch maps to several.'),
  from: name
    .optional()
    .describe('The environment whose images it is to take: refused where `slipway.yaml` does not say the same.'),
  images: z.record(name, pinned).optional().describe('Built elsewhere: `component → host/repository@sha256:…`'),
  downgrade: z.boolean().optional().describe('The commit may be older than what runs.'),
  requestKey: key.describe('The same key is the same request, however often it is sent.'),
  newAttempt: z.boolean().optional().describe('Once more, though an earlier attempt of this commit has ended.'),
});

export const decide = z.strictObject({
  decisionId: decisionKey.describe('Your id for this decision: a repeat counts once.'),
  kind: z.enum(decisionKinds),
  planHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the full plan hash')
    .optional()
    .describe('Needed for `approve`: the plan in force.'),
  channel: line.min(1).describe('Where it was decided, for the audit: `cli`, for example.'),
  reason: line,
});

export const startRollback = z.strictObject({
  releaseId: z
    .string()
    .max(...atMost(500))
    .describe('The release that has ended, whose regions go back to what was verified there before it.'),
  decisionId: decisionKey.describe('Your id for this order: a repeat is the same order.'),
  regions: z
    .array(name)
    .min(1)
    .max(1_000, 'are more than 1000')
    .optional()
    .describe('Only these; all of them where it is left out.'),
  reason: line,
  channel: line.min(1),
});

/** The same as they come by the door of Slack. */
export const decideInSlack = decide.extend({ decisionId: slackKey });
export const startRollbackInSlack = startRollback.extend({ decisionId: slackKey });

/** A query has one name as a text, and several as a list. */
export const previewQuery = z.strictObject({
  release: z
    .string()
    .max(...atMost(500))
    .describe('The id of the release to undo.'),
  region: z
    .union([name.transform((one) => [one]), z.array(name).min(1).max(1_000, 'are more than 1000')])
    .optional()
    .describe('Only this one; may be repeated.'),
});

/** Shown wherever tokens are. */
const tokenName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must be lower-case letters, digits and . _ -, at most 63');
const someNames = z.array(name).min(1, 'must name at least one').max(50, 'are more than 50');
export const createToken = z.strictObject({
  name: tokenName.describe('What it is called by. Of those that are not revoked no two have the same.'),
  person: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._@-]{0,99}$/, 'must be a name under `people`')
    .describe('Whose it is, by the name under `people` in the policy.'),
  rights: z.array(z.enum(rights)).min(1, 'must name at least one').max(4, 'are more than there are'),
  services: someNames,
  environments: someNames.describe('Each pair of a service and an environment must be a lane of the policy.'),
  expiresInMs: z
    .number()
    .int()
    .min(60_000, 'must be a minute at least')
    .max(366 * 86_400_000, 'must be a year at most')
    .describe('How long it is good.'),
});
export const tokenParameters = z.strictObject({ name: tokenName });
export const nothing = z.strictObject({});

/** Names what is on record already. */
export const tell = z.strictObject({});
/** Shown to all who wait for a lane, and carried by it. */
const why = text.min(1, 'is needed: people will ask why').max(...atMost(longestReason.ofOrder));
export const freezeOrder = z.strictObject({
  reason: why,
  until: z
    .number()
    .int()
    .positive()
    .optional()
    .describe('When it ends by itself: milliseconds since 1970, within a year.'),
});
/** `id`: which freeze or hold; needed when there are several. */
export const liftOrder = z.strictObject({
  reason: why,
  id: line.min(1).optional().describe('Which one; needed when there are several.'),
});
export const clearTicketOrder = z.strictObject({
  reason: why,
  ticket: z.string().regex(/^\d{1,12}\.\d{1,12}$/, 'must be a ticket such as 12.3'),
});
export const laneParameters = z.strictObject({ service: name, environment: name });
export const lanesQuery = z.strictObject({
  service: name.optional().describe('Of this one alone.'),
  environment: name.optional().describe('In this one alone.'),
  after: z
    .string()
    .max(127)
    .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'must be what the page before calls `next`')
    .optional()
    .describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(100).default(100).describe('How many at most; 100 where it is left out.'),
});
/** `newest`: the last ones, instead of those after a number. */
export const auditQuery = z.strictObject({
  // As somebody has named it who may write to the audit.
  lane: z
    .string()
    .max(1_000)
    .refine((lane) => !lane.includes('\0'), 'has a character that no name has')
    .describe('The name of the chain, such as `shop/production`.'),
  after: z.coerce.number().int().min(0).default(0).describe('Rows behind this number.'),
  newest: z.enum(['true']).optional().describe('The last ones instead.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(500).describe('How many at most; 500 where it is left out.'),
});
export const notificationsQuery = z.strictObject({
  all: z.enum(['true']).optional().describe('Those that were delivered or overtaken, too.'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many at most; 50 where it is left out.'),
});
export const notificationParameters = z.strictObject({
  id: z.coerce.number().int().min(1).max(2_147_483_647),
});
/** `release`: whose plan it is. */
export const besideQuery = z.strictObject({
  release: z
    .string()
    .max(...atMost(500))
    .optional()
    .describe('The release whose plan it is.'),
});
export const typicalQuery = z.strictObject({
  without: z
    .string()
    .max(...atMost(500))
    .optional()
    .describe('A run that is left out: the one that is compared with the others.'),
});
export const logQuery = z.strictObject({
  of: text
    .min(1)
    .max(...atMost(1_000))
    .describe('Which log, as the evidence names it.'),
});
/** As a query has a number. */
const counted = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export const listQuery = z
  .strictObject({
    service: name.optional(),
    environment: name.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(20).describe('How many at most; 20 where it is left out.'),
    before: z
      .string()
      .regex(/^\d{1,15}\.\d{1,15}$/, 'must be what the page before calls `next`')
      .optional()
      .describe('`next` of the page before.'),
    number: counted.optional().describe('Of `shop#142`, 142.'),
    commit: z
      .string()
      .regex(/^[0-9a-f]{4,40}$/, 'must be the beginning of a commit: 4 to 40 hexadecimal characters')
      .optional()
      .describe('Its beginning.'),
    since: counted.optional().describe('Asked for since: milliseconds since 1970.'),
    by: z
      .string()
      .min(1)
      .max(...atMost(500))
      .optional()
      .describe('Who has asked for it.'),
    outcome: z
      .string()
      .regex(/^[a-z-]{1,40}$/, 'must be an outcome, such as `verified`')
      .optional()
      .describe('How it has ended.'),
    open: z.enum(['true', 'false']).optional().describe('Whether it has not ended.'),
  })
  .transform(({ open, ...filter }) => ({ ...filter, ...(open !== undefined && { open: open === 'true' }) }));
export const insightsQuery = z.strictObject({
  service: name.optional(),
  environment: name
    .optional()
    .describe('Where it is left out: those in which the policy requires an approval, or all where there is none.'),
  since: counted
    .optional()
    .describe(
      'Milliseconds since 1970: from that week on, which begins on Monday, 00:00 UTC; 13 weeks where it is left out, 54 at most.',
    ),
  until: counted.optional().describe('Milliseconds since 1970; now where it is left out.'),
});
