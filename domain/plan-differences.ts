import { factsOf, keyOf } from './plan-facts.ts';
import type { PlanFact } from './plan-facts.ts';
import { inOrder, planSections } from './plan-words.ts';
import type { PlanSection } from './plan-words.ts';
import { head } from './whole-text.ts';

/** One line of what a plan says, for whichever door shows it. A door arranges it, and adds and leaves out nothing. */
export interface PlanLine {
  section: PlanSection;
  what: string;
  /** As the plan says it that was verified last; absent where that says nothing of it. */
  before?: string;
  /** As this plan says it; absent where it says nothing of it any more. */
  after?: string;
  /** Of two lists, what has come and gone. */
  note?: string;
  /** It is about this release alone: told always, and not compared. */
  always?: true;
}

/** What a release found for itself: that another one found something else says nothing. */
const aboutThisOne =
  /^(?:migrations\.\*\.(?:pending|contracting|unknown)|gates\.\*\.(?:verdict|summary)|olderThanSchema\b.*)$/;

/** A fact beside what it was; at least one of them is there. */
export interface Change {
  before?: PlanFact;
  after?: PlanFact;
}

/**
 * Everything a plan says beside what the plan says that was verified last. Nothing of either is left out: each leaf of both is in one of
 * the lines. Without an earlier plan everything is new.
 */
export function planLines(plan: unknown, verified?: unknown): PlanLine[] {
  return changesOf(plan, verified).map(lineOf);
}

export function changesOf(plan: unknown, verified?: unknown): Change[] {
  const after = factsOf(plan);
  const known = new Map(verified === undefined ? [] : factsOf(verified).map((fact) => [keyOf(fact), fact]));
  const changes = after.map((fact): Change => {
    const key = keyOf(fact);
    const before = known.get(key);
    known.delete(key);
    return { after: fact, ...(before && { before }) };
  });
  const gone = [...known.values()].map((before): Change => ({ before }));
  // Where a section has lost something, that is told after what it has.
  return inOrder([...changes, ...gone], sectionOf);
}

export function isChange({ before, after }: Pick<Change, 'before' | 'after'> | PlanLine): boolean {
  const text = (one: PlanFact | string | undefined): string | undefined => (typeof one === 'object' ? one.text : one);
  return text(before) !== text(after);
}

function sectionOf({ before, after }: Change): PlanSection {
  return (after ?? before)!.section;
}

function lineOf({ before, after }: Change): PlanLine {
  const { section, what, pattern = '' } = (after ?? before)!;
  if (after && aboutThisOne.test(pattern)) return { section, what, after: after.text, always: true };
  const note = before && after ? noteOf(before, after) : undefined;
  return {
    section,
    what,
    ...(before && { before: before.text }),
    ...(after && { after: after.text }),
    ...(note !== undefined && { note }),
  };
}

function noteOf({ items: old, text: before }: PlanFact, { items, text: after }: PlanFact): string | undefined {
  if (!old || !items || before === after || old.length + items.length < 4) return undefined;
  const come = without(items, old);
  const gone = without(old, items);
  if (come.length + gone.length === 0) return 'the same in another order';
  return [come.length > 0 ? `new: ${come.join(', ')}` : '', gone.length > 0 ? `gone: ${gone.join(', ')}` : '']
    .filter(Boolean)
    .join('; ');
}

/** What the first has more often than the second. */
function without(items: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const one of others) left.set(one, (left.get(one) ?? 0) + 1);
  return items.filter((one) => {
    const count = left.get(one) ?? 0;
    left.set(one, count - 1);
    return count <= 0;
  });
}

// ── Less than everything ────────────────────────────────────────────────────

export interface Folding {
  /** Lines of a section, and characters of a value, beyond which the rest is only counted. */
  linesOfSection: number;
  characters: number;
}

export interface FoldedSection {
  section: PlanSection;
  lines: PlanLine[];
  /** Lines of it that are not among these. */
  more: number;
}

/** What is told where not everything is: what differs, and what is about this release alone. */
export function told(lines: readonly PlanLine[]): PlanLine[] {
  return lines.filter((line) => line.always === true || isChange(line));
}

/** The lines by section, with what is too long cut and counted. */
export function inSections(lines: readonly PlanLine[], folding?: Folding): FoldedSection[] {
  return planSections.flatMap((section) => {
    const all = lines.filter((line) => line.section === section);
    const shown = folding ? all.slice(0, folding.linesOfSection).map((line) => cutLine(line, folding)) : all;
    return all.length === 0 ? [] : [{ section, lines: shown, more: all.length - shown.length }];
  });
}

function cutLine(line: PlanLine, { characters }: Folding): PlanLine {
  const { before, after, note, what } = line;
  return {
    ...line,
    what: cut(what, characters),
    ...(before !== undefined && { before: cut(before, characters) }),
    ...(after !== undefined && { after: cut(after, characters) }),
    ...(note !== undefined && { note: cut(note, characters) }),
  };
}

/** How much is missing is said where it is missing. */
export function cut(text: string, characters: number): string {
  const shown = head(text, characters);
  const more = text.length - shown.length;
  return more > 0 ? `${shown} … and ${more} characters more` : text;
}
