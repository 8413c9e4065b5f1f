import { Refusal } from '../gateway/ask.ts';
import { Blank } from '../parts/blank.tsx';
import { Command } from '../parts/command.tsx';
import { Panel } from '../parts/panel.tsx';
import { Loading, Problem, Refused } from '../parts/problem.tsx';
import { ShownAsOf } from '../parts/stale.tsx';

const away = new Refusal(503, {
  code: 'SLIP-REC-1',
  message: 'the records cannot be reached',
  next: 'Releases wait where they are, and go on when the database is back.',
});
const mayNot = new Refusal(403, {
  code: 'forbidden',
  message: 'ann may look at production, and not decide there',
  next: 'Ask somebody of release-managers.',
});

/** What is said where something is not there, not known, or not done. */
export function Messages() {
  return (
    <>
      <Panel title="Nothing there">
        <Blank icon="plan" title="Nothing waits for you">
          <p>Approvals and decisions for your groups appear here.</p>
        </Blank>
      </Panel>
      <Panel title="First day">
        <Blank icon="commit" title="No release yet">
          <p>Add slipway.yaml to a repository, then:</p>
          <Command line="slipway deploy --service shop" />
        </Blank>
      </Panel>
      <Panel title="Loading">
        <div className="body">
          <Loading of="the run" />
        </div>
      </Panel>
      <Panel title="Not done">
        <div className="body">
          <Refused error={mayNot} />
        </div>
      </Panel>
      <Problem of="This run" error={away} />
      <ShownAsOf at={Date.UTC(2026, 2, 9, 13, 2)} />
    </>
  );
}
