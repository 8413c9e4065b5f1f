import { queryClient } from './query-client.ts';
import {
  besideQuestion,
  commitsQuestion,
  laneQuestion,
  meQuestion,
  myDecisionsQuestion,
  planQuestion,
  releaseQuestion,
} from './questions.ts';

/**
 * What the page of a run is going to ask, asked before it is drawn: its sentence waits for the plan, which is known by its hash once the run is.
 * What is refused here is told by the page, which finds it so.
 */
export async function beginRun(id: string): Promise<void> {
  const question = releaseQuestion(id);
  void queryClient.prefetchQuery(meQuestion);
  await queryClient.prefetchQuery(question);
  const view = queryClient.getQueryData(question.queryKey);
  if (!view) return;
  const hash = view.recorded?.planHash;
  if (hash !== undefined) {
    void queryClient.prefetchQuery(planQuestion(hash));
    void queryClient.prefetchQuery(besideQuestion(hash, view.releaseId));
    void queryClient.prefetchQuery(commitsQuestion(hash, view.releaseId));
  }
  void queryClient.prefetchQuery(laneQuestion(view.service, view.environment));
  // What is asked before it is drawn is asked whether it is `enabled` or not.
  const mine = myDecisionsQuestion(view);
  if (mine.enabled) void queryClient.prefetchQuery(mine);
}
