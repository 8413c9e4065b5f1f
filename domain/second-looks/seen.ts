import type { Change } from '../plan-differences.ts';
import type { PlanFact } from '../plan-facts.ts';
import { quoted } from '../visible.ts';

/** What whoever approves should look at twice, and why. Nothing of it is forbidden. */
export interface SecondLook {
  /** The field in words, and what it is now. */
  what: string;
  /** One sentence. */
  why: string;
}

/** A plan beside the one that was verified last, as the rules see it. */
export interface Seen {
  /** What is not as it was; without an earlier plan, everything. */
  changes: Change[];
  now: PlanFact[];
  /** Absent without an earlier plan: nothing is new then, or all of it. */
  then?: PlanFact[];
}

/** Why. */
export const anotherQuestion = 'another question says whether the release is well';

export type LookRule = (seen: Seen) => SecondLook[];

/** Those of a field, by its pattern: `*` for names. */
export function changesIn({ changes }: Seen, ...patterns: string[]): Change[] {
  return changes.filter(({ before, after }) => patterns.includes((after ?? before)?.pattern ?? ''));
}

/** The same where there is something now. */
export function presentIn(seen: Seen, ...patterns: string[]): (Change & { after: PlanFact })[] {
  return changesIn(seen, ...patterns).flatMap(({ before, after }) =>
    after ? [{ ...(before && { before }), after }] : [],
  );
}

export function factsIn(facts: readonly PlanFact[] | undefined, ...patterns: string[]): PlanFact[] {
  return (facts ?? []).filter(({ pattern }) => patterns.includes(pattern ?? ''));
}

/** The texts of a list; none for what is not one. */
export function textsOf(fact: PlanFact | undefined): string[] {
  return Array.isArray(fact?.value) ? fact.value.filter((one) => typeof one === 'string') : [];
}

/** `core, repository: evil.test/core`, in whose words a look begins. */
export function told({ what, text }: PlanFact): string {
  return `${what}: ${text}`;
}

/** What has come to a list, as text to be shown. */
export function comeTo({ before, after }: Change): string[] {
  const known = new Set(textsOf(before));
  return textsOf(after)
    .filter((one) => !known.has(one))
    .map(quoted);
}

/** What has gone from a list, as text to be shown. */
export function goneFrom({ before, after }: Change): string[] {
  const left = new Set(textsOf(after));
  return textsOf(before)
    .filter((one) => !left.has(one))
    .map(quoted);
}
