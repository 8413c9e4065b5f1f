import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LaneView } from '../../../domain/contract/gateway.ts';
import { meQuestion } from '../gateway/questions.ts';
import type { LaneWay } from '../words/lane-ways.ts';
import { whyNotOrder } from '../words/may-lane.ts';

/** What somebody was asked to confirm, as it was then, and why they can order nothing now. */
export interface Ordering {
  asked?: LaneWay;
  ask(way: LaneWay): void;
  close(): void;
  why?: string;
}

const lost = 'The gateway is away: what is shown may be old, and nothing can be sent. This page comes back by itself.';

/** Of the whole page: what is asked, and what was answered, stays there while the page goes on behind it. */
export function useOrdering(view: LaneView, isLost: boolean): Ordering {
  const { data: me } = useQuery(meQuestion);
  const [asked, setAsked] = useState<LaneWay>();
  const why = isLost ? lost : whyNotOrder(me, view);
  return {
    ...(asked && { asked }),
    ask: setAsked,
    close: () => setAsked(undefined),
    ...(why !== undefined && { why }),
  };
}
