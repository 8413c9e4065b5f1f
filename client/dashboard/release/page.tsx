import { lazy, Suspense } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { useFollowing } from '../gateway/follow.ts';
import type { Following } from '../gateway/follow.ts';
import { besideQuestion, commitsQuestion, laneQuestion, planQuestion, releaseQuestion } from '../gateway/questions.ts';
import { Loading, NotYet, Problem } from '../parts/problem.tsx';
import { ShownAsOf } from '../parts/stale.tsx';
import { imagesBefore } from '../words/before.ts';
import { mayBeUndone } from '../words/way-back.ts';
import { mayBeDecided } from '../words/ways.ts';
import { Aftermath } from './aftermath.tsx';
import { Approved } from './approved.tsx';
import { Changes } from './changes.tsx';
import { Commits } from './commits.tsx';
import { Confirm } from './confirm.tsx';
import { Decided } from './decided.tsx';
import { Decision } from './decision.tsx';
import { Durations } from './durations.tsx';
import { Happened } from './happened.tsx';
import { Head } from './head.tsx';
import { Track } from './track.tsx';
import { useDeciding } from './use-deciding.ts';
import { VerdictPanel } from './verdict.tsx';
import { WayBack } from './way-back.tsx';
import { Where } from './where.tsx';
import { WholePlan } from './whole-plan.tsx';

/** Read after a decision more often than before one: it comes behind the rest. */
const Evidence = lazy(() => import('./evidence.tsx').then((file) => ({ default: file.Evidence })));

/** One run: where it is, why it does not move, what may be done; then the way, what runs where, what happened. */
export function ReleasePage({ id }: { id: string }) {
  const { data: view, error } = useQuery(releaseQuestion(id));
  const following = useFollowing(id, view !== undefined);
  if (!view)
    return (
      <>
        <title>Slipway</title>
        <NotYet of="The run" error={error} />
      </>
    );
  return (
    <>
      {following.state === 'lost' && <ShownAsOf at={following.at} />}
      <Run view={view} following={following} />
    </>
  );
}

function Run({ view, following }: { view: ReleaseView; following: Following }) {
  const { status, recorded, releaseId, service, environment } = view;
  const hash = recorded?.planHash ?? '';
  const ofPlan = { enabled: hash !== '' };
  const { data: plan, error: planError } = useQuery({ ...planQuestion(hash), ...ofPlan });
  const { data: beside, error: besideError } = useQuery({ ...besideQuestion(hash, releaseId), ...ofPlan });
  const { data: commits } = useQuery({ ...commitsQuestion(hash, releaseId), ...ofPlan });
  const { data: lane } = useQuery({
    ...laneQuestion(service, environment),
    refetchInterval: view.open ? false : 10_000,
  });
  const isAsked = mayBeDecided(view, 'approve');
  // What carries out an order builds and tests nothing: the release that it undoes did.
  const hasOwnEvidence = !view.undoes;
  const deciding = useDeciding(view, following.state === 'lost');
  return (
    <>
      {deciding.asked && (
        <Confirm
          view={view}
          {...deciding.asked}
          plan={deciding.asked.planHash === hash ? plan : undefined}
          beside={beside}
          before={lane && lane.untold === undefined ? imagesBefore(lane, view) : undefined}
          whyNot={deciding.whyNot(deciding.asked.way.kind)}
          close={deciding.close}
        />
      )}
      <Head view={view} commits={commits} beside={beside} />
      <div className="stack">
        {planError && <Problem of="The plan" error={planError} />}
        {besideError && <Problem of="What the plan is compared with" error={besideError} />}
        <VerdictPanel view={view} plan={plan} beside={beside} deciding={deciding} />
        <Aftermath view={view} lane={lane} />
        {status && !isAsked && <Track view={view} />}
        <div className="cols">
          <div className="stack">
            {isAsked && plan && (beside ? <Changes plan={plan} beside={beside} /> : <Loading of="what differs" />)}
            {isAsked && commits && <Commits commits={commits} />}
            {status && <Where view={view} status={status} plan={plan} before={imagesBefore(lane, view)} />}
            {status && isAsked && <Track view={view} />}
            {status && <Happened view={view} status={status} />}
            {!isAsked && plan && <WholePlan plan={plan} hash={hash} />}
            {hasOwnEvidence && (
              <Suspense fallback={null}>
                <Evidence view={view} />
              </Suspense>
            )}
            <Decided view={view} />
          </div>
          <aside className="stack" aria-label="Plan and decisions">
            {isAsked && plan && <Decision view={view} plan={plan} hash={hash} beside={beside} deciding={deciding} />}
            {mayBeUndone(view) && <WayBack view={view} />}
            {plan && <Approved view={view} plan={plan} hash={hash} />}
            {status && <Durations view={view} />}
          </aside>
        </div>
      </div>
    </>
  );
}
