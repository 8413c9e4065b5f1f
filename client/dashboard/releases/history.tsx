import { Link } from '@tanstack/react-router';
import type { ReleaseRow } from '../../../domain/contract/gateway.ts';
import { shortName } from '../../../domain/short-names.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence } from '../../../domain/whole-text.ts';
import { requesterInWords } from '../../../domain/requester.ts';
import { State } from '../parts/state.tsx';
import { Ago } from '../parts/when.tsx';
import { undoesInWords } from '../words/history.ts';
import type { Chosen } from '../words/history.ts';
import { shownRun } from '../words/states.ts';
import { duration } from '../words/times.ts';

interface Shown {
  rows: readonly ReleaseRow[];
  chosen: Chosen;
  choose: (row: ReleaseRow) => void;
}

export function History({ rows, chosen, choose }: Shown) {
  return (
    <table className="grid cards">
      <thead>
        <tr>
          <th scope="col">Release</th>
          <th scope="col">Lane</th>
          <th scope="col">Commit</th>
          <th scope="col" className="fit">
            Outcome
          </th>
          <th scope="col">What it says</th>
          <th scope="col" className="r">
            Took
          </th>
          <th scope="col">Asked</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={row.releaseId}
            row={row}
            isChosen={chosen.some(({ releaseId }) => releaseId === row.releaseId)}
            choose={() => choose(row)}
          />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row, isChosen, choose }: { row: ReleaseRow; isChosen: boolean; choose: () => void }) {
  const { releaseId, service, environment, commit, branch, startedAt, endedAt, outcome } = row;
  const name = shortName(row);
  const undoes = undoesInWords(row, service);
  return (
    <tr data-row>
      <th scope="row" className="pick">
        <span className="nowrap">
          {/* What puts something back has no plan of its own. */}
          {undoes === undefined && (
            <input type="checkbox" aria-label={`Compare ${name}`} checked={isChosen} onChange={choose} />
          )}
          <Link to="/runs/$" params={{ _splat: releaseId }}>
            {name}
          </Link>
        </span>
        {undoes !== undefined && <div className="ink-2 small">{undoes}</div>}
      </th>
      <td data-th="Lane">
        <Link className="nowrap" to="/lanes/$service/$environment" params={{ service, environment }}>
          {environment}
        </Link>
      </td>
      <td data-th="Commit">
        <code title={commit}>{commit.slice(0, 7)}</code> <span className="ink-3 small">{visible(branch)}</span>
      </td>
      <td data-th="Outcome">
        <State shown={shownRun({ ...row, open: outcome === undefined })} />
      </td>
      <td data-th="Says">{visible(firstSentence(row.summary ?? row.state?.doing ?? ''))}</td>
      <td data-th="Took" className="r nowrap">
        {endedAt !== undefined && duration(endedAt - startedAt)}
      </td>
      <td data-th="Asked" className="ink-2">
        {visible(requesterInWords(row))}{' '}
        <span className="nowrap">
          <Ago at={startedAt} />
        </span>
      </td>
    </tr>
  );
}
