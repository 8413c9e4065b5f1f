import type { Change } from '../plan-differences.ts';
import { anotherQuestion, changesIn, comeTo, factsIn, goneFrom, presentIn, textsOf, told } from './seen.ts';
import type { LookRule, SecondLook, Seen } from './seen.ts';

/** What shows that a release is well: less of it than before. */
export const looksAtProof: LookRule = (seen) => [
  ...presentIn(seen, 'gates.*.verdict')
    .filter(({ after }) => after.value !== 'pass')
    .map(({ after }) => ({ what: told(after), why: 'this gate has not passed' })),
  ...gone(seen, 'gates', 'a gate that was passed before is not asked any more'),
  ...changesIn(seen, 'regions.*.endpoints').flatMap((change) =>
    names(change, 'an endpoint that was asked before is not asked any more'),
  ),
  ...gone(seen, 'regions.*.smoke', 'a smoke test that was run before is not run any more'),
  ...gone(seen, 'regions', 'a region that was verified before is left out'),
  ...gone(seen, 'components', 'a component that was verified before is left out'),
  ...lost(
    seen,
    'regions.*.endpoints.*.contains',
    'regions.*.endpoints.*.expect.*',
    'regions.*.endpoints.*.headers.*',
    'regions.*.endpoints.*.headers.*.contains',
    'regions.*.endpoints.*.json.*',
    'regions.*.endpoints.*.oneOf',
    'regions.*.smoke.*.report',
    'migrationSpecs.*.commands.verify',
    'migrationSpecs.*.commands.modelsWithoutMigration',
  ),
  ...less(
    seen,
    'regions.*.endpoints.*.successes',
    'regions.*.endpoints.*.validForMs',
    'waves.*.stages.*.observe.*.forMs',
    'waves.*.stages.*.observe',
    'waves.*.stages',
  ),
  ...otherQuestions(seen),
  ...presentIn(seen, 'regions.*.endpoints.*.oneOf').flatMap((change) =>
    (change.before ? comeTo(change) : []).map((answer) => ({
      what: told({ ...change.after, text: answer }),
      why: 'an answer is taken for a good one that was not before',
    })),
  ),
  ...presentIn(seen, 'waves.*.stages.*.observe.*.onInconclusive')
    .filter(({ after }) => after.value === 'go-on')
    .map(({ after }) => ({ what: told(after), why: 'a release goes on though nobody can tell whether it is well' })),
];

function gone(seen: Seen, pattern: string, why: string): SecondLook[] {
  return changesIn(seen, pattern).flatMap((change) => names(change, why));
}

const questions = [
  ...['kind', 'service', 'type', 'status', 'query', 'contains', 'expect.*'],
  ...['headers.*', 'headers.*.contains', 'json.*'],
].map((key) => `regions.*.endpoints.*.${key}`);
const programs = ['component', 'command', 'env.*'].map((key) => `regions.*.smoke.*.${key}`);
/** What may come to a question that was asked before, or go from it, and makes another one of it. */
const optional = ['regions.*.endpoints.*.service', 'regions.*.smoke.*.env.*'];

/** Of endpoints and smoke tests that are in both plans. */
function otherQuestions(seen: Seen): SecondLook[] {
  return changesIn(seen, ...questions, ...programs).flatMap(({ before, after }) => {
    const { path, pattern, what } = (after ?? before)!;
    const isAnother = optional.includes(pattern ?? '') ? isAskedInBoth(seen, path) : before && after;
    return isAnother
      ? [{ what: `${what}: ${after?.text ?? 'none'}, was ${before?.text ?? 'none'}`, why: anotherQuestion }]
      : [];
  });
}

/** `path`: of something that an endpoint or a smoke test of a region says. */
function isAskedInBoth({ then, now }: Seen, path: readonly string[]): boolean {
  const [, region, list, name = ''] = path;
  const isIn = (facts: Seen['then']) =>
    factsIn(facts, `regions.*.${list}`).some((fact) => fact.path[1] === region && textsOf(fact).includes(name));
  return isIn(then) && isIn(now);
}

function names(change: Change, why: string): SecondLook[] {
  const { what } = (change.before ?? change.after)!;
  return goneFrom(change).map((name) => ({ what: `${what}: ${name} is gone`, why }));
}

function lost(seen: Seen, ...patterns: string[]): SecondLook[] {
  return changesIn(seen, ...patterns).flatMap(({ before, after }) =>
    before && !after
      ? [{ what: `${told(before)} is gone`, why: 'what was looked at before is not looked at any more' }]
      : [],
  );
}

/** A number, or how many entries there are. */
function less(seen: Seen, ...patterns: string[]): SecondLook[] {
  return changesIn(seen, ...patterns).flatMap(({ before, after }) =>
    before && (!after || amount(after.value) < amount(before.value))
      ? [
          {
            what: `${before.what}: ${after?.text ?? 'none'}, was ${before.text}`,
            why: 'it is looked at less than before',
          },
        ]
      : [],
  );
}

function amount(value: unknown): number {
  return Array.isArray(value) ? value.length : Number(value);
}
