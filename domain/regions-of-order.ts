import { regionsTouched } from './left-behind.ts';
import { meaningOf } from './outcomes.ts';

/** Of a release that somebody orders to undo. */
export interface Undone {
  outcome: string | undefined;
  /** It goes on, and puts back what it has changed itself. */
  isOpen?: boolean;
  /** All regions of its plan; absent where none is on record. */
  planned: readonly string[] | undefined;
  /** What it is on record as having changed. */
  changed: readonly string[];
}

/** Those that it has changed, where it was left half way or goes on; undefined where it went all its way: its whole plan is undone then. */
export function regionsLeft({ outcome, isOpen = false, changed }: Omit<Undone, 'planned'>): string[] | undefined {
  const isHalfWay = isOpen || meaningOf(outcome).undoable === 'left-behind';
  return isHalfWay ? regionsTouched(changed) : undefined;
}

/** The regions that an order is about: those that it names, or where the release was left, or all that it has. */
export function regionsOfOrder(named: readonly string[] | undefined, undone: Undone): string[] {
  return [...(named ?? regionsLeft(undone) ?? undone.planned ?? regionsTouched(undone.changed))];
}
