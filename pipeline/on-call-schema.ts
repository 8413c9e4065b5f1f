import { z } from 'zod';
import * as field from './fields.ts';
import { notifyEntries } from './notify-schema.ts';

/** Of the operator's policy alone. */
export const onCall = z.strictObject({
  groups: field
    .distinct(field.group)
    .min(1, 'must name at least one group')
    .optional()
    .describe('Who decides what follows a failure, beside those who approve. Default: those who approve alone.'),
  notify: notifyEntries
    .optional()
    .describe(
      'Targets that are told of problems, whatever else they are told; an entry can narrow that. Default: none.',
    ),
});
