import { useState } from 'react';
import type { Mine } from '../../../domain/contract/mine.ts';
import { refusedIn } from '../words/mine.ts';

/** What somebody was asked to confirm, and why they can send it not now. */
export interface Asked<What, Kind extends string> {
  asked?: What;
  ask(what: What): void;
  close(): void;
  /** Why they may not do that now, in words; undefined where they may, or that is not known yet: the gateway judges whatever is sent. */
  whyNot(kind: Kind): string | undefined;
}

const lost = 'The gateway is away: what is shown may be old, and nothing can be sent. This page comes back by itself.';

/** Of the whole page: what is asked, and what was answered, stays there while the page goes on behind it. `mine`: what whoever looks may do. */
export function useAsked<What extends object, Kind extends string>(
  isLost: boolean,
  mine: readonly Mine<Kind>[] = [],
): Asked<What, Kind> {
  const [asked, setAsked] = useState<What>();
  return {
    ...(asked && { asked }),
    ask: (what) => setAsked(what),
    close: () => setAsked(undefined),
    whyNot: (kind) => (isLost ? lost : refusedIn(mine, kind)),
  };
}
