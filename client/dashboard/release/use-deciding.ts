import { useQuery } from '@tanstack/react-query';
import type { DecisionKind } from '../../../domain/contract/decisions.ts';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { myDecisionsQuestion } from '../gateway/questions.ts';
import { useAsked } from '../parts/use-asked.ts';
import type { Asked } from '../parts/use-asked.ts';
import type { Way } from '../words/ways.ts';

/** What is to be decided, of the run and the plan that were shown when it was asked. */
interface AskedWay {
  way: Way;
  planHash: string | undefined;
  then: ReleaseView;
}

export type Deciding = Omit<Asked<AskedWay, DecisionKind>, 'ask'> & { ask(way: Way): void };

export function useDeciding(view: ReleaseView, isLost: boolean): Deciding {
  const { data } = useQuery(myDecisionsQuestion(view));
  const { ask, ...asked } = useAsked<AskedWay, DecisionKind>(isLost, data?.decisions);
  return { ...asked, ask: (way) => ask({ way, planHash: view.recorded?.planHash, then: view }) };
}
