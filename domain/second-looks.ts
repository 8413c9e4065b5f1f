import { changesOf, cut, isChange } from './plan-differences.ts';
import { looksAtAuthority } from './second-looks/authority.ts';
import { looksAtCommands } from './second-looks/commands.ts';
import { looksAtPlaces } from './second-looks/places.ts';
import { looksAtProof } from './second-looks/proof.ts';
import { looksAtReach } from './second-looks/reach.ts';
import { looksAtSchema } from './second-looks/schema.ts';
import type { LookRule, SecondLook, Seen } from './second-looks/seen.ts';
import { looksAtText } from './second-looks/text.ts';

/** By what can be done with it, the worst first. */
const rules: LookRule[] = [
  looksAtSchema,
  looksAtCommands,
  looksAtAuthority,
  looksAtPlaces,
  looksAtReach,
  looksAtProof,
  looksAtText,
];

/** None of them is left out, however many there are; a value that is longer would push the others out of sight. */
const longest = 1_000;

/**
 * What of a plan deserves a second look. What was verified before was looked at then: only what is not as it was counts, except for what is
 * about this release alone. Without an earlier plan all of it is looked at, and nothing is called new.
 */
export function secondLooks(plan: unknown, verified?: unknown): SecondLook[] {
  const all = changesOf(plan, verified);
  const seen: Seen = {
    changes: all.filter(isChange),
    now: all.flatMap(({ after }) => after ?? []),
    ...(verified !== undefined && { then: all.flatMap(({ before }) => before ?? []) }),
  };
  return rules.flatMap((rule) => rule(seen)).map(({ what, why }) => ({ what: cut(what, longest), why }));
}
