import { z } from 'zod';
import * as field from './fields.ts';
import { forms } from './forms.ts';

/** Of the operator's policy alone. */
const email = z
  .email(forms.email)
  .max(320, 'must be at most 320 characters')
  .regex(/^[^A-Z]*$/, 'must be in lower case');

const person = z.strictObject({
  token: field.line
    .max(200, 'must be at most 200 characters')
    .optional()
    .describe('Their name in the file of tokens. Default: no token of that file is theirs.'),
  github: field
    .wholeNumber(1, 1_000_000_000_000)
    .optional()
    .describe('The number of their GitHub account (`id` at `https://api.github.com/users/NAME`): names change hands.'),
  slack: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,30}$/, forms.slackUser)
    .optional()
    .describe('The member id of their Slack account.'),
  oidc: field.line
    .max(255, 'must be at most 255 characters')
    .optional()
    .describe('Their subject at the identity provider.'),
  email: email.optional().describe('Their address, as the identity provider has verified it.'),
  writesAs: field
    .distinct(email)
    .optional()
    .describe(
      'Addresses under which they write commits. Default: unknown, so that they may not approve where authors may not.',
    ),
});

const group = z.strictObject({
  members: field.distinct(field.person).optional().describe('By their names under `people`. Default: none.'),
  oidc: field.line
    .max(255, 'must be at most 255 characters')
    .optional()
    .describe('Also everybody of whom the identity provider says this group, when they come by it.'),
  slack: z
    .string()
    .regex(/^S[A-Z0-9]{2,30}$/, forms.slackGroup)
    .optional()
    .describe('Also everybody who is in this user group, by its id, when they come by Slack.'),
  github: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,38}\/[a-z0-9][a-z0-9_-]{0,99}$/, forms.githubTeam)
    .optional()
    .describe('Also everybody who is in this team (`organisation/team`), when they come by GitHub.'),
});

export const people = z.record(field.person, person);
export const groups = z.record(field.group, group);
