import type { CheckResult } from '../../domain/check-result.ts';
import type { RecordsLook } from './postgres-records.ts';
import type { RightsDifference } from './rights-look.ts';
import { roleOf } from './rights.ts';

const asOwner = '`slipway setup --roles`, with the URL of the owner of schema slipway.';

/** Whether the records are as this version needs them, and each kind of process may do what it does and nothing else. */
export function judgeRecords({ who, isOwner, age, hasRoles, differences, foreign }: RecordsLook): CheckResult[] {
  if (age === 'absent')
    return [{ ok: false, says: 'schema slipway is not there', next: `\`slipway setup\`, or ${asOwner}` }];
  const schema: CheckResult = {
    older: {
      ok: false,
      says: 'schema slipway is older than this version needs',
      next: hasRoles ? asOwner : '`slipway setup`.',
    },
    'as wanted': { ok: true, says: 'schema slipway is as this version needs it' },
    newer: { ok: true, says: 'schema slipway is of a newer version, which this one can live with' },
  }[age];
  // What another version's table of rights says is not known here.
  if (age === 'newer' && hasRoles)
    return [schema, { ok: true, says: 'rights were not looked at: they are of a newer version' }];
  if (!hasRoles)
    return [
      schema,
      { ok: true, says: `one role is for all processes: ${who}${isOwner ? ', who owns everything' : ''}` },
    ];
  const asked = isOwner ? [] : [{ ok: true, says: `asked as ${who}, who does not own the schema` }];
  const others =
    foreign.length > 0
      ? [
          {
            ok: true,
            says: `policies of rows for others than Slipway's processes, left as they are: ${named(foreign)}`,
          },
        ]
      : [];
  return [schema, ...asked, ...differences.map(judgeRights), ...others];
}

/** Enough to see what happened. */
const mostNamed = 5;

function judgeRights({ kind, lacks, hasBesides }: RightsDifference): CheckResult {
  if (lacks.length === 0 && hasBesides.length === 0)
    return {
      ok: true,
      says: `${roleOf(kind)} may do to each table and its rows, and call of each function, what its processes do, and nothing else`,
    };
  const says = [
    ...(lacks.length > 0 ? [`lacks ${named(lacks)}`] : []),
    ...(hasBesides.length > 0 ? [`may besides ${named(hasBesides)}`] : []),
  ];
  return { ok: false, says: `${roleOf(kind)} ${says.join(', and ')}`, next: asOwner };
}

function named(words: readonly string[]): string {
  const rest = words.length - mostNamed;
  return [...words.slice(0, mostNamed), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
