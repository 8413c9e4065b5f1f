import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PlanView, ReleaseView } from '../../../domain/contract/gateway.ts';
import { meQuestion } from '../gateway/questions.ts';
import type { CheckedPlan } from '../gateway/checked-plan.ts';
import { Command } from '../parts/command.tsx';
import { Hash } from '../parts/hash.tsx';
import { Panel } from '../parts/panel.tsx';
import { State } from '../parts/state.tsx';
import { whyNotDecide } from '../words/may.ts';
import { votersOf } from '../words/voters.ts';
import { waysOf } from '../words/ways.ts';
import type { Way } from '../words/ways.ts';
import { Confirm } from './confirm.tsx';

/** How many yeses are there, who may say one, and what exactly is signed. */
export function Decision({ view, checked, hash }: { view: ReleaseView; checked: CheckedPlan; hash: string }) {
  const { plan, isChecked } = checked;
  const { data: me } = useQuery(meQuestion);
  const [asked, ask] = useState<Way>();
  const [knows, setKnows] = useState(false);
  const why = whyNotDecide(me, view);
  const given = view.recorded?.approvals.length ?? 0;
  const ways = waysOf(view, undefined);
  const noReturn = noReturnOf(plan);
  return (
    <Panel title="Your decision" note={`${given} of ${plan.approval.quorum}`}>
      <div className="body stack">
        <ul className="votes">
          {votersOf(view, plan, me).map(({ id, about, shown }) => (
            <li key={id}>
              <span className="me" aria-hidden="true">
                {id.charAt(0).toUpperCase()}
              </span>
              <div>
                <b className="who">{id}</b>
                <small>{about}</small>
              </div>
              <State shown={shown} />
            </li>
          ))}
        </ul>
        <div>
          <span className="label">You sign exactly this plan</span>
          <br />
          <Hash whole={hash} />
          <span className="ink-3 small">
            {isChecked ? ' sha256, computed here and equal' : ' sha256, not computed here: this page came without TLS'}
          </span>
        </div>
        {noReturn.length > 0 && (
          <label className="check">
            <input type="checkbox" checked={knows} onChange={(event) => setKnows(event.target.checked)} />
            <span>
              I know that there is <b>no way back</b> once {noReturn.join(', ')} is applied
            </span>
          </label>
        )}
        <div className="yes-no">
          {ways.map((way) => {
            const waits = way.kind === 'approve' && noReturn.length > 0 && !knows;
            return (
              <button
                key={way.kind}
                type="button"
                className={`btn btn-wide ${way.kind === 'approve' ? 'btn-main' : 'btn-stop'}`}
                disabled={waits || why !== undefined}
                onClick={() => ask(way)}
              >
                {waits ? `${way.title}: say first that you know` : way.button}
              </button>
            );
          })}
        </div>
        {why !== undefined && <p className="cannot">{why}</p>}
        <Command line={`slipway approve ${view.releaseId} --plan ${hash}`} />
        {asked && <Confirm view={view} way={asked} close={() => ask(undefined)} />}
      </div>
    </Panel>
  );
}

/** What the release before this one cannot live with. */
function noReturnOf({ migrations }: PlanView): string[] {
  return migrations.flatMap(({ contracting }) => contracting);
}
