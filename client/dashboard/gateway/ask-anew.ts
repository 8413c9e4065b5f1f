import type { QueryClient } from '@tanstack/react-query';
import type { LaneKey } from '../../../domain/contract/names.ts';
import { overviewQuestion } from './questions.ts';

/**
 * ms. The gateway tells for some seconds what it has told before: a look at all lanes and runs is good for 2 s (client/gateway/overview-routes.ts), what
 * a run has said of itself goes into it for 2 s, and takes 2.5 s at most (client/gateway/run-states.ts).
 */
const goodForMs = 6_500;
/** ms at most. Pages that hear of the same at once do not all ask again at once. */
const apartMs = 1_000;

/**
 * What else this page shows of what was decided, ordered, or has changed: the lane with what closes it, lists, and what waits for whoever looks. Asked
 * at once, and once more when the gateway looks anew, too. What nobody looks at is asked when somebody does.
 */
export function askAnew(client: QueryClient, { service, environment }: LaneKey): void {
  const ask = () => {
    for (const queryKey of [overviewQuestion.queryKey, ['lane', service, environment], ['lanes'], ['releases']])
      void client.invalidateQueries({ queryKey });
  };
  ask();
  setTimeout(ask, goodForMs + Math.random() * apartMs);
}
