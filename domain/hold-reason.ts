import { longestReason } from './longest-reason.ts';
import { inShort } from './migration-plan.ts';
import { withoutMiddle } from './whole-text.ts';

const longestList = 150;

/** How a run has ended that leaves a hold. `changed`: what is on record that it has begun to change, where the records were asked. */
interface HoldingEnd {
  releaseId: string;
  outcome: string;
  changed?: readonly string[];
  summary: string;
}

/**
 * The words of a hold, for whoever is to look before it is cleared. What was changed is on record, and comes first; the rest is how its run told
 * it. Of many places a few are named, and a long summary loses its middle: it ends with what is to be done.
 */
export function holdReason({ releaseId, outcome, changed = [], summary }: HoldingEnd): string {
  const what = changed.length > 0 ? `, after it had begun to change ${changedInShort(changed)}` : '';
  const begins = `${releaseId} ended ${outcome}${what}: `;
  // A step that was refused for it has named it, too.
  const told = summary.replace(hadChanged(changed), 'had changed that');
  return `${begins}${withoutMiddle(told, longestReason.ofHold - begins.length)}`;
}

/** The same in each message of a run that was reset or started again, so that nobody is told it twice. */
export function hadChanged(changed: readonly string[]): string {
  return `had changed ${changedInShort(changed)}`;
}

/** `core in de, core in nl and 28 more`: so wherever people are told what a run has changed that did not end well. */
export function changedInShort(changed: readonly string[]): string {
  const lists = [4, 3, 2].map((most) => inShort(changed, most));
  return lists.find((list) => list.length <= longestList) ?? inShort(changed, 1);
}
