import { Link, useSearch } from '@tanstack/react-router';
import type { LaneEnd } from '../../../domain/contract/evidence.ts';
import type { AuditLanes } from '../../../domain/contract/gateway.ts';
import type { FromOutside } from '../gateway/audit-check.ts';
import { Hash } from '../parts/hash.tsx';
import { Icon } from '../parts/icon.tsx';
import { Panel } from '../parts/panel.tsx';
import { chainInWords, rowsInWords } from '../words/audit.ts';
import { plural } from '../../cli/words.ts';
import { CheckPanel } from './check.tsx';
import { Find } from './find.tsx';
import { useCheck } from './use-check.ts';

const mostShown = 200;

interface Shown {
  audit: AuditLanes;
  outside: FromOutside;
  setOutside: (next: FromOutside) => void;
}

/** Every chain that there is to see: each lane has one, or one for each kind of process that writes. */
export function Chains({ audit, outside, setOutside }: Shown) {
  const { find = '' } = useSearch({ strict: false });
  const { lanes: ends } = audit;
  const checking = useCheck(audit, outside);
  const rows = ends.reduce((sum, { n }) => sum + n, 0);
  const found = ends
    .filter(({ lane }) => lane.toLowerCase().includes(find.trim().toLowerCase()))
    .sort((a, b) => (a.lane < b.lane ? -1 : 1));
  return (
    <>
      <title>Audit · Slipway</title>
      <header className="head">
        <div>
          <h1>Audit</h1>
          <p className="facts">
            <span>
              <b>{rowsInWords(rows)}</b> in {plural(ends.length, 'chain')}
            </span>
            <span>what was done and decided, and by whom; rows are only ever added</span>
          </p>
        </div>
      </header>
      <div className="cols audit-cols">
        <aside className="stack" aria-label="Whether it was rewritten">
          <CheckPanel checking={checking} button="Check all chains" outside={outside} setOutside={setOutside} />
        </aside>
        <div className="stack">
          <div className="filters">
            <Find label="Find a chain by its lane" hint="Service or environment" />
            <span className="spacer">
              {found.length === ends.length ? 'all of them' : `${found.length} of ${plural(ends.length, 'chain')}`}
            </span>
          </div>
          <Panel title="Chains" note="each row holds the hash of the one before">
            {found.length === 0 ? <None isFiltered={ends.length > 0} /> : <Table ends={found.slice(0, mostShown)} />}
            {found.length > mostShown && (
              <p className="panel-foot">{found.length - mostShown} more: narrow them by a name.</p>
            )}
          </Panel>
        </div>
      </div>
    </>
  );
}

function None({ isFiltered }: { isFiltered: boolean }) {
  return (
    <div className="blank">
      <Icon name="search" />
      <h3>{isFiltered ? 'No chain is called so' : 'Nothing is on record'}</h3>
      <p>
        {isFiltered
          ? 'A chain has the name of its lane, such as shop/production.'
          : 'Nothing was done yet in a lane that you may look at.'}
      </p>
    </div>
  );
}

function Table({ ends }: { ends: readonly LaneEnd[] }) {
  return (
    <table className="grid cards">
      <caption className="vh">Chains of the audit, and where each ends</caption>
      <thead>
        <tr>
          <th scope="col">Lane</th>
          <th scope="col">Written by</th>
          <th scope="col" className="r">
            Rows
          </th>
          <th scope="col">Ends with</th>
        </tr>
      </thead>
      <tbody>
        {ends.map(({ lane: chain, n, hash }) => {
          const { lane, writer } = chainInWords(chain);
          return (
            <tr key={chain} data-row>
              <th scope="row">
                <Link to="/audit" search={{ lane: chain }}>
                  {lane}
                </Link>
              </th>
              <td data-th="Written by">{writer ?? <span className="ink-3">all processes</span>}</td>
              <td className="r" data-th="Rows">
                {n.toLocaleString('en-GB')}
              </td>
              <td data-th="Ends with">
                <Hash whole={hash} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
