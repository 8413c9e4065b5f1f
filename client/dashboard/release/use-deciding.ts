import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { meQuestion } from '../gateway/questions.ts';
import { whyNotDecide } from '../words/may.ts';
import type { Way } from '../words/ways.ts';

/** What somebody was asked to confirm, of the run and the plan that were shown then; and why they can decide nothing now. */
export interface Deciding {
  asked?: { way: Way; planHash: string | undefined; then: ReleaseView };
  ask(way: Way): void;
  close(): void;
  why?: string;
}

const lost = 'The gateway is away: what is shown may be old, and nothing can be sent. This page comes back by itself.';

/** Of the whole page: what is asked, and what was answered, stays there while the page goes on behind it. */
export function useDeciding(view: ReleaseView, isLost: boolean): Deciding {
  const { data: me } = useQuery(meQuestion);
  const [asked, setAsked] = useState<Deciding['asked']>();
  const why = isLost ? lost : whyNotDecide(me, view);
  return {
    ...(asked && { asked }),
    ask: (way) => setAsked({ way, planHash: view.recorded?.planHash, then: view }),
    close: () => setAsked(undefined),
    ...(why !== undefined && { why }),
  };
}
