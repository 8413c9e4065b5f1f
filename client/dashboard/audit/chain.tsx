import { useQueries } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { isChainOf } from '../../../domain/audit-chain.ts';
import type { LaneEnd } from '../../../domain/contract/evidence.ts';
import type { FromOutside } from '../gateway/audit-check.ts';
import { auditRowsQuestion } from '../gateway/questions.ts';
import { Panel } from '../parts/panel.tsx';
import { Loading, Problem } from '../parts/problem.tsx';
import { chainInWords, isFound, rowsInWords, shownAfter, windowRows, windowsOf } from '../words/audit.ts';
import { CheckPanel } from './check.tsx';
import { Find } from './find.tsx';
import { Rows } from './rows.tsx';
import { useCheck } from './use-check.ts';

interface Shown {
  chain: string;
  ends: LaneEnd[];
  outside: FromOutside;
  setOutside: (next: FromOutside) => void;
}

/** One chain: its rows, the newest first, and whether they are as they were written. */
export function Chain({ chain, ends, outside, setOutside }: Shown) {
  const end = ends.find(({ lane }) => lane === chain);
  const own = end ?? { lane: chain, n: 0, hash: '' };
  const checking = useCheck([own], outside);
  const { lane, writer } = chainInWords(chain);
  const others = ends.filter((one) => one.lane !== chain && isChainOf(lane, one.lane));
  return (
    <>
      <title>{`Audit of ${lane} · Slipway`}</title>
      <nav className="crumbs" aria-label="Where you are">
        <ol>
          <li>
            <Link to="/audit">Audit</Link>
          </li>
          <li aria-current="page">{lane}</li>
        </ol>
      </nav>
      <header className="head">
        <div>
          <h1>Audit of {lane}</h1>
          <p className="facts">
            <span>
              <b>{rowsInWords(own.n)}</b>
              {writer !== undefined && `, written by ${writer}`}
            </span>
            {others.length > 0 && (
              <span>
                also{' '}
                {others.map((other, index) => (
                  <span key={other.lane}>
                    {index > 0 && ', '}
                    <Link to="/audit" search={{ lane: other.lane }}>
                      {chainInWords(other.lane).writer ?? 'all processes'}
                    </Link>
                  </span>
                ))}
              </span>
            )}
          </p>
        </div>
      </header>
      <div className="cols audit-cols">
        <aside className="stack" aria-label="Whether it was rewritten">
          <CheckPanel checking={checking} button="Check this chain" outside={outside} setOutside={setOutside} />
        </aside>
        <div className="stack">
          <Shown
            chain={chain}
            last={own.n}
            proof={checking.check.kind === 'done' ? checking.check.checked : undefined}
          />
        </div>
      </div>
    </>
  );
}

function Shown({ chain, last, proof }: { chain: string; last: number; proof: Parameters<typeof Rows>[0]['proof'] }) {
  const search = useSearch({ strict: false });
  const { find = '' } = search;
  const after = shownAfter(last, search['after']);
  const asked = useQueries({ queries: windowsOf(last, after).map((window) => auditRowsQuestion(chain, window)) });
  const error = asked.find((one) => one.error)?.error;
  const isLoading = asked.some((one) => one.isPending);
  const rows = asked.flatMap(({ data = [] }) => data.toReversed());
  const found = rows.filter((row) => isFound(row, find));
  // Whoever looks for something wants to come on faster.
  const older = Math.max(0, after - (find === '' ? windowRows : 10 * windowRows));
  const isFurthest = shownAfter(last, `${older}`) >= after;
  return (
    <>
      <div className="filters">
        <Find label="Find rows by what they say" hint="Who, what, region, digest" />
        <span className="spacer">
          {find === '' ? rowsInWords(rows.length) : `${found.length} of ${rowsInWords(rows.length)}`} shown, of{' '}
          {last.toLocaleString('en-GB')}
        </span>
      </div>
      {error && <Problem of="A part of the rows" error={error} />}
      <Panel title="Rows" note="the newest first">
        <Rows rows={found} chain={chain} isWhole={find === '' && !isLoading && !error} proof={proof} last={last} />
        {found.length === 0 && !isLoading && <p className="body">None of the rows that are shown says so.</p>}
        {isLoading && (
          <div className="body">
            <Loading of="rows" />
          </div>
        )}
        {after > 0 && (
          <div className="panel-foot">
            {isFurthest ? (
              <span>A page holds no more. All of them: slipway audit list --all</span>
            ) : (
              <Link className="btn" to="/audit" search={{ ...search, after: `${older}` }} replace resetScroll={false}>
                Show older
              </Link>
            )}
          </div>
        )}
      </Panel>
    </>
  );
}
