import { Command } from '../parts/command.tsx';
import { Hash } from '../parts/hash.tsx';
import { Panel } from '../parts/panel.tsx';

/** What is pressed, written, chosen and copied. */
export function Controls() {
  return (
    <>
      <Panel title="Buttons" note="“…” means: it asks before it acts">
        <div className="body stack">
          <div className="btns">
            <button type="button" className="btn btn-main">
              Approve this plan
            </button>
            <button type="button" className="btn">
              Roll back…
            </button>
            <button type="button" className="btn btn-stop">
              Reject…
            </button>
            <button type="button" className="btn btn-quiet">
              Cancel
            </button>
          </div>
          <div className="btns">
            <button type="button" className="btn" disabled>
              Roll back…
            </button>
            <span className="cannot">Not possible: no region has anything to go back to.</span>
          </div>
          <div>
            <Hash whole="sha256:9b27d41f06aa9b27d41f06aa9b27d41f06aa9b27d41f06aa9b27d41f06aa9b27" />
          </div>
          <Command line="slipway approve shop#142" />
        </div>
      </Panel>
      <Panel title="Fields">
        <div className="body stack">
          <div className="field">
            <label htmlFor="reason">Reason</label>
            <input id="reason" defaultValue="CHECKOUT_URL is missing in nl" />
          </div>
          <label className="check">
            <input type="checkbox" />
            <span>
              I know that there is <b>no way back</b> once 0014 is applied
            </span>
          </label>
        </div>
      </Panel>
    </>
  );
}
