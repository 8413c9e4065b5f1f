import { useQuery } from '@tanstack/react-query';
import { useFollowing } from '../gateway/follow.ts';
import { planQuestion, releaseQuestion } from '../gateway/questions.ts';
import { Loading, Problem } from '../parts/problem.tsx';
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
  const { data: plan } = useQuery({ ...planQuestion(hash ?? ''), enabled: hash !== undefined });
  if (!view) return error ? <Problem of="This run" error={error} /> : <Loading of="the run" />;
  return (
    <>
      <Lost following={following} />
      <Head view={view} />
      <div className="stack">
        <VerdictPanel view={view} plan={plan} />
        {view.status && <Track view={view} status={view.status} />}
        <div className="cols">
          <div className="stack">
            {view.status && <Where status={view.status} plan={plan} />}
            <Happened view={view} />
          </div>
          <aside className="stack" aria-label="Plan and decisions">
            {plan && hash !== undefined && <Approved view={view} plan={plan} hash={hash} />}
          </aside>
        </div>
      </div>
    </>
  );
}
