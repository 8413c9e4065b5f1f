import { useState } from 'react';
import type { PlanView, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import { isChange, planLines } from '../../../domain/plan-differences.ts';
import { Panel } from '../parts/panel.tsx';
import { PlanLines } from '../parts/plan-lines.tsx';
import { comparedInWords } from '../words/compared.ts';

/** Everything that the plan says, beside what was verified last: what differs, or all of it. */
export function Changes({ plan, beside }: { plan: PlanView; beside: VerifiedBeside }) {
  const verified = beside.verified?.plan;
  const [isAll, setAll] = useState(false);
  const lines = planLines(plan, verified);
  const shown = isAll || verified === undefined ? lines : lines.filter((line) => isChange(line) || line.always);
  return (
    <Panel title="What differs" note={comparedInWords(beside)}>
      <PlanLines lines={shown} caption="What the plan says, and what the one said that was verified last" />
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
