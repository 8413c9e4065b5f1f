import { useQuery } from '@tanstack/react-query';
import { useFollowing } from '../gateway/follow.ts';
import { besideQuestion, commitsQuestion, planQuestion, releaseQuestion } from '../gateway/questions.ts';
import { Loading, Problem } from '../parts/problem.tsx';
import { imagesBefore } from '../words/before.ts';
import { Approved } from './approved.tsx';
import { Head } from './head.tsx';
import { Happened } from './happened.tsx';
import { Lost } from './lost.tsx';
import { Track } from './track.tsx';
import { VerdictPanel } from './verdict.tsx';
import { Where } from './where.tsx';

/** One run: where it is, why it does not move, what may be done; then the way, what runs where, what happened. */
export function ReleasePage({ id }: { id: string }) {
  const { data: view, error } = useQuery(releaseQuestion(id));
  const following = useFollowing(id);
  const hash = view?.recorded?.planHash;
  const ofPlan = { enabled: hash !== undefined };
  const { data: plan } = useQuery({ ...planQuestion(hash ?? ''), ...ofPlan });
  const { data: beside } = useQuery({ ...besideQuestion(hash ?? '', id), ...ofPlan });
  const { data: commits } = useQuery({ ...commitsQuestion(hash ?? '', id), ...ofPlan });
  if (!view) return error ? <Problem of="This run" error={error} /> : <Loading of="the run" />;
  return (
    <>
      <Lost following={following} />
      <Head view={view} commits={commits} />
      <div className="stack">
        <VerdictPanel view={view} plan={plan} />
        {view.status && <Track view={view} status={view.status} />}
        <div className="cols">
          <div className="stack">
            {view.status && <Where status={view.status} plan={plan} before={imagesBefore(beside)} />}
            {view.status && <Happened status={view.status} />}
          </div>
          <aside className="stack" aria-label="Plan and decisions">
            {plan && hash !== undefined && <Approved view={view} plan={plan} hash={hash} />}
          </aside>
        </div>
      </div>
    </>
  );
}
