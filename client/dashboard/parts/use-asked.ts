import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Me } from '../../../domain/contract/gateway.ts';
import { meQuestion } from '../gateway/questions.ts';

/** What somebody was asked to confirm, and why they can send nothing now. */
export interface Asked<What> {
  asked?: What;
  ask(what: What): void;
  close(): void;
  why?: string;
}

const lost = 'The gateway is away: what is shown may be old, and nothing can be sent. This page comes back by itself.';

/** Of the whole page: what is asked, and what was answered, stays there while the page goes on behind it. `whyNot`: by who they are. */
export function useAsked<What extends object>(
  isLost: boolean,
  whyNot: (me: Me | undefined) => string | undefined,
): Asked<What> {
  const { data: me } = useQuery(meQuestion);
  const [asked, setAsked] = useState<What>();
  const why = isLost ? lost : whyNot(me);
  return {
    ...(asked && { asked }),
    ask: (what) => setAsked(what),
    close: () => setAsked(undefined),
    ...(why !== undefined && { why }),
  };
}
