import type { MigrationList } from './migration-plan.ts';

type Judgement = 'expanding' | 'unknown' | 'contracting';
const order: Judgement[] = ['expanding', 'unknown', 'contracting'];

/**
 * Operations, in Django's words, with which the code of the release before goes on as it did. Only what is listed here is harmless. Not
 * `Add field`: it may be NOT NULL, with a default that Django takes away again, and then the older code cannot insert a row; its words do
 * not say. Not what removes an index or constraint, which the older code may need.
 */
const expandingOperations = [
  /^Create (proxy )?model \S+$/,
  /^(Create|Concurrently create) index \S+ on .+ model \S+$/,
  /^Rename (unnamed )?index .+ to \S+$/,
  /^Creates extension \S+$/,
  /^Create collation \S+$/,
  /^Change (Meta options|managers) on \S+$/,
  /^Alter \S+ table comment$/,
];
const contractingOperations = /^(Remove field|Delete model|Rename (model|field|table)) /;

function judge(operation: string): Judgement {
  if (contractingOperations.test(operation)) return 'contracting';
  return expandingOperations.some((pattern) => pattern.test(operation)) ? 'expanding' : 'unknown';
}

const header = /^Planned operations:\s*$/;
const nothing = /^\s*No planned migration operations\.?\s*$/;
/** `app.0001_initial`, alone on its line. */
const migration = /^([\p{L}_][\p{L}\p{N}_]*\.\S+)\s*$/u;
const indented = /^ {4}(.*)$/;

/**
 * One list for each time that `migrate --plan` has told what it would do: a project with several databases calls it for each. Undefined
 * stands for a telling that broke off before it had said anything.
 */
export function readDjangoPlan(lines: string[]): (MigrationList | undefined)[] {
  const starts = lines.flatMap((line, index) => (header.test(line) ? [index] : []));
  return starts.map((start, n) => readSection(lines.slice(start + 1, starts[n + 1])));
}

function readSection(lines: string[]): MigrationList | undefined {
  const judged = new Map<string, Judgement>();
  let current: string | undefined;
  let told = false;
  for (const line of lines) {
    const name = migration.exec(line)?.[1];
    const operation = indented.exec(line)?.[1];
    told ||= name !== undefined || nothing.test(line);
    if (name !== undefined) {
      current = name;
      judged.set(name, judged.get(name) ?? 'expanding');
    } else if (operation !== undefined && current !== undefined) {
      judged.set(current, worse(judge(operation.trimEnd()), judged.get(current)));
    }
  }
  const judgedAs = (wanted: Judgement) => [...judged].flatMap(([name, is]) => (is === wanted ? [name] : []));
  return told
    ? { pending: [...judged.keys()], contracting: judgedAs('contracting'), unknown: judgedAs('unknown') }
    : undefined;
}

function worse(a: Judgement, b: Judgement | undefined): Judgement {
  return b !== undefined && order.indexOf(b) > order.indexOf(a) ? b : a;
}
