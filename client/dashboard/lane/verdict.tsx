import { Icon } from '../parts/icon.tsx';
import { useNow } from '../parts/now.ts';
import { Time } from '../parts/when.tsx';
import { plural } from '../../cli/words.ts';
import { byInWords } from '../words/lane-closed.ts';
import { laneVerdict, troublesOf } from '../words/lane-verdict.ts';
import { laneWays } from '../words/lane-ways.ts';
import { runInWords } from '../words/lane-now.ts';
import type { LaneNow } from '../words/lane-now.ts';
import { duration, inLargest, shortly } from '../words/times.ts';
import { RunLink } from './run-link.tsx';
import { Closures } from './closures.tsx';
import { LaneWays } from './ways.tsx';
import type { OfLane } from './of-lane.ts';

/** The sentence that answers the page, who opens it, what closes it, and what may be done. */
export function VerdictOfLane({ view, lane, inside, ordering }: OfLane) {
  const now = useNow();
  const { tone, icon, says, beside } = laneVerdict(view, lane, now, inside);
  const ways = laneWays(view, lane).filter(({ isSeldom }) => !isSeldom);
  return (
    <section className="verdict" data-tone={tone} aria-labelledby="say">
      <div className="say">
        <Icon name={icon} large />
        <div>
          <h2 id="say">
            <bdi>{says}</bdi>
          </h2>
          {beside !== undefined && <p>{beside}</p>}
          {troublesOf(view).map((line) => (
            <p key={line}>{line}</p>
          ))}
          {lane.holder && inside?.stage === 'held' && !!inside.waitingFor?.decisions?.length && (
            <p>
              <RunLink id={lane.holder.releaseId} name={`Decide on the page of ${runInWords(lane.holder.releaseId)}`} />
            </p>
          )}
        </div>
      </div>
      <Facts lane={lane} now={now} />
      {view.untold === undefined && (
        <div className="why-what">
          <Closures lane={lane} />
          <LaneWays ways={ways} ordering={ordering} />
        </div>
      )}
    </section>
  );
}

/** Who is waited for, since when, until when, what waits behind it, and what passes. */
function Facts({ lane: { closures, queue }, now }: { lane: LaneNow; now: number }) {
  const [closure] = closures;
  if (!closure) return null;
  const oldest = Math.min(...queue.flatMap(({ joinedAt }) => joinedAt ?? []));
  const who = closure.kind === 'hold' ? 'whoever may approve, or is on call' : byInWords(closure);
  return (
    <dl className="waits">
      <div>
        <dt>Waits for</dt>
        <dd>
          {who} <span>{closure.kind === 'hold' ? 'to look, and clear it' : 'or whoever may approve, to lift it'}</span>
        </dd>
      </div>
      <div>
        <dt>Since</dt>
        <dd>
          <Time at={closure.from}>{shortly(closure.from, now)}</Time>{' '}
          <span>
            {duration(now - closure.from)},{' '}
            {closure.until === undefined ? 'no deadline' : `until ${shortly(closure.until, now)}`}
          </span>
        </dd>
      </div>
      <div>
        <dt>Behind it</dt>
        <dd>
          {plural(queue.length, 'run')}{' '}
          {Number.isFinite(oldest) && <span>the oldest for {inLargest(now - oldest)}</span>}
        </dd>
      </div>
      {closures.every(({ passes }) => passes.some(({ kind }) => kind === 'rollback')) && (
        <div>
          <dt>Passes</dt>
          <dd>
            rollbacks <span>always</span>
          </dd>
        </div>
      )}
    </dl>
  );
}
