import { contractingInWords, unplanned } from '../migration-plan.ts';
import { quoted } from '../visible.ts';
import { factsIn, textsOf } from './seen.ts';
import type { LookRule } from './seen.ts';

/** What cannot be taken back. It is about this release alone, whatever was verified before. */
export const looksAtSchema: LookRule = ({ now }) => [
  ...factsIn(now, 'olderThanSchema').map(({ text }) => ({
    what: `downgrade: this code is older than the schema (${text})`,
    why: 'it was asked for with --downgrade: approve it only if you know that it works on the schema as it is',
  })),
  ...factsIn(now, 'migrations.*.contracting').flatMap((fact) => {
    const { path } = fact;
    const names = textsOf(fact).filter((name) => name !== unplanned);
    const what = contractingInWords(path[1] ?? '', names);
    if (what === undefined) return [];
    const unknown = textsOf(factsIn(now, 'migrations.*.unknown').find((one) => one.path[1] === path[1]));
    return [
      {
        what,
        why: names.every((name) => unknown.includes(name))
          ? 'nobody can tell whether the release before this one can live with it; a rollback is refused afterwards'
          : 'the release before this one cannot live with it; a rollback is refused afterwards',
      },
    ];
  }),
  ...factsIn(now, 'migrations.*.pending')
    .filter((fact) => textsOf(fact).includes(unplanned))
    .map(({ path }) => ({
      what: `migration of ${quoted(path[1] ?? '')}`,
      why: 'what it will do could not be told before the approval',
    })),
];
