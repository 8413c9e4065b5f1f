import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { useAsked } from '../parts/use-asked.ts';
import type { Asked } from '../parts/use-asked.ts';
import { whyNotDecide } from '../words/may.ts';
import type { Way } from '../words/ways.ts';

/** What is to be decided, of the run and the plan that were shown when it was asked. */
interface AskedWay {
  way: Way;
  planHash: string | undefined;
  then: ReleaseView;
}

export type Deciding = Omit<Asked<AskedWay>, 'ask'> & { ask(way: Way): void };

export function useDeciding(view: ReleaseView, isLost: boolean): Deciding {
  const { ask, ...asked } = useAsked<AskedWay>(isLost, (me) => whyNotDecide(me, view));
  return { ...asked, ask: (way) => ask({ way, planHash: view.recorded?.planHash, then: view }) };
}
