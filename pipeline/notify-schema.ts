import { z } from 'zod';
import { noticeEvents, noticeLevels } from '../domain/contract/notices.ts';
import { eventNames } from '../domain/notices.ts';
import * as field from './fields.ts';

/** Who is told of what: the same in both files. */

/** What narrows a target, or what one entry has it told. */
export const narrowing = {
  events: field
    .distinct(z.enum(eventNames))
    .min(1, 'must name at least one event')
    .optional()
    .describe(
      `Told of these alone: ${eventNames.map((name) => `${name} (${noticeEvents[name].says})`).join('; ')}. Default: all.`,
    ),
  level: z
    .enum(noticeLevels)
    .optional()
    .describe(
      'Told of this level and those above it, from info (nothing to do) over attention (somebody should act) to problem. Default: info.',
    ),
};

const entry = z.union(
  [field.name, z.strictObject({ to: field.name.describe("Name of a target in the operator's policy."), ...narrowing })],
  'must be the name of a target, or `to` with `events` and `level`',
);

/** A target by its name, told of everything, or with what it is told of. */
export const notifyEntries = z
  .array(entry)
  .max(200, 'must have at most 200 entries')
  .superRefine((entries, context) => {
    entries.forEach((one, index) => {
      if (typeof one === 'string' && entries.indexOf(one) < index)
        context.addIssue({ code: 'custom', path: [index], message: `\`${one}\` is in the list twice` });
    });
  });

export type NotifyEntry = z.infer<typeof entry>;
