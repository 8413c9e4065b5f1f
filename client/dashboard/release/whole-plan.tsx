import { useMemo, useState } from 'react';
import type { PlanView } from '../../../domain/contract/gateway.ts';
import { planLines } from '../../../domain/plan-differences.ts';
import { plural } from '../../cli/words.ts';
import { Hash } from '../parts/hash.tsx';
import { Panel } from '../parts/panel.tsx';
import { PlanLines } from '../parts/plan-lines.tsx';

/** The plan in force, line by line, for as long as it is on record: what was signed can be read again. */
export function WholePlan({ plan, hash }: { plan: PlanView; hash: string }) {
  const [isOpen, setOpen] = useState(false);
  // Beside nothing: as it says it, and not as news.
  const lines = useMemo(() => planLines(plan).map((line) => ({ ...line, always: true as const })), [plan]);
  return (
    <Panel title="All of the plan" note={<Hash whole={hash} />}>
      <details className="run-audit" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{plural(lines.length, 'line')}: migrations, regions, waves, gates, approval, policy and more</summary>
        {isOpen && <PlanLines lines={lines} caption="What the plan says" />}
      </details>
    </Panel>
  );
}
