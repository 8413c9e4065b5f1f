import type { ReleaseRow } from '../../../domain/contract/gateway.ts';
import { useNow } from '../parts/now.ts';
import { Panel } from '../parts/panel.tsx';
import { State } from '../parts/state.tsx';
import { Time } from '../parts/when.tsx';
import type { LaneNow } from '../words/lane-now.ts';
import { queueRows } from '../words/lane-rows.ts';
import type { QueueRow } from '../words/lane-rows.ts';
import { inLargest, shortly } from '../words/times.ts';
import { RunLink } from './run-link.tsx';

/** Who waits, in order. */
export function Queue({ lane, runs, isUntold }: { lane: LaneNow; runs: readonly ReleaseRow[]; isUntold: boolean }) {
  const rows = queueRows(lane, runs);
  if (rows.length === 0)
    return (
      <Panel title="Queue">
        <p className="body ink-2">
          {lane.isSeen && !isUntold ? 'Nobody waits.' : 'Nobody on record waits; who else does cannot be seen.'}
        </p>
      </Panel>
    );
  return (
    <Panel title="Queue" note={`${rows.length}; a place is not the lane: it is claimed after approval`}>
      <table className="grid cards">
        <thead>
          <tr>
            <th scope="col" className="fit">
              Place
            </th>
            <th scope="col">Release</th>
            <th scope="col" className="fit">
              Asked by
            </th>
            <th scope="col">Waits for</th>
            <th scope="col" className="fit">
              Since
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Waiting key={row.releaseId} row={row} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Waiting({
  row: { place, releaseId, name, commit, by, shown, waitsFor, who, until, since },
}: {
  row: QueueRow;
}) {
  const now = useNow();
  return (
    <tr data-row>
      <td data-th="Place" className="r">
        {place}
      </td>
      <th scope="row">
        <RunLink id={releaseId} name={name} />{' '}
        {commit !== undefined && <code className="ink-3 small">{commit.slice(0, 7)}</code>}
        <br />
        <State shown={shown} />
      </th>
      <td data-th="Asked by" className="nowrap">
        {by}
      </td>
      <td data-th="Waits for">
        {waitsFor}
        {who !== undefined && (
          <>
            <br />
            <span className="ink-3 small">
              {who} can move it
              {until !== undefined && (
                <>
                  , until <Time at={until}>{shortly(until, now)}</Time>
                </>
              )}
            </span>
          </>
        )}
      </td>
      <td data-th="Since" className="nowrap ink-3">
        {since !== undefined && <Time at={since}>{inLargest(now - since)}</Time>}
      </td>
    </tr>
  );
}
