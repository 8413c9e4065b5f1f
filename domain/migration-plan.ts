import type { PlannedMigration } from './contract/release.ts';

export type MigrationList = Pick<PlannedMigration, 'pending' | 'contracting'>;

/** Stands for "whatever is pending": where planning is not allowed before the approval, or no plan command is declared. */
export const unplanned = '*';

/** Operations after which the code of the release before could not work. Django cuts them to 40 characters. */
const contractingOperation = /^(Remove|Delete|Rename|Alter field|Raw SQL|Custom state)/;

/**
 * Reads what a plan command printed: one JSON line `{"pending": […], "contracting": […]}`, or Django's `migrate --plan`.
 * Undefined when it is neither: what cannot be read must not pass for "nothing to do".
 */
export function readMigrationPlan(output: string): MigrationList | undefined {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== '');
  return readJsonLine(lines) ?? readDjangoPlan(lines);
}

function readJsonLine(lines: string[]): MigrationList | undefined {
  const line = lines.findLast((l) => l.trimStart().startsWith('{'));
  if (line === undefined) return undefined;
  try {
    const { pending, contracting } = JSON.parse(line) as Partial<MigrationList>;
    const isNames = (value: unknown): value is string[] =>
      Array.isArray(value) && value.every((v) => typeof v === 'string');
    return isNames(pending) ? { pending, contracting: isNames(contracting) ? contracting : [] } : undefined;
  } catch {
    return undefined;
  }
}

function readDjangoPlan(lines: string[]): MigrationList | undefined {
  const start = lines.findIndex((line) => line.trim() === 'Planned operations:');
  if (start < 0) return undefined;
  const plan: MigrationList = { pending: [], contracting: [] };
  for (const line of lines.slice(start + 1)) {
    if (/^\s*No planned migration operations\.?/.test(line)) return plan;
    const name = /^([A-Za-z_][\w]*\.[\w]+)\s*$/.exec(line)?.[1];
    if (name) plan.pending.push(name);
    const operation = /^\s+(.*)$/.exec(line)?.[1];
    const current = plan.pending.at(-1);
    if (operation && current && contractingOperation.test(operation) && !plan.contracting.includes(current))
      plan.contracting.push(current);
  }
  return plan;
}
