import type { PlannedMigration } from './contract/release.ts';
import { readDjangoPlan } from './django-plan.ts';
import { quoted, quotedItem } from './visible.ts';

/**
 * What is pending, and what of it the code of the release before could not live with. `contracting` is all that counts as such; `unknown`
 * the part of it that counts only because nobody can tell.
 */
export type MigrationList = SchemaWork & { unknown: string[] };

/** Stands for "whatever is pending": where planning is not allowed before the approval, or no plan command is declared. */
export const unplanned = '*';

/**
 * Reads what plan commands printed, with whatever else was logged around it: lines of JSON
 * `{"pending": […], "contracting": […], "unknown": […]}`, one per database, or Django's `migrate --plan`, once per database.
 * Undefined when there is neither, or a part of it cannot be read: that must not pass for "nothing to do".
 */
export function readMigrationPlan(output: string): MigrationList | undefined {
  const lines = output.split(/\r?\n/);
  const lists = [...lines.flatMap(readJsonLine), ...readDjangoPlan(lines)];
  if (lists.length === 0 || lists.includes(undefined)) return undefined;
  const all = (of: (list: MigrationList) => string[]): string[] => [
    ...new Set(lists.flatMap((list) => (list ? of(list) : []))),
  ];
  const unknown = all((list) => list.unknown);
  return {
    pending: all((list) => list.pending),
    contracting: [...new Set([...all((list) => list.contracting), ...unknown])],
    unknown,
  };
}

export type SchemaWork = Pick<PlannedMigration, 'pending' | 'contracting'>;

export const whatever: SchemaWork = { pending: [unplanned], contracting: [] };

export interface KnownWork {
  approved: SchemaWork | undefined;
  /** By the last look of its own image. */
  seen: SchemaWork | undefined;
  /** What other releases have on record of this database. */
  others: readonly SchemaWork[];
}

/**
 * What goes on record as a migration's own work: what is left of it, and of what was approved what nobody else has on record. Somebody may have done
 * that by hand, or it is done by now: either way the code of before may not live with it. What another release has done counts from when that did it.
 */
export function ownWork({ approved, seen, others }: KnownWork): SchemaWork {
  const [left, wanted] = [seen, approved].map((work) => (work && isPlanned(work) ? work : undefined));
  if (!wanted || !left) return left ?? wanted ?? whatever;
  const isTheirs = (name: string) =>
    others.some(({ pending }) => pending.includes(name) || pending.includes(unplanned));
  const own = (of: (work: SchemaWork) => string[]) => [
    ...new Set([...of(left), ...of(wanted).filter((name) => !isTheirs(name))]),
  ];
  return { pending: own(({ pending }) => pending), contracting: own(({ contracting }) => contracting) };
}

const isPlanned = ({ pending }: SchemaWork) => !pending.includes(unplanned);

const keys = ['pending', 'contracting', 'unknown'] as const;

/** None for a line that is something else, such as a line of a log; undefined for one that means to be a plan and is not. */
function readJsonLine(line: string): (MigrationList | undefined)[] {
  const found = parsed(line);
  if (!found || !keys.some((key) => key in found)) return [];
  const { pending, contracting, unknown = [] } = found;
  if (!isNames(pending) || !isNames(unknown)) return [undefined];
  // A plan that does not say what is harmless has not said that anything is.
  if (contracting === undefined) return [{ pending, contracting: [], unknown: pending }];
  return [isNames(contracting) ? { pending, contracting, unknown } : undefined];
}

function parsed(line: string): Partial<Record<(typeof keys)[number], unknown>> | undefined {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** A migration that is called as what nobody has looked at is would pass for that, and not for what its own plan says that it is. */
function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== unplanned);
}

/** For whoever approves: what of a database's migrations is known by name and counts as contracting; undefined when there is none. */
export function contractingInWords(database: string, contracting: readonly string[]): string | undefined {
  const names = contracting.filter((name) => name !== unplanned);
  if (names.length === 0) return undefined;
  return `contracting migration of ${quoted(database)}: ${names.map(quotedItem).join(', ')}`;
}

/** `a, b, c, d, e and 115 more`: a first release may have thousands, and summaries and messages are short. */
export function inShort(names: readonly string[], most = 5): string {
  const left = names.length - most;
  return left > 0 ? `${names.slice(0, most).join(', ')} and ${left} more` : names.join(', ');
}
