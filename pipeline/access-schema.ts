import { z } from 'zod';
import * as field from './fields.ts';

const who = field.distinct(field.group).min(1, 'must name at least one group').optional();

/** Of the operator's policy alone. */
export const access = z.strictObject({
  look: who.describe(
    'Groups that may see its lane, releases, plans and audit, beside those who may do anything else there by name. Default: everybody who is known.',
  ),
  start: who.describe('Groups that may ask for releases. Default: whoever may look.'),
  operate: who.describe(
    'Groups that may close and open the lane, of those who may by `approval` and `onCall`. Default: all of those.',
  ),
});
