import { useQuery } from '@tanstack/react-query';
import { useFollowing } from '../gateway/follow.ts';
import { besideQuestion, commitsQuestion, planQuestion, releaseQuestion } from '../gateway/questions.ts';
import { Loading, Problem } from '../parts/problem.tsx';
import { imagesBefore } from '../words/before.ts';
import { Approved } from './approved.tsx';
import { Changes } from './changes.tsx';
import { Commits } from './commits.tsx';
import { Decision } from './decision.tsx';
import { Happened } from './happened.tsx';
import { Head } from './head.tsx';
import { Lost } from './lost.tsx';
import { Track } from './track.tsx';
import { VerdictPanel } from './verdict.tsx';
import { Where } from './where.tsx';

/** One run: where it is, why it does not move, what may be done; then the way, what runs where, what happened. */
export function ReleasePage({ id }: { id: string }) {
  const { data: view, error } = useQuery(releaseQuestion(id));
  const following = useFollowing(id);
  const hash = view?.recorded?.planHash ?? '';
  const ofPlan = { enabled: hash !== '' };
  const { data: checked, error: planError } = useQuery({ ...planQuestion(hash), ...ofPlan });
  const { data: beside } = useQuery({ ...besideQuestion(hash, id), ...ofPlan });
  const { data: commits } = useQuery({ ...commitsQuestion(hash, id), ...ofPlan });
  if (!view) return error ? <Problem of="This run" error={error} /> : <Loading of="the run" />;
  const { status } = view;
  const isAsked = status?.waitingFor?.decisions?.includes('approve') === true;
  const verified = beside?.verified?.plan;
  return (
    <>
      <Lost following={following} />
      <Head view={view} commits={commits} />
      <div className="stack">
        {planError && <Problem of="The plan" error={planError} />}
        <VerdictPanel view={view} plan={checked?.plan} verified={verified} />
        {status && !isAsked && <Track view={view} status={status} />}
        <div className="cols">
          <div className="stack">
            {isAsked && checked && beside && <Changes plan={checked.plan} verified={verified} />}
            {isAsked && commits && <Commits commits={commits} />}
            {status && <Where status={status} plan={checked?.plan} before={imagesBefore(beside)} />}
            {status && isAsked && <Track view={view} status={status} />}
            {status && <Happened status={status} />}
          </div>
          <aside className="stack" aria-label="Plan and decisions">
            {isAsked && checked && <Decision view={view} checked={checked} hash={hash} />}
            {checked && <Approved view={view} plan={checked.plan} hash={hash} />}
          </aside>
        </div>
      </div>
    </>
  );
}
