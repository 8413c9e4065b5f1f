import { Icon } from '../parts/icon.tsx';
import { useNow } from '../parts/now.ts';
import { Time } from '../parts/when.tsx';
import { shownClosure } from '../words/lane-closed.ts';
import type { ShownClosure } from '../words/lane-closed.ts';
import type { LaneNow } from '../words/lane-now.ts';
import { shortly } from '../words/times.ts';
import { RunLink } from './run-link.tsx';

/** Each thing that keeps new runs out: what, until when, why, by whom. */
export function Closures({ lane: { closures, later } }: { lane: LaneNow }) {
  const now = useNow();
  const shown = [...closures, ...later].map((closure) => shownClosure(closure, now));
  return (
    <section aria-labelledby="shut">
      <h3 id="shut">What closes it</h3>
      {shown.length === 0 ? (
        <p className="small ink-2">Nothing that is on record.</p>
      ) : (
        <ul className="shut">
          {shown.map((closure) => (
            <Closure key={`${closure.kind} ${closure.id}`} closure={closure} now={now} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Closure({
  closure: { kind, tone, icon, title, until, reason, by, run, from, id },
  now,
}: {
  closure: ShownClosure;
  now: number;
}) {
  return (
    <li data-tone={tone}>
      <Icon name={icon} />
      <div>
        <h4>
          {title} <em>{until}</em>
        </h4>
        {reason.map((line) => (
          <p key={line}>
            <bdi>{kind === 'freeze' ? `“${line}”` : line}</bdi>
          </p>
        ))}
        <p>
          {kind === 'hold' ? 'Left by' : 'By'} {run === undefined ? by : <RunLink id={run} name={by} />},{' '}
          <Time at={from}>{shortly(from, now)}</Time>. <code className="ink-3 small">{id}</code>
        </p>
      </div>
    </li>
  );
}
