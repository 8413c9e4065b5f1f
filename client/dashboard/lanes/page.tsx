import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { lanesQuestion, overviewQuestion, seldomPaged } from '../gateway/questions.ts';
import { LaneFilter } from '../parts/lane-filter.tsx';
import { useNow } from '../parts/now.ts';
import { Panel } from '../parts/panel.tsx';
import { Loading } from '../parts/problem.tsx';
import { Stale } from '../parts/stale.tsx';
import { searchOf } from '../words/address.ts';
import type { Named } from '../words/address.ts';
import { listedLane } from '../words/lane-list.ts';
import { LaneRows } from './rows.tsx';

/** Every lane that somebody may look at: first those where nothing new begins. */
export function LanesPage() {
  const { service = '', environment = '' } = useSearch({ strict: false }) satisfies Named;
  const { data, error, dataUpdatedAt, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    ...lanesQuestion(searchOf({ service, environment }).slice(1)),
    refetchInterval: seldomPaged(5_000),
    placeholderData: keepPreviousData,
  });
  // How whoever is in stands is said by runs, not by records of lanes.
  const { data: all } = useQuery({ ...overviewQuestion, refetchInterval: 10_000 });
  const now = useNow();
  const lanes = data?.pages.flatMap((page) => page.lanes.map((row) => listedLane(row, now, all?.runs)));
  const closed = lanes?.filter(({ isClosed }) => isClosed) ?? [];
  const untold = lanes?.filter(({ isUntold }) => isUntold) ?? [];
  const open = lanes?.filter(({ isClosed, isUntold }) => !isClosed && !isUntold) ?? [];
  return (
    <div className="stack">
      <title>Lanes · Slipway</title>
      <header className="head">
        <h1>Lanes</h1>
      </header>
      <LaneFilter label="Filter the lanes" />
      <Stale of={{ error, dataUpdatedAt }} what="How the lanes stand" />
      {!lanes && !error && <Loading of="the lanes" />}
      {lanes?.length === 0 && (
        <Panel title="No lane">
          <p className="body ink-2">The policy has no such lane that you may look at.</p>
        </Panel>
      )}
      {closed.length > 0 && <LaneRows title="Nothing new begins" lanes={closed} now={now} />}
      {untold.length > 0 && <LaneRows title="Not told here" lanes={untold} now={now} />}
      {open.length > 0 && <LaneRows title="Not closed" lanes={open} now={now} />}
      {hasNextPage && (
        <p>
          <button type="button" className="btn" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? 'Loading more lanes …' : 'Show more lanes'}
          </button>
        </p>
      )}
    </div>
  );
}
