import type { PlanFact } from '../plan-facts.ts';
import { isPlain } from '../visible.ts';
import type { LookRule } from './seen.ts';

/** More than one reads. */
const long = 500;

/** What people may read otherwise than a machine does. */
export const looksAtText: LookRule = ({ changes, then }) =>
  changes.flatMap(({ before, after }) => {
    const fact = after ?? before!;
    const signs = after && oddSigns(after);
    return [
      ...(fact.pattern === undefined && (then !== undefined || after)
        ? [
            {
              what: `${fact.what}: ${after?.text ?? 'gone'}`,
              why: 'this program does not know this field, which a newer one may have written',
            },
          ]
        : []),
      ...(signs ? [{ what: fact.what, why: signs }] : []),
      ...(after && isText(after) && after.text.length > long
        ? [
            {
              what: `${fact.what}: ${after.text.length} characters`,
              why: 'it is longer than one reads: look at it with --full',
            },
          ]
        : []),
    ];
  });

/** Lists of migrations and reports of gates are long and in any language, and harmless. */
function isText({ pattern = '' }: PlanFact): boolean {
  return !/^(?:migrations|olderThanSchema|gates)\b/.test(pattern);
}

function oddSigns(fact: PlanFact): string | undefined {
  const values: unknown[] = Array.isArray(fact.value) ? fact.value : [fact.value];
  const words = [...fact.path, ...values].filter((one) => typeof one === 'string');
  if (words.some((word) => /[^\p{L}\p{N}\p{P}\p{S}\p{M} ]|[\p{DI}\u2800]/u.test(word.replaceAll(/[\n\t]/g, ' '))))
    return 'it holds characters that cannot be seen, or that reorder what is read';
  if (isText(fact) && words.some((word) => !isPlain(word.replaceAll(/[\n\t]/g, ' '))))
    return 'it holds letters outside ASCII, which may look like others';
  return undefined;
}
