import { quoted } from '../visible.ts';
import { changesIn, factsIn, textsOf } from './seen.ts';
import type { LookRule, Seen } from './seen.ts';

/** Where a component goes that was there before. What comes or goes with its whole region is told of the region. */
export const looksAtReach: LookRule = (seen) =>
  changesIn(seen, 'components.*.regions').flatMap(({ before, after }) => {
    const { what, path } = (after ?? before)!;
    const [then, now] = [namesIn(seen.then), namesIn(seen.now)];
    const isKnown = [then, now].every(({ components }) => components.includes(path[1] ?? ''));
    if (!isKnown) return [];
    // Without a list it goes everywhere.
    const went = before ? textsOf(before) : then.regions;
    const goes = after ? textsOf(after) : now.regions;
    const inBoth = then.regions.filter((region) => now.regions.includes(region));
    const left = inBoth.filter((region) => went.includes(region) && !goes.includes(region));
    const come = inBoth.filter((region) => goes.includes(region) && !went.includes(region));
    const said = `${what}: ${after?.text ?? 'all'}, was ${before?.text ?? 'all'}`;
    return [
      ...(left.length > 0
        ? [{ what: said, why: `it leaves ${listed(left)}: what runs of it there stays, and is released no more` }]
        : []),
      ...(come.length > 0 ? [{ what: said, why: `it comes to ${listed(come)}, where it did not go before` }] : []),
    ];
  });

function namesIn(facts: Seen['then']): { components: string[]; regions: string[] } {
  const of = (pattern: string) => factsIn(facts, pattern).flatMap(textsOf);
  return { components: of('components'), regions: of('regions') };
}

function listed(regions: readonly string[]): string {
  return regions.map(quoted).join(', ');
}
