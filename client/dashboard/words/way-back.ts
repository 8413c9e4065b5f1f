import type { ReleaseView, RollbackPreview } from '../../../domain/contract/gateway.ts';
import { meaningOf } from '../../../domain/outcomes.ts';
import { visible } from '../../../domain/visible.ts';
import { inShell, reasonInShell } from './shell.ts';
import { lineOf } from './ways.ts';

/** What would follow if a run was rolled back: by region, or why it cannot be. */
export interface ShownWayBack {
  isEligible: boolean;
  lines: string[];
}

export function wayBackInWords(preview: RollbackPreview | undefined, error: Error | null): ShownWayBack | undefined {
  if (error) return { isEligible: false, lines: [visible(error.message)] };
  if (!preview) return undefined;
  const { refused, regions } = preview;
  return {
    isEligible: refused === undefined && regions.some(({ kind }) => kind === 'go'),
    lines: [
      ...regions.map(lineOf).map(visible),
      ...(refused === undefined ? [] : [`You may not order it: ${visible(refused)}.`]),
    ],
  };
}

/**
 * What has become of it while somebody was asked. `then`: as they have read it. Ordered is what the records say when it goes back: whoever has read
 * of another target reads anew first.
 */
export function wayBackMeanwhile(
  then: RollbackPreview,
  { data: now, error }: { data: RollbackPreview | undefined; error: Error | null },
): { says: string[]; why?: string } {
  if (error) return { says: [], why: `What it would go back to cannot be told any more: ${error.message}.` };
  if (now?.refused !== undefined) return { says: [], why: `You may not order it: ${now.refused}.` };
  if (now && JSON.stringify(now.regions) === JSON.stringify(then.regions)) return { says: [] };
  return { says: [], why: 'It would go back to something else by now: close this, and read that.' };
}

/** Whether an order to put back what it did makes sense at all: of a release that has ended, and put something in place. */
export function mayBeUndone({ open, outcome, undoes }: Pick<ReleaseView, 'open' | 'outcome' | 'undoes'>): boolean {
  return !open && !undoes && meaningOf(outcome).undoable !== false;
}

/** The same in the command line. */
export function rollbackCommand(releaseId: string, reason: string): string {
  return `slipway rollback ${inShell(releaseId)} --reason ${reasonInShell(reason)}`;
}
