/** What a page does by keys. Each presses, or puts the focus into, whatever carries its name as `data-key`; where nothing does, it does nothing. */
export interface Key {
  keys: readonly string[];
  does: string;
}

/** Of rows and of this list itself: nothing carries these. */
export const rowKeys = { down: 'j', up: 'k' };
export const helpKey = '?';
/** Begins those that are of two: `g` then `o`. */
const prefix = 'g';

/** As the list shows them. */
export const keys: readonly Key[] = [
  { keys: [helpKey], does: 'This list' },
  { keys: ['/'], does: 'Search' },
  { keys: [rowKeys.down, rowKeys.up], does: 'Down, up' },
  { keys: ['Enter'], does: 'Open' },
  { keys: ['g o'], does: 'Overview' },
  { keys: ['g m'], does: 'What waits for me' },
  { keys: ['g r'], does: 'Releases' },
  { keys: ['g n'], does: 'Lanes' },
  { keys: ['g i'], does: 'Insights' },
  { keys: ['g u'], does: 'Audit' },
  { keys: ['g l'], does: 'Lane of this release' },
  { keys: ['a'], does: 'Approve (asks)' },
  { keys: ['r'], does: 'Reject (asks)' },
  { keys: ['b'], does: 'Roll back (asks)' },
  { keys: ['c'], does: 'Copy id' },
  { keys: ['.'], does: 'Copy the same in the CLI' },
  { keys: ['t'], does: 'Theme' },
  { keys: ['Esc'], does: 'Close' },
];

/** What is pressed, after what was pressed before it: the name of a key, and what waits for a second one. */
export function readKey(before: string | undefined, key: string): { name?: string; waits?: string } {
  if (before === undefined && key === prefix) return { waits: prefix };
  return { name: before === undefined ? key : `${before} ${key}` };
}

/** What is decided by a key; each asks before it acts. */
export const keyOfDecision: Partial<Record<string, string>> = { approve: 'a', reject: 'r', 'roll-back': 'b' };
