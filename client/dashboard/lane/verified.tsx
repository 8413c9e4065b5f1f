import { Link } from '@tanstack/react-router';
import type { LaneView } from '../../../domain/contract/gateway.ts';
import { Panel } from '../parts/panel.tsx';
import { State } from '../parts/state.tsx';
import { Ago } from '../parts/when.tsx';
import { leftElsewhere, verifiedRows } from '../words/lane-rows.ts';

/** What is verified in each region, since when, by which release; and where something else may run. */
export function Verified({ view }: { view: LaneView }) {
  const { service, environment, untold } = view;
  const rows = verifiedRows(view);
  const all = (
    <Link to="/releases" search={{ service, environment }}>
      All releases
    </Link>
  );
  return (
    <Panel title="Verified here" note={all}>
      {rows.length === 0 ? (
        <p className="body ink-2">
          {untold === undefined ? 'Nothing was verified here yet.' : 'What is verified here cannot be told now.'}
        </p>
      ) : (
        <table className="grid">
          <thead>
            <tr>
              <th scope="col">Region</th>
              <th scope="col">Release</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ region, what, releaseId, commit, since, shown, note }) => (
              <tr key={`${region} ${what}`}>
                <th scope="row">
                  {region}
                  <div className={what.length < 16 ? 'ink-3 small nowrap' : 'ink-3 small'}>{what}</div>
                </th>
                <td>
                  <Link className="hash" to="/runs/$" params={{ _splat: releaseId }}>
                    {commit.slice(0, 7)}
                  </Link>
                  <div className="ink-3 small">
                    <Ago at={since} />
                  </div>
                </td>
                <td>
                  <State shown={shown} />
                  {note !== undefined && <div className="small ink-2">{note}</div>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {leftElsewhere(view).map((line) => (
        <p key={line} className="body small">
          {line}
        </p>
      ))}
      {rows.length > 0 && (
        <div className="panel-foot">
          <span>By the records. What runs there now is not seen here.</span>
        </div>
      )}
    </Panel>
  );
}
