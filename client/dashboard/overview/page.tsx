import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReleaseRow } from '../../../domain/contract/gateway.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence } from '../../../domain/whole-text.ts';
import { shortName } from '../../../domain/short-names.ts';
import { releasesQuestion } from '../gateway/questions.ts';
import { Panel } from '../parts/panel.tsx';
import { Loading, Problem } from '../parts/problem.tsx';
import { State } from '../parts/state.tsx';
import { Ago } from '../parts/when.tsx';
import { shownRun } from '../words/states.ts';

/** What is going on, the newest first. */
export function Overview() {
  const { data, error } = useQuery({ ...releasesQuestion('limit=50'), refetchInterval: 5_000 });
  if (!data) return error ? <Problem of="The overview" error={error} /> : <Loading of="releases" />;
  const { releases, next } = data;
  return (
    <div className="stack">
      {error && <Problem of="What goes on now" error={error} />}
      <Panel
        title="Releases"
        note={next === undefined ? 'the newest first' : `the newest ${releases.length}, there are more`}
      >
        {releases.length === 0 ? (
          <p className="body">
            Nothing is here that you may look at: nothing was released yet, or the policy lets you look at no lane.
          </p>
        ) : (
          <table className="grid cards">
            <tbody>
              {releases.map((row) => (
                <Row key={row.releaseId} row={row} />
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </div>
  );
}

function Row({ row }: { row: ReleaseRow }) {
  const { releaseId, service, environment, requestedBy, startedAt, summary, state } = row;
  const shown = shownRun({ ...row, open: row.outcome === undefined });
  return (
    <tr>
      <th scope="row">
        <Link to="/runs/$" params={{ _splat: releaseId }}>
          {service} → {environment}
        </Link>{' '}
        <span className="ink-3">{shortName(row)}</span>
      </th>
      <td>
        <State shown={shown} />
      </td>
      <td>{visible(firstSentence(summary ?? state?.doing ?? ''))}</td>
      <td className="r ink-2">
        {requestedBy} <Ago at={startedAt} />
      </td>
    </tr>
  );
}
