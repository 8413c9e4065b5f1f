import { AsyncLocalStorage } from 'node:async_hooks';
import { visible } from '../../domain/visible.ts';
import { head } from '../../domain/whole-text.ts';

/** What names an effect, for people: short, and few. */
export type Facts = Record<string, string | number | readonly string[] | undefined>;

const listening = new AsyncLocalStorage<Facts>();

/** Does work of which `heard` gets what it says of itself, as soon as it is said. */
export function hearing<T>(heard: Facts, work: () => T): T {
  return listening.run(heard, work);
}

/**
 * What a step is about to do, or has done, for the audit: from the stored plan and the records, once they have shown that it may. What its
 * input says is its caller's word, and no evidence of anything.
 */
export function says(facts: Facts): void {
  const heard = listening.getStore();
  if (heard) Object.assign(heard, bounded(facts));
}

const longest = 500;
const mostItems = 100;

/** Rows are kept for good, and a name on record may be anybody's. */
function bounded(facts: Facts): Facts {
  const short = (text: string) => visible(head(text, longest));
  const entries = Object.entries(facts).map(([name, value]) => {
    if (typeof value === 'string') return [name, short(value)];
    return [name, typeof value === 'object' ? value.slice(0, mostItems).map(short) : value];
  });
  return Object.fromEntries(entries) as Facts;
}
