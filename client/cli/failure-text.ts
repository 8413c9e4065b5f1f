import type { PlanView } from '../../domain/contract/gateway.ts';
import { inShort, unplanned } from '../../domain/migration-plan.ts';
import { oneLine } from './safe-text.ts';

/** What follows a failure, by the plan. Nothing goes back to code that the schema no longer carries, whatever the plan says: as `barrierTo` has it. */
export function failureText({
  onFailure: { partial, confirm },
  migrations,
}: Pick<PlanView, 'onFailure' | 'migrations'>) {
  const said = `${oneLine(partial)}${confirm ? ', after a person confirmed it' : ''}`;
  const named = told(migrations.flatMap(({ contracting }) => contracting.filter((name) => name !== unplanned)));
  const unknown = told(
    migrations
      .filter(({ pending, contracting }) => [...pending, ...contracting].includes(unplanned))
      .map(({ database }) => database),
  );
  const course =
    partial === 'hold' || confirm ? 'the release waits for a person all the same, then halts' : 'the release halts';
  const end = `${course}, its lane is on hold, and a fix has to be released`;
  return [
    said,
    ...(named ? [`Once ${named} may have been applied, a rollback is refused: ${end}`] : []),
    ...(unknown
      ? [
          `What is pending in ${unknown} is not known yet: once it may have been applied, a rollback may be refused${named ? ', too' : `: then ${end}`}`,
        ]
      : []),
  ].join('. ');
}

function told(names: readonly string[]): string {
  return inShort([...new Set(names)].map(oneLine));
}
