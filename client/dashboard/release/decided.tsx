import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RecordedDecision, ReleaseView } from '../../../domain/contract/gateway.ts';
import { visible } from '../../../domain/visible.ts';
import { lastAuditQuestion } from '../gateway/questions.ts';
import { Hash } from '../parts/hash.tsx';
import { Panel } from '../parts/panel.tsx';
import { Loading, Problem } from '../parts/problem.tsx';
import { State } from '../parts/state.tsx';
import { Time } from '../parts/when.tsx';
import { rowInWords } from '../words/audit.ts';
import { rowsOfRun, shownDecision } from '../words/decided.ts';
import { clock, exactly } from '../words/times.ts';

/** Who has decided what, when, by which door, on which plan; what was refused, and why; and what the audit has of this run. */
export function Decided({ view }: { view: ReleaseView }) {
  const { releaseId, service, environment, recorded } = view;
  const decisions = recorded?.decisions ?? [];
  const lane = `${service}/${environment}`;
  return (
    <Panel title="Decisions and audit" note={decisions.length === 0 ? 'nobody has decided anything' : undefined}>
      {decisions.length > 0 && <Table decisions={decisions} />}
      <AuditRows lane={lane} releaseId={releaseId} />
      <div className="panel-foot">
        <Link to="/audit" search={{ lane }}>
          Audit of {lane}
        </Link>
      </div>
    </Panel>
  );
}

function Table({ decisions }: { decisions: readonly RecordedDecision[] }) {
  return (
    <table className="grid cards">
      <caption className="vh">What people have decided about this run</caption>
      <thead>
        <tr>
          <th scope="col">Who</th>
          <th scope="col">What</th>
          <th scope="col">When</th>
          <th scope="col">By</th>
          <th scope="col">Plan</th>
          <th scope="col">Reason</th>
        </tr>
      </thead>
      <tbody>
        {decisions.map((decision) => (
          <tr key={`${decision.by} ${decision.kind} ${decision.at}`}>
            <th scope="row">{visible(decision.by)}</th>
            <td data-th="What">
              <State shown={shownDecision(decision)} />
            </td>
            <td data-th="When" className="nowrap">
              <Time at={decision.at}>{exactly(decision.at)}</Time>
            </td>
            <td data-th="By">{visible(decision.channel)}</td>
            <td data-th="Plan">{decision.planHash !== undefined && <Hash whole={decision.planHash} />}</td>
            <td data-th="Reason">
              {visible(decision.reason)}
              {decision.refused !== undefined && <p className="words">Refused: {visible(decision.refused)}</p>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Asked for when somebody opens it: nobody needs it to decide. */
function AuditRows({ lane, releaseId }: { lane: string; releaseId: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="run-audit" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Rows of the audit about this run</summary>
      {isOpen && <LastRows lane={lane} releaseId={releaseId} />}
    </details>
  );
}

function LastRows({ lane, releaseId }: { lane: string; releaseId: string }) {
  const { data, error } = useQuery(lastAuditQuestion(lane));
  if (error) return <Problem of="The audit" error={error} />;
  if (!data) return <Loading of="the audit" />;
  const rows = rowsOfRun(data.rows, releaseId);
  return (
    <>
      <p className="small ink-3">
        {rows.length} of the last {data.rows.length} rows of the lane.
      </p>
      <ol className="log">
        {rows.map((row) => {
          const { what, how, who, facts, isNo } = rowInWords(row);
          const why = isNo ? facts.find(({ name }) => name === 'refused' || name === 'code') : undefined;
          return (
            <li key={`${row.lane} ${row.n}`}>
              <Time at={row.at}>{clock(row.at)}</Time>
              <span />
              <b>{row.n}</b>
              <p>
                {how === undefined ? `${what}, ${who}` : `${what}, ${how}`}
                {why && <span className="words"> {why.text}</span>}
              </p>
            </li>
          );
        })}
      </ol>
    </>
  );
}
