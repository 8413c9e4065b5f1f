import { Link } from '@tanstack/react-router';
import { laneInPath } from '../../../domain/contract/names.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import { Icon } from '../parts/icon.tsx';
import { useNow } from '../parts/now.ts';
import { Panel } from '../parts/panel.tsx';
import { Time } from '../parts/when.tsx';
import { waitsInWords } from '../words/standing.ts';
import type { Line, OpenLines } from '../words/standing.ts';
import { shortly } from '../words/times.ts';

/** What waits for whoever looks. Told aloud when it becomes another, and nothing else on this page is. */
export function Todo({ of, holds }: { of: OpenLines; holds: readonly LaneKey[] }) {
  const { forMe: lines } = of;
  const words = waitsInWords(of, holds);
  const note = lines.length > 1 ? `${lines.length}, most urgent first` : undefined;
  return (
    <div id="todo">
      <p className="vh" role="status" aria-live="polite">
        {words}
      </p>
      <Panel title="Waits for you" note={note}>
        {lines.length === 0 && holds.length === 0 ? (
          <p className="body ink-3">{words}</p>
        ) : (
          <ul className="todo">
            {lines.map((line, at) => (
              <Item key={line.run.releaseId} line={line} isFirst={at === 0} />
            ))}
            {holds.map((lane) => (
              <Hold key={laneInPath(lane)} lane={lane} />
            ))}
          </ul>
        )}
      </Panel>
    </div>
  );
}

function Item({ line: { run, shown, says, beside }, isFirst }: { line: Line; isFirst: boolean }) {
  const { releaseId, service, environment, state } = run;
  const until = state?.waitingFor?.until;
  const isHeld = state?.stage === 'held';
  return (
    <li data-tone={shown.tone} data-row>
      <Icon name={shown.icon} />
      <h3>
        {service} → {environment}
      </h3>
      <p>
        <span className="vh">{shown.word}: </span>
        <b>
          <bdi>{says}</bdi>
        </b>{' '}
        {beside}
      </p>
      <span className="until">{until !== undefined && <Until at={until} />}</span>
      <Link
        className={isFirst ? 'btn btn-main' : 'btn'}
        to="/runs/$"
        params={{ _splat: releaseId }}
        aria-label={`${isHeld ? 'Decide' : 'Review'} ${service} to ${environment}`}
      >
        {isHeld ? 'Decide' : 'Review'}
      </Link>
    </li>
  );
}

/** Whoever may decide there looks at what was left, and clears it: nothing new begins until then. */
function Hold({ lane }: { lane: LaneKey }) {
  const { service, environment } = lane;
  return (
    <li data-tone="stop" data-row>
      <Icon name="lock" />
      <h3>
        {service} → {environment}
      </h3>
      <p>
        <b>The lane is on hold.</b> Nothing new begins there until whoever may approve, or is on call, has looked and
        clears it.
      </p>
      <span className="until" />
      <Link
        className="btn"
        to="/lanes/$service/$environment"
        params={{ service, environment }}
        aria-label={`Look at the lane of ${service} in ${environment}`}
      >
        Look
      </Link>
    </li>
  );
}

function Until({ at }: { at: number }) {
  const now = useNow();
  return <Time at={at}>until {shortly(at, now)}</Time>;
}
