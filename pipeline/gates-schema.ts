import { z } from 'zod';
import { isBoxs, isSystems } from '../domain/box-places.ts';
import { holdsSecret } from '../domain/secret-shapes.ts';
import * as field from './fields.ts';

/** Programs of the operator's own that look at a commit, as the policy file defines them. */

export const defaultGate = { timeout: '10m', failOn: ['CRITICAL', 'HIGH'], exitCodes: [0] } as const;

/** In their own words: what else is a gate, or would read like one. */
const taken = ['image-scan', 'secret-scan', 'integration-tests'];

export const gateName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,39}$/,
    'must be the name of a gate: a lower-case letter, then letters, digits and `-`, at most 40 characters',
  )
  .refine(
    (name) => !taken.includes(name),
    'is the name of a gate that every release has: choose another, such as `static-analysis`',
  );

/** Nothing is told apart here but these two: what else is in an argument goes to the program as it stands. */
const argument = z
  .string()
  .max(1_000, 'must be at most 1,000 characters')
  .regex(/\S/, 'must not be blank')
  .regex(/^[^\0\n]*$/, 'must be a single line')
  .refine(
    (text) => !holdsSecret(text),
    'looks like a secret (a token, a key, or an address with a password): what a gate runs is on record, and has no network to use one',
  );

const holds = (part: string) => (run: readonly string[]) => run.slice(1).some((word) => word.includes(part));

const run = z
  .array(argument)
  .min(1, 'must name a program')
  .max(100, 'must have at most 100 arguments')
  .refine(
    (words) => words.length > 1 || !/\S\s+\S/.test(words[0] ?? ''),
    'must have a comma between its arguments: as it stands it is one, and the name of a program',
  )
  .refine(
    holds('{tree}'),
    'must have `{tree}` among its arguments: the directory of the files that it looks at stands there',
  )
  .refine(
    holds('{report}'),
    'must have `{report}` among its arguments: the file that it writes as SARIF stands there, as in `--output, "{report}"`',
  );

/** What belongs to no program alone would be more than anybody means. */
const nobodys = /^\/(tmp|var|var\/(lib|cache|tmp)|root|home)$/;

const place = z
  .string()
  .max(500, 'must be at most 500 characters')
  .regex(
    /^(\/[\w.-]+)+$/,
    'must be an absolute path such as `/etc/slipway/semgrep`, of letters, digits and `._-`, without a `/` at its end',
  )
  .regex(/^(?!.*\/\.\.?(\/|$))/, 'must be written plainly, without `/./` and `/../`')
  .refine((path) => !isSystems(path), 'can be read anyway, as all of `/usr`, `/bin`, `/sbin` and `/lib`: leave it out')
  .refine(
    (path) => !nobodys.test(path) && !isBoxs(path),
    'cannot be given to a gate: name the directory of its own rules',
  );

export const gate = z.strictObject({
  run: run.describe('The program and its arguments, without a shell. `{tree}` and `{report}` become paths.'),
  failOn: field
    .distinct(field.severity)
    .min(1, 'must name at least one severity')
    .optional()
    .describe('Severities that fail it. Default: CRITICAL and HIGH.'),
  timeout: field
    .duration('1s', '2h')
    .optional()
    .describe(`After that it is ended, and could not look. Default: ${defaultGate.timeout}.`),
  exitCodes: z
    .array(field.wholeNumber(0, 255))
    .min(1, 'must name at least one exit code')
    .max(50, 'must have at most 50 entries')
    .optional()
    .describe('Exit codes that mean: it has looked. Default: 0.'),
  places: field
    .distinct(place)
    .max(20, 'must have at most 20 entries')
    .optional()
    .describe("More that it may read, on the build workers' disk. Default: nothing."),
});

export type GateFile = z.infer<typeof gate>;
