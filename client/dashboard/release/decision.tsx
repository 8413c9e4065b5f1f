import { useState } from 'react';
import type { PlanView, ReleaseView, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import { Command } from '../parts/command.tsx';
import { Hash } from '../parts/hash.tsx';
import { Panel } from '../parts/panel.tsx';
import { WhyNot } from '../parts/why-not.tsx';
import { votersOf } from '../words/voters.ts';
import { waysOf } from '../words/ways.ts';
import { Voters } from './voters.tsx';
import { keyOfDecision } from '../words/keys.ts';
import type { Deciding } from './use-deciding.ts';

interface Shown {
  view: ReleaseView;
  plan: PlanView;
  hash: string;
  /** Undefined until it is known what differs. */
  beside: VerifiedBeside | undefined;
  deciding: Deciding;
}

/** How many yeses are there, and what exactly is signed. Nobody signs what they could not see. */
export function Decision({ view, plan, hash, beside, deciding }: Shown) {
  const { ask, whyNot } = deciding;
  const [knows, setKnows] = useState(false);
  const noReturn = plan.migrations.flatMap(({ contracting }) => contracting);
  const ways = waysOf(view);
  const isUnknowing = noReturn.length > 0 && !knows;
  return (
    <Panel title="Your decision" note={`${view.recorded?.approvals.length ?? 0} of ${plan.approval.quorum}`}>
      <div className="body stack">
        <Voters voters={votersOf(view)} />
        <div>
          <span className="label">You sign exactly this plan</span>
          <br />
          <Hash whole={hash} />
          <span className="ink-3 small"> sha256, computed here and equal</span>
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
            const waits = way.kind === 'approve' && isUnknowing;
            return (
              <button
                key={way.kind}
                type="button"
                data-key={keyOfDecision[way.kind]}
                className={`btn btn-wide ${way.kind === 'approve' ? 'btn-main' : 'btn-stop'}`}
                disabled={waits || !beside || whyNot(way.kind) !== undefined}
                onClick={() => ask(way)}
              >
                {waits ? `${way.title}: say first that you know` : way.button}
              </button>
            );
          })}
        </div>
        {!beside && <p className="cannot">What differs is not shown yet.</p>}
        <WhyNot ways={ways} whyNot={whyNot} />
        <Command line={`slipway approve ${view.releaseId} --plan ${hash}`} />
      </div>
    </Panel>
  );
}
