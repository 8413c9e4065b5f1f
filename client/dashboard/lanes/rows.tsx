import { Link } from '@tanstack/react-router';
import { Panel } from '../parts/panel.tsx';
import { State } from '../parts/state.tsx';
import { plural } from '../../cli/words.ts';
import type { ListedLane } from '../words/lane-list.ts';
import { inLargest } from '../words/times.ts';

export function LaneRows({ title, lanes, now }: { title: string; lanes: readonly ListedLane[]; now: number }) {
  return (
    <Panel title={title} note={`${plural(lanes.length, 'lane')}, by the records`}>
      <table className="grid cards">
        <thead>
          <tr>
            <th scope="col">Lane</th>
            <th scope="col" className="fit">
              State
            </th>
            <th scope="col">What closes it</th>
            <th scope="col">Inside now</th>
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) => (
            <Row key={`${lane.service}/${lane.environment}`} lane={lane} now={now} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Row({
  lane: { service, environment, shown, why, until, by, holder },
  now,
}: {
  lane: ListedLane;
  now: number;
}) {
  return (
    <tr data-row>
      <th scope="row" className="nowrap">
        <Link to="/lanes/$service/$environment" params={{ service, environment }}>
          {service} → {environment}
        </Link>
      </th>
      <td data-th="State">
        <State shown={shown} />
      </td>
      <td data-th="Closed by">
        {why}
        {until !== undefined && (
          <div className="ink-3 small">
            {until}, by {by}
          </div>
        )}
      </td>
      <td data-th="Inside">
        {holder && (
          <>
            <Link to="/runs/$" params={{ _splat: holder.releaseId }}>
              {holder.name}
            </Link>{' '}
            {holder.held ? (
              <div className="tone" data-tone="stop">
                {holder.held.says} <span className="ink-3 small">for {inLargest(now - holder.held.since)}</span>
              </div>
            ) : (
              <span className="ink-3 small">for {inLargest(now - holder.since)}</span>
            )}
          </>
        )}
      </td>
    </tr>
  );
}
