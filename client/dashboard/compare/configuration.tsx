import type { PlanLine } from '../../../domain/plan-differences.ts';
import { Panel } from '../parts/panel.tsx';
import { PlanLines } from '../parts/plan-lines.tsx';

/** All else that the plans say otherwise: checks, gates, who approves, waves. */
export function Configuration({ lines }: { lines: readonly PlanLine[] }) {
  return (
    <Panel title="Configuration" note={lines.length === 0 ? 'nothing differs' : 'what the plans say otherwise'}>
      {lines.length === 0 ? (
        <p className="body ink-2">Checks, gates, approval, waves and the rest are planned alike.</p>
      ) : (
        <PlanLines lines={lines} caption="What the later plan says, and what the earlier one said" />
      )}
    </Panel>
  );
}
