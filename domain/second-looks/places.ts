import type { PlanFact } from '../plan-facts.ts';
import { unusualAddress } from '../unusual-address.ts';
import { anotherQuestion, changesIn, comeTo, presentIn, told } from './seen.ts';
import type { LookRule, SecondLook } from './seen.ts';

const clusterFields = ['kind', 'name', 'awsRegion', 'roleArn', 'file', 'context'].map(
  (name) => `regions.*.cluster.${name}`,
);

/** Where it is put, and whom it talks to. */
export const looksAtPlaces: LookRule = (seen) => [
  ...changesIn(seen, ...clusterFields, 'regions.*.namespace')
    .filter(({ before }) => before !== undefined)
    .map(({ before, after }) => ({
      what: `${before!.what}: ${after?.text ?? 'not there any more'}, was ${before!.text}`,
      why:
        before!.pattern === 'regions.*.namespace'
          ? 'another namespace is changed'
          : 'another cluster is changed, or as somebody else',
    })),
  ...presentIn(seen, 'regions').flatMap((change) =>
    (seen.then ? comeTo(change) : []).map((region) => ({
      what: told({ ...change.after, text: region }),
      why: 'a region is changed that was not before',
    })),
  ),
  ...changesIn(seen, 'migrationSpecs.*.region', 'migrationSpecs.*.component')
    .filter(({ before, after }) => before !== undefined && after !== undefined)
    .map(({ before, after }) => ({
      what: `${told(after!)}, was ${before!.text}`,
      why: 'the Jobs of a migration run somewhere else, or as something else',
    })),
  ...presentIn(seen, 'migrationSpecs').flatMap((change) =>
    (seen.then ? comeTo(change) : []).map((database) => ({
      what: `migration of ${database}`,
      why: 'a database is migrated that was not before',
    })),
  ),
  ...presentIn(seen, 'regions.*.endpoints.*.url').flatMap(({ before, after }) => {
    const unusual = unusualAddress(String(after.value));
    if (unusual !== undefined) return [{ what: told(after), why: unusual }];
    if (!before) return [];
    return [isSameHost(before, after) ? otherPath(before, after) : anotherHost(before, after)];
  }),
  ...presentIn(seen, 'regions.*.endpoints.*.host').flatMap(({ before, after }) => {
    // As of a connection that nobody can read: what goes over it is told with the key that says so.
    const unusual = unusualAddress(`https://${String(after.value)}/`);
    if (unusual !== undefined) return [{ what: told(after), why: unusual }];
    return before ? [anotherHost(before, after)] : [];
  }),
  ...presentIn(seen, 'regions.*.endpoints.*.domainName', 'regions.*.endpoints.*.port').flatMap(({ before, after }) =>
    before ? [anotherHost(before, after)] : [],
  ),
  ...presentIn(seen, 'regions.*.endpoints.*.tls')
    .filter(({ after }) => after.value === false)
    .map(({ after }) => ({ what: told(after), why: 'whoever is in between can change what it answers' })),
];

function anotherHost(before: PlanFact, after: PlanFact): SecondLook {
  return { what: `${told(after)}, was ${before.text}`, why: 'another host says whether the release is well' };
}

/** Of the same host. */
function otherPath(before: PlanFact, after: PlanFact): SecondLook {
  return { what: `${told(after)}, was ${before.text}`, why: anotherQuestion };
}

function isSameHost(...[before, after]: [PlanFact, PlanFact]): boolean {
  const hostOf = ({ value }: PlanFact) => URL.parse(String(value))?.host;
  return hostOf(before) === hostOf(after);
}
