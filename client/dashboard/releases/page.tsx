import { useState } from 'react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { ReleaseRow } from '../../../domain/contract/gateway.ts';
import { historyQuestion, seldomPaged } from '../gateway/questions.ts';
import { Panel } from '../parts/panel.tsx';
import { Loading } from '../parts/problem.tsx';
import { Stale } from '../parts/stale.tsx';
import type { Named } from '../words/address.ts';
import { filtersIn, mostChosen } from '../words/history.ts';
import { Choosing } from './choosing.tsx';
import { HistoryFilter } from './filter.tsx';
import { History } from './history.tsx';

/** What was released, the newest first, by what the address names; two of them may be compared. */
export function ReleasesPage() {
  const named = useSearch({ strict: false }) satisfies Named;
  const { data, error, dataUpdatedAt, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    ...historyQuestion(filtersIn(named)),
    refetchInterval: seldomPaged(10_000),
    placeholderData: keepPreviousData,
  });
  const [chosen, setChosen] = useState<readonly ReleaseRow[]>([]);
  const rows = data?.pages.flatMap(({ releases }) => releases);
  const choose = (row: ReleaseRow) => {
    const others = chosen.filter(({ releaseId }) => releaseId !== row.releaseId);
    // Of three the first gives way.
    setChosen(others.length < chosen.length ? others : [...chosen, row].slice(-mostChosen));
  };
  return (
    <div className="stack">
      <title>Releases · Slipway</title>
      <header className="head">
        <h1>Releases</h1>
      </header>
      <HistoryFilter />
      <Stale of={{ error, dataUpdatedAt }} what="What was released" />
      {!rows && !error && <Loading of="releases" />}
      {rows && (
        <Panel title="History" note={<Choosing chosen={chosen} />}>
          {rows.length === 0 ? (
            <p className="body ink-2">No release is like that, or none that you may look at.</p>
          ) : (
            <History rows={rows} chosen={chosen} choose={choose} />
          )}
          {hasNextPage && (
            <div className="panel-foot">
              <button type="button" className="btn" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {isFetchingNextPage ? 'Loading older ones …' : 'Show older'}
              </button>
            </div>
          )}
        </Panel>
      )}
    </div>
  );
}
