import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { LaneView } from '../../../domain/contract/gateway.ts';
import { laneQuestion, openInLaneQuestion } from '../gateway/questions.ts';
import { useNow } from '../parts/now.ts';
import { NotYet } from '../parts/problem.tsx';
import { Stale } from '../parts/stale.tsx';
import { insideOf, laneNow } from '../words/lane-now.ts';
import { Deeds } from './deeds.tsx';
import { LaneHead } from './head.tsx';
import { Inside } from './inside.tsx';
import { Order } from './order.tsx';
import { Queue } from './queue.tsx';
import { useOrdering } from './use-ordering.ts';
import { VerdictOfLane } from './verdict.tsx';
import { Verified } from './verified.tsx';

const often = { refetchInterval: 3_000 };

/** One lane: whether anything new begins here, what closes it, who is in and who waits, and what may be done. */
export function LanePage() {
  const { service = '', environment = '' } = useParams({ strict: false });
  const { data: view, error, dataUpdatedAt } = useQuery({ ...laneQuestion(service, environment), ...often });
  return (
    <>
      <title>{`${service} → ${environment} · Slipway`}</title>
      {view ? (
        <>
          <Stale of={{ error, dataUpdatedAt }} what="The lane" />
          <Lane key={`${service}/${environment}`} view={view} isLost={error !== null} />
        </>
      ) : (
        <NotYet of="The lane" error={error} />
      )}
    </>
  );
}

function Lane({ view, isLost }: { view: LaneView; isLost: boolean }) {
  const now = useNow();
  const lane = laneNow(view, now);
  const { service, environment } = view;
  const { data: open } = useQuery({ ...openInLaneQuestion(service, environment), ...often });
  const ordering = useOrdering(view, isLost);
  const runs = open?.releases ?? [];
  const of = { view, lane, inside: insideOf(lane, runs), ordering };
  return (
    <>
      {ordering.asked && <Order view={view} lane={lane} ordering={ordering} asked={ordering.asked} />}
      <LaneHead {...of} />
      <div className="stack">
        <VerdictOfLane {...of} />
        <div className="cols">
          <div className="stack">
            <Inside lane={lane} runs={runs} ended={view.holderEnded} />
            <Queue lane={lane} runs={runs} isUntold={view.untold !== undefined} />
          </div>
          <aside className="stack" aria-label="Here now, and before">
            <Verified view={view} />
            <Deeds lane={view} />
          </aside>
        </div>
      </div>
    </>
  );
}
