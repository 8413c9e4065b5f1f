import { useState } from 'react';
import type { PlanView, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import { isChange, planLines } from '../../../domain/plan-differences.ts';
import type { PlanLine } from '../../../domain/plan-differences.ts';
import { planSections } from '../../../domain/plan-words.ts';
import { Panel } from '../parts/panel.tsx';
import { comparedInWords } from '../words/compared.ts';

/** Everything that the plan says, beside what was verified last: what differs, or all of it. */
export function Changes({ plan, beside }: { plan: PlanView; beside: VerifiedBeside }) {
  const verified = beside.verified?.plan;
  const [isAll, setAll] = useState(false);
  const lines = planLines(plan, verified);
  const shown = isAll || verified === undefined ? lines : lines.filter((line) => isChange(line) || line.always);
  return (
    <Panel title="What differs" note={comparedInWords(beside)}>
      <table className="diff">
        <caption className="vh">What the plan says, and what the one said that was verified last</caption>
        <colgroup>
          <col className="sign" />
          <col />
        </colgroup>
        {planSections.map((section) => (
          <Section key={section} name={section} lines={shown.filter((line) => line.section === section)} />
        ))}
      </table>
      {verified !== undefined && (
        <div className="panel-foot">
          <span>
            {shown.length} of {lines.length} lines
          </span>
          <button type="button" className="btn btn-quiet" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
            {isAll ? 'Only what differs' : 'All of the plan'}
          </button>
        </div>
      )}
    </Panel>
  );
}

function Section({ name, lines }: { name: string; lines: readonly PlanLine[] }) {
  if (lines.length === 0) return null;
  return (
    <tbody>
      <tr className="file">
        <th colSpan={2} scope="rowgroup">
          {name}
        </th>
      </tr>
      {lines.map((line) => (
        <Line key={line.what} line={line} />
      ))}
    </tbody>
  );
}

function Line({ line: { what, before, after, note } }: { line: PlanLine }) {
  if (before === after)
    return (
      <tr>
        <td />
        <td>
          {what}: {after}
        </td>
      </tr>
    );
  return (
    <>
      {before !== undefined && (
        <tr className="minus">
          <td>
            −<span className="vh">was</span>
          </td>
          <td>
            <del>
              {what}: {before}
            </del>
          </td>
        </tr>
      )}
      {after !== undefined && (
        <tr className="plus">
          <td>
            +<span className="vh">is</span>
          </td>
          <td>
            <ins>
              {what}: {after}
            </ins>{' '}
            {note}
          </td>
        </tr>
      )}
    </>
  );
}
