import { longestReason } from './longest-reason.ts';
import { inShort } from './migration-plan.ts';
import { inSentences, withoutMiddle } from './whole-text.ts';

const longestList = 150;

/** How a run has ended that leaves a hold. `changed`: what is on record that it has begun to change, where the records were asked. */
interface HoldingEnd {
  releaseId: string;
  outcome: string;
  changed?: readonly string[];
  summary: string;
}

/** What is told where there is room for one sentence has what was changed in it. */
const longestCause = 200;

/**
 * The words of a hold, for whoever is to look before it is cleared, a sentence on each line: first the cause, as its run told it, with what was
 * changed, which is on record, whatever the run says; then whose end it is, and what else the run told. Of many places a few are named, and what
 * is long loses its middle: it ends with what is to be done.
 */
export function holdReason({ releaseId, outcome, changed = [], summary }: HoldingEnd): string {
  // A step that was refused for it has named it, too.
  const told = summary.replace(hadChanged(changed), 'had changed that').trim();
  const [cause = '', ...rest] = told.split('\n');
  const what = changed.length > 0 ? `; it had begun to change ${changedInShort(changed)}` : '';
  const short = withoutMiddle(cause.replace(/\.$/, ''), longestCause);
  const begins = inSentences([`${short}${what}`, `${releaseId} ended ${outcome}`]);
  const more = cause.length > longestCause ? [cause, ...rest] : rest;
  if (more.length === 0) return begins;
  return `${begins}\n${withoutMiddle(more.join('\n'), longestReason.ofHold - begins.length - 1)}`;
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
