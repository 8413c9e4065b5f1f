import type { PlanView, ReleaseView } from '../../../domain/contract/gateway.ts';
import { visible } from '../../../domain/visible.ts';
import { Hash } from '../parts/hash.tsx';
import { Panel } from '../parts/panel.tsx';
import { Time } from '../parts/when.tsx';
import { pendingInWords } from '../words/pending.ts';
import { duration, shortly } from '../words/times.ts';
import { useNow } from '../parts/now.ts';

/** What was signed, by whom: the plan exactly as its hash says. */
export function Approved({ view, plan, hash }: { view: ReleaseView; plan: PlanView; hash: string }) {
  const now = useNow();
  const { components, migrations, waves, onFailure, policyHash } = plan;
  const approvals = view.recorded?.approvals ?? [];
  return (
    <Panel title={titleOf(view, plan)}>
      <div className="body">
        <dl className="kv">
          <dt>Plan</dt>
          <dd>
            <Hash whole={hash} />
          </dd>
          {approvals.map(({ by, at, channel }) => (
            <Line key={`${by} ${at}`} name="Approved">
              <b>{by}</b>, <Time at={at}>{shortly(at, now)}</Time>, {channel}
            </Line>
          ))}
          <Line name="Asked">
            <b>{view.requestedBy}</b>
          </Line>
          {components.map(({ name, image, origin, promoted }) => (
            <Line key={name} name="Image">
              {visible(name)} <Hash whole={image} />
              {origin === 'unchanged' && <span className="ink-3"> as before</span>}
              {promoted && <span className="ink-3"> promoted from {visible(promoted.environment)}</span>}
            </Line>
          ))}
          {migrations.map(({ database, pending }) => (
            <Line key={database} name="Migration">
              {database}: {pendingInWords(pending)}
            </Line>
          ))}
          <Line name="Waves">{waves.map(({ regions }) => regions.join(' and ')).join(', then ')}</Line>
          <Line name="On failure">
            {onFailure.partial}, {duration(onFailure.holdMs)}
          </Line>
          <Line name="Policy">
            <Hash whole={policyHash} />
          </Line>
        </dl>
      </div>
    </Panel>
  );
}

function Line({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function titleOf({ recorded, status, open }: ReleaseView, { approval }: PlanView): string {
  const given = recorded?.approvals.length ?? 0;
  if (given > 0 && given >= approval.quorum) return 'What was approved';
  return open && status?.stage === 'awaiting-approval' ? 'What is to be approved' : 'The plan';
}
