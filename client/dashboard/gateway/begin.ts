import { client } from './client.ts';
import {
  besideQuestion,
  commitsQuestion,
  laneQuestion,
  meQuestion,
  myDecisionsQuestion,
  planQuestion,
  releaseQuestion,
  waitsForDecision,
} from './questions.ts';

/**
 * What the page of a run is going to ask, asked before it is drawn: its sentence waits for the plan, which is known by its hash once the run is.
 * What is refused here is told by the page, which finds it so.
 */
export async function beginRun(id: string): Promise<void> {
  const question = releaseQuestion(id);
  await Promise.all([client.prefetchQuery(meQuestion), client.prefetchQuery(question)]);
  const view = client.getQueryData(question.queryKey);
  if (!view) return;
  const hash = view.recorded?.planHash;
  if (hash !== undefined) {
    void client.prefetchQuery(planQuestion(hash));
    void client.prefetchQuery(besideQuestion(hash, id));
    void client.prefetchQuery(commitsQuestion(hash, id));
  }
  void client.prefetchQuery(laneQuestion(view.service, view.environment));
  if (waitsForDecision(view)) void client.prefetchQuery(myDecisionsQuestion(view));
}
