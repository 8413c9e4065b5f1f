import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useId } from 'react';
import { plural } from '../../cli/words.ts';
import { useCoarseNow } from './coarse-now.ts';
import { countsOf, isSought, soughtIn } from '../words/matrix.ts';
import type { Column, Kind, Matrix } from '../words/matrix.ts';
import type { Named } from '../words/address.ts';
import { Filters } from './filters.tsx';
import { MatrixRow } from './row.tsx';
import { useMost } from './use-most.ts';
import { usePlainLinks } from './use-plain-links.ts';

/** Services by environment and region: those with something to do first. What is sought stands in the address. */
export function MatrixPanel({ matrix: { columns, rows }, moreLanes }: { matrix: Matrix; moreLanes: number }) {
  const id = useId();
  const now = useCoarseNow();
  const follow = usePlainLinks();
  const { search, seek } = useSought();
  const sought = useDeferredValue(soughtIn(search));
  const found = rows.filter((row) => isSought(row, sought));
  const { most, end, more } = useMost(JSON.stringify(sought));
  const width = columns.reduce((sum, { regions }) => sum + Math.max(1, regions.length), 1);
  const [busy, calm] = [found.filter(({ hasToDo }) => hasToDo), found.filter(({ hasToDo }) => !hasToDo)];
  const rowOf = (row: (typeof rows)[number]) => <MatrixRow key={row.service} row={row} now={now} />;
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>What runs where</h2>
        <Filters search={search} seek={seek} all={rows.length} counts={countsOf(rows)} />
      </header>
      <table className="matrix" onClick={follow}>
        <caption className="vh">Services by environment and region. Where regions agree they share one cell.</caption>
        <Head columns={columns} />
        <tbody>
          {busy.slice(0, most).map(rowOf)}
          {calm.length > 0 && busy.length < most && (
            <tr className="fold">
              <th colSpan={width} scope="rowgroup">
                Nothing to do · {plural(calm.length, 'service')}
              </th>
            </tr>
          )}
          {calm.slice(0, Math.max(0, most - busy.length)).map(rowOf)}
        </tbody>
      </table>
      {found.length === 0 && <p className="body ink-3">No service is so.</p>}
      <div className="panel-foot">
        {found.length > most && (
          <button ref={end} type="button" className="btn btn-quiet" onClick={more}>
            Show more: {most} of {plural(found.length, 'service')} are shown
          </button>
        )}
        <span>One cell across regions: they agree. Two cells: they do not.</span>
        {moreLanes > 0 && <span>{plural(moreLanes, 'more lane')} not shown: there are too many.</span>}
      </div>
    </section>
  );
}

/** The address is replaced: each letter is no page to go back to. */
function useSought() {
  const search: Named = useSearch({ strict: false });
  const navigate = useNavigate();
  const seek = useCallback(
    (change: { state?: Kind | undefined; find?: string }) =>
      void navigate({
        to: '/',
        search: (before: Record<string, string | undefined>) =>
          Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, text]) => text)) as Named,
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  return { search, seek };
}

function Head({ columns }: { columns: readonly Column[] }) {
  return (
    <>
      <colgroup>
        <col className="svc" />
        {columns.flatMap(({ environment, regions }) =>
          atLeastOne(regions).map((region) => <col key={`${environment} ${region}`} />),
        )}
      </colgroup>
      <thead>
        <tr>
          <td />
          {columns.map(({ environment, regions }) => (
            <th key={environment} scope="colgroup" className="env" colSpan={Math.max(1, regions.length)}>
              {environment}
            </th>
          ))}
        </tr>
        <tr>
          <th scope="col">
            <span className="vh">Service</span>
          </th>
          {columns.flatMap(({ environment, regions }) =>
            atLeastOne(regions).map((region, at) => (
              <th key={`${environment} ${region}`} scope="col" className={at === 0 ? 'env' : undefined}>
                {region === '' ? <span className="vh">no region yet</span> : region}
              </th>
            )),
          )}
        </tr>
      </thead>
    </>
  );
}

const atLeastOne = (regions: readonly string[]) => (regions.length === 0 ? [''] : regions);
