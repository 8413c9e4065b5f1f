import type { Mine } from '../../../domain/contract/mine.ts';
import { visible } from '../../../domain/visible.ts';
import { sentence } from './sentence.ts';

/** Why whoever looks may not do that, as a sentence, by what the gateway says of them; undefined where they may, and as long as it has not said. */
export function refusedIn<Kind extends string>(mine: readonly Mine<Kind>[], kind: Kind): string | undefined {
  const refused = mine.find((one) => one.kind === kind)?.refused;
  return refused === undefined ? undefined : sentence(`Not by you: ${visible(refused)}`);
}

/** Under several that may be done: why not by whoever looks. Once, where it is one reason for all of them. */
export function whyNotLines<Kind extends string>(
  ways: readonly { kind: Kind; title: string }[],
  whyNot: (kind: Kind) => string | undefined,
): string[] {
  const refused = ways.flatMap(({ kind, title }) => {
    const why = whyNot(kind);
    return why === undefined ? [] : [{ title, why }];
  });
  return [...Map.groupBy(refused, ({ why }) => why)].map(([why, of]) => {
    const isForAll = of.length === ways.length;
    return isForAll ? why : `${of.map(({ title }) => title).join(', ')}: ${why}`;
  });
}
