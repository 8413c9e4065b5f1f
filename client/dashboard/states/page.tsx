import { Fragment } from 'react';
import { meaningOf, outcomes } from '../../../domain/outcomes.ts';
import { KeysList } from '../parts/keys-list.tsx';
import { Panel } from '../parts/panel.tsx';
import { State } from '../parts/state.tsx';
import { everyState, shownPhase, shownRun, shownStage } from '../words/states.ts';
import { Controls } from './controls.tsx';
import { Messages } from './messages.tsx';

const tones = {
  good: 'it holds',
  live: 'it moves now',
  ask: 'somebody decides',
  stop: 'it failed',
  odd: 'not as recorded',
  mute: 'over, or not known',
};

/** Everything that a page can show, once: made of the same parts, so that what is wrong here is wrong there. */
export function StatesPage() {
  return (
    <>
      <title>States · Slipway</title>
      <header className="head">
        <div>
          <h1>States</h1>
          <p className="facts">
            <span>Everything a page can show, once. Pages use these and no others.</span>
          </p>
        </div>
      </header>
      <div className="sheet">
        <Panel title="Where a run is" note="icon and word, always both; the shape alone tells them apart">
          <div className="body btns">
            {everyState.stages().map((stage) => (
              <State key={stage} shown={shownStage(stage)} marked />
            ))}
          </div>
        </Panel>
        <Panel title="A region’s phase" note="inside a run">
          <div className="body btns">
            {everyState.phases().map((phase) => (
              <State key={phase} shown={shownPhase(phase)} marked />
            ))}
          </div>
        </Panel>
        <Panel title="How a run ends">
          <Outcomes />
        </Panel>
        <Controls />
        <Messages />
        <Panel title="Keyboard">
          <div className="body">
            <KeysList />
          </div>
        </Panel>
        <Panel title="Tones" note="six, and no seventh">
          <div className="body swatches">
            {Object.entries(tones).map(([tone, means]) => (
              <div key={tone} data-tone={tone}>
                <b>{tone}</b>
                <br />
                {means}
              </div>
            ))}
          </div>
        </Panel>
      </div>
    </>
  );
}

function Outcomes() {
  return (
    <dl className="body kv">
      {Object.entries(outcomes).map(([outcome, { says }]) => (
        <Fragment key={outcome}>
          <dt>
            <State shown={shownRun({ open: false, outcome })} />
          </dt>
          <dd className="ink-2">
            {says}
            {meaningOf(outcome).lane === 'hold' && ', and the lane is on hold'}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
