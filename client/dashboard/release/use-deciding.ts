import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { meQuestion } from '../gateway/questions.ts';
import { whyNotDecide } from '../words/may.ts';
import type { Way } from '../words/ways.ts';

/** What somebody is asked to confirm, and why they can decide nothing now. */
export function useDeciding(view: ReleaseView, isLost: boolean) {
  const { data: me } = useQuery(meQuestion);
  const [asked, ask] = useState<Way>();
  const lost =
    'The gateway is away: what is shown may be old, and nothing can be sent. This page comes back by itself.';
  const why = isLost ? lost : whyNotDecide(me, view);
  return { asked, ask, why };
}
