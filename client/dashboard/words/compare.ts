import type { PlanCommits, PlanView, ReleaseView, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import { artifactDigestOf, environmentOf } from '../../../domain/delivery.ts';
import { unplanned } from '../../../domain/migration-plan.ts';
import { changesOf, planLines } from '../../../domain/plan-differences.ts';
import type { PlanLine } from '../../../domain/plan-differences.ts';
import type { PlanFact } from '../../../domain/plan-facts.ts';
import { shortName } from '../../../domain/short-names.ts';
import { quotedItem, visible } from '../../../domain/visible.ts';
import { plural } from '../../cli/words.ts';

/** How something of one run is beside the same of another. */
export type Sameness = 'same' | 'changed' | 'new' | 'gone';

function samenessOf<T>(before: T | undefined, after: T | undefined): Sameness {
  if (before === undefined) return 'new';
  if (after === undefined) return 'gone';
  return before === after ? 'same' : 'changed';
}

export interface ComparedComponent {
  name: string;
  before?: string;
  after?: string;
  sameness: Sameness;
  /** The image is the same, and what is put in place with it is not. */
  note?: string;
  /** Environment variables by name: values are nobody's to read on a page. */
  variables: { name: string; sameness: Sameness }[];
}

/** Every component of either plan, in the order of the later one. */
export function comparedComponents(before: PlanView, after: PlanView): ComparedComponent[] {
  const names = [...new Set([...after.components, ...before.components].map(({ name }) => name))];
  return names.map((name) => {
    const [old, now] = [before, after].map((plan) => plan.components.find((one) => one.name === name));
    const sameness = samenessOf(old?.image, now?.image);
    const isOther = sameness === 'same' && old && now && artifactDigestOf(old) !== artifactDigestOf(now);
    return {
      name: visible(name),
      ...(old && { before: old.image }),
      ...(now && { after: now.image }),
      sameness,
      ...(isOther && { note: 'the same image, put in place with other variables' }),
      variables: comparedVariables(old ? environmentOf(old) : {}, now ? environmentOf(now) : {}),
    };
  });
}

function comparedVariables(
  before: Record<string, string>,
  after: Record<string, string>,
): ComparedComponent['variables'] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .map((name) => ({ name: quotedItem(name), sameness: samenessOf(before[name], after[name]) }))
    .filter(({ sameness }) => sameness !== 'same');
}

const hidden = '(not shown)';
/** What is told apart from the lines: each with its own panel. */
const isApart = /^components(?:$|\.\*\.(?:image|delivery\.env|artifact\.digest)\b)|^(?:commit|configurationHash)$/;

/** What differs else of what was planned: checks, gates, who approves, how it is migrated, and the rest. No value of a variable is among it. */
export function comparedLines(before: PlanView, after: PlanView): PlanLine[] {
  const changes = changesOf(after, before);
  return planLines(after, before)
    .map((line, at) => ({ line, fact: changes[at]?.after ?? changes[at]?.before }))
    .filter(({ line, fact }) => line.before !== line.after && !line.always && !isApart.test(fact?.pattern ?? ''))
    .map(({ line, fact }) => (isValue(fact) ? withoutValues(line) : line));
}

/** Where a plan has the value of a variable, of a migration or a smoke test; also in a field that nobody has put into words. */
function isValue(fact: PlanFact | undefined): boolean {
  if (fact?.pattern !== undefined) return /\.env\.\*$/.test(fact.pattern);
  return fact === undefined || fact.path.some((name) => /env/i.test(name));
}

function withoutValues({ before, after, ...line }: PlanLine): PlanLine {
  return {
    ...line,
    ...(before !== undefined && { before: hidden }),
    ...(after !== undefined && { after: before === undefined ? hidden : `${hidden}, another one` }),
  };
}

export interface ComparedMigration {
  database: string;
  before?: string;
  after?: string;
  /** After one of them nothing goes back. */
  isContracting: boolean;
}

/** What each was to do to each database. */
export function comparedMigrations(before: PlanView, after: PlanView): ComparedMigration[] {
  const databases = [...new Set([...after.migrations, ...before.migrations].map(({ database }) => database))];
  return databases.map((database) => {
    const [old, now] = [before, after].map((plan) => plan.migrations.find((one) => one.database === database));
    return {
      database: visible(database),
      ...(old && { before: pendingInWords(old.pending) }),
      ...(now && { after: pendingInWords(now.pending) }),
      isContracting: [old, now].some((one) => (one?.contracting.length ?? 0) > 0),
    };
  });
}

function pendingInWords(pending: readonly string[]): string {
  if (pending.includes(unplanned)) return 'could not be told before the approval';
  return pending.length > 0 ? pending.map(visible).join(', ') : 'nothing pending';
}

/** Whether the commits that are told of the later one are those between both; else why they are not shown. */
export function whyNotBetween(beside: VerifiedBeside | undefined, a: ReleaseView, b: ReleaseView): string | undefined {
  if (a.commit === b.commit) return 'Both are of the same commit.';
  if (!beside) return 'Which commits lie between them is not told yet.';
  const { verified, untold } = beside;
  const told = `what is on record of ${shortName(b)} is what it brings beside`;
  if (untold || !verified) return `Which commits lie between them is not on record: ${told} what was not told.`;
  if (verified.releaseId === a.releaseId || verified.plan?.commit === a.commit) return undefined;
  return `Which commits lie between them is not on record: ${told} ${verified.releaseId}, and not beside ${shortName(a)}.`;
}

/** Those that are told, in a number; and what is said in their place where there are none. */
export function betweenInWords({ commits, more, untold }: PlanCommits): { note?: string; instead?: string } {
  if (untold) return { instead: 'Which commits lie between them is not on record.' };
  // What it brings is asked of its commit without those that the other has: nothing is left of an older one.
  if (commits.length === 0 && !more) return { instead: 'None: the later run is of an older commit.' };
  return { note: `${plural(commits.length, 'commit')}${more ? ' and more' : ''}` };
}

/** Each once, as they come: whether it is the schema or a name that differs is seen before the list is read. */
function sectionsOf(lines: readonly PlanLine[]): string {
  return [...new Set(lines.map(({ section }) => section.toLowerCase()))].join(', ');
}

export function sentenceOf(components: readonly ComparedComponent[], lines: readonly PlanLine[]): string {
  const others = components.filter(({ sameness }) => sameness !== 'same').length;
  const images =
    others === 0
      ? 'The images are the same'
      : `${others} of ${plural(components.length, 'image')} differ${others === 1 ? 's' : ''}`;
  const rest =
    lines.length === 0
      ? 'nothing else of the plan does'
      : `${plural(lines.length, 'other thing')} of the plan ${lines.length === 1 ? 'does' : 'do'} (${sectionsOf(lines)})`;
  const variables = components.reduce((sum, one) => sum + one.variables.length, 0);
  const named = variables === 0 ? '' : `, ${plural(variables, 'variable')} ${variables === 1 ? 'is' : 'are'} other`;
  return others === 0 && lines.length === 0 && variables === 0
    ? 'Nothing of what was planned differs.'
    : `${images}${named}; ${rest}.`;
}
