import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Overview as Seen } from '../../../domain/contract/overview.ts';
import { visible } from '../../../domain/visible.ts';
import { overviewQuestion } from '../gateway/questions.ts';
import { Loading, Problem } from '../parts/problem.tsx';
import { Stale } from '../parts/stale.tsx';
import { matrixOf } from '../words/matrix.ts';
import { linesOf } from '../words/standing.ts';
import { Beginning } from './beginning.tsx';
import { MatrixPanel } from './matrix.tsx';
import { Running } from './running.tsx';
import { Todo } from './todo.tsx';

/** What waits for me, what moves, what runs where. Asked for again while somebody looks. */
export function Overview() {
  const { data, error, dataUpdatedAt } = useQuery({ ...overviewQuestion, refetchInterval: 5_000 });
  useWide();
  return (
    <>
      <title>Overview · Slipway</title>
      <h1 className="vh">Overview</h1>
      {data ? (
        <div className="stack">
          <Stale of={{ error, dataUpdatedAt }} what="What goes on now" />
          <All seen={data} />
        </div>
      ) : error ? (
        <Problem of="The overview" error={error} />
      ) : (
        <Loading of="what waits, goes on and runs" />
      )}
    </>
  );
}

function All({ seen }: { seen: Seen }) {
  const lines = useMemo(() => linesOf(seen), [seen]);
  const matrix = useMemo(() => matrixOf(seen), [seen]);
  const isEmpty = seen.runs.length === 0 && seen.lanes.every(({ regions }) => regions.length === 0);
  if (isEmpty) return <Beginning lanes={seen.lanes} />;
  return (
    <>
      {seen.unseen?.map((line) => (
        <p key={line} className="tone" data-tone="mute">
          {visible(line)}
        </p>
      ))}
      <Todo of={lines} holds={seen.holdsForMe ?? []} />
      <Running lines={lines.running} isMore={seen.moreRuns === true} />
      <MatrixPanel matrix={matrix} moreLanes={seen.moreLanes ?? 0} />
    </>
  );
}

/** Of all pages this one has the most beside each other. */
function useWide(): void {
  useEffect(() => {
    document.body.classList.add('wide');
    return () => document.body.classList.remove('wide');
  }, []);
}
