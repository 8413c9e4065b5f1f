import { isSteeringVariable, isShellLike, variablesIn } from './what-runs.ts';
import { comeTo, factsIn, presentIn, textsOf, told } from './seen.ts';
import type { LookRule, SecondLook, Seen } from './seen.ts';
import { quoted } from '../visible.ts';

const commands = ['plan', 'modelsWithoutMigration', 'apply', 'verify'].map(
  (name) => `migrationSpecs.*.commands.${name}`,
);
const variables = 'migrationSpecs.*.env.*';
const secrets = ['migrationSpecs.*.envFrom', 'migrationSpecs.*.planEnvFrom'];

/** What is run with the secrets of an environment. */
export const looksAtCommands: LookRule = (seen) => [
  ...presentIn(seen, ...commands).flatMap((change): SecondLook[] => {
    const what = told(change.after);
    if (isShellLike(textsOf(change.after)))
      return [
        { what, why: 'a shell or an interpreter runs whatever text it is given, with the secrets of the migration' },
      ];
    if (!seen.then) return [];
    return [{ what, why: `${change.before ? 'another' : 'a new'} command is run with the secrets of the migration` }];
  }),
  ...steering(seen),
  ...steeringComponents(seen),
  ...presentIn(seen, ...secrets).flatMap((change) =>
    (seen.then ? comeTo(change) : []).map((name) => ({
      what: `${change.after.what}: ${name}`,
      why: isPlanning(change.after.pattern)
        ? 'a new secret is given to what runs before anybody approves'
        : 'a new secret is given to what a release runs',
    })),
  ),
  ...planningLikeMigrating(seen),
  ...borrowing(seen),
];

/** Variables that the cluster puts into a command of their migration, or into another variable, which may be put into one. */
function filledIn({ now }: Seen): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const fact of factsIn(now, ...commands, variables)) {
    const database = fact.path[1] ?? '';
    const texts = fact.pattern === variables ? [String(fact.value)] : textsOf(fact);
    const names = found.get(database) ?? new Set();
    for (const name of variablesIn(texts)) names.add(name);
    found.set(database, names);
  }
  return found;
}

/** What steers whatever reads it, or becomes a part of what is run. */
function steering(seen: Seen): SecondLook[] {
  const filled = filledIn(seen);
  return presentIn(seen, variables)
    .filter(({ after: { path } }) => {
      const name = path.at(-1) ?? '';
      return isSteeringVariable(name) || filled.get(path[1] ?? '')?.has(name);
    })
    .map(({ after }) => ({ what: told(after), why: steers }));
}

const steers = 'this variable decides which code is run, or whom it talks to';

/** The same of the variables of what is deployed. */
function steeringComponents(seen: Seen): SecondLook[] {
  return presentIn(seen, 'components.*.delivery.env.*')
    .filter(({ after: { path } }) => isSteeringVariable(path.at(-1) ?? ''))
    .map(({ after }) => ({ what: told(after), why: steers }));
}

function isPlanning(pattern: string | undefined): boolean {
  return pattern === 'migrationSpecs.*.planEnvFrom';
}

/** A secret of planning that is the one of migrating: what plans runs unapproved code. */
function planningLikeMigrating(seen: Seen): SecondLook[] {
  return presentIn(seen, 'migrationSpecs.*.planEnvFrom').flatMap(({ before, after }) => {
    const own = factsIn(seen.now, 'migrationSpecs.*.envFrom').find(({ path }) => path[1] === after.path[1]);
    return textsOf(after)
      .filter((name) => textsOf(own).includes(name) && !textsOf(before).includes(name))
      .map((name) => ({
        what: `${after.what}: ${quoted(name)}`,
        why: 'what plans, before anybody approves, gets a secret of what migrates',
      }));
  });
}

/** Jobs have the secrets and the service account of what they are like. */
function borrowing(seen: Seen): SecondLook[] {
  const like = ['migrationSpecs.*.like.deployment', 'migrationSpecs.*.like.container'];
  const changed = presentIn(seen, ...like).flatMap(({ after }) => {
    const [, database] = after.path;
    const component = factsIn(seen.now, 'migrationSpecs.*.component').find(({ path }) => path[1] === database)?.value;
    const own = factsIn(seen.now, 'components.*.workloads').find(({ path }) => path[1] === component);
    const isForeign = after.pattern === like[0] && !textsOf(own).includes(String(after.value));
    if (isForeign)
      return [{ what: told(after), why: 'the Jobs get the secrets of a Deployment that is not of their component' }];
    return seen.then ? [{ what: told(after), why: 'the Jobs get the secrets of something else than before' }] : [];
  });
  const apart = seen.changes
    .filter(
      ({ before, after }) =>
        before?.pattern === 'migrationSpecs.*.planApart' && before.value === true && after?.value !== true,
    )
    .map(({ before }) => ({
      what: before!.what,
      why: 'planning, before anybody approves, gets the secrets of what it is like',
    }));
  return [...changed, ...apart];
}
