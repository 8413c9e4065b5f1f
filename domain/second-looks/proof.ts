import type { Change } from '../plan-differences.ts';
import { changesIn, goneFrom, presentIn, told } from './seen.ts';
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
  ...fewerRegions(seen),
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
  ...changesIn(
    seen,
    'regions.*.endpoints.*.kind',
    'regions.*.endpoints.*.service',
    'regions.*.endpoints.*.type',
    'regions.*.smoke.*.component',
    'regions.*.smoke.*.command',
  ).flatMap(({ before, after }) =>
    before
      ? [
          {
            what: `${before.what}: ${after?.text ?? 'none'}, was ${before.text}`,
            why: 'another question says whether the release is well',
          },
        ]
      : [],
  ),
  ...presentIn(seen, 'waves.*.stages.*.observe.*.onInconclusive')
    .filter(({ after }) => after.value === 'go-on')
    .map(({ after }) => ({ what: told(after), why: 'a release goes on though nobody can tell whether it is well' })),
];

function gone(seen: Seen, pattern: string, why: string): SecondLook[] {
  return changesIn(seen, pattern).flatMap((change) => names(change, why));
}

/** Without a list a component goes everywhere. */
function fewerRegions(seen: Seen): SecondLook[] {
  return changesIn(seen, 'components.*.regions').flatMap((change) => {
    const { before, after } = change;
    const isFewer = seen.then && after && (!before || goneFrom(change).length > 0);
    const what = `${after?.what}: ${after?.text}, was ${before?.text ?? 'all'}`;
    return isFewer ? [{ what, why: 'it goes to fewer regions than before' }] : [];
  });
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
