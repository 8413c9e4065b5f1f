import { Link } from '@tanstack/react-router';
import type { LaneView } from '../../../domain/contract/gateway.ts';
import { Icon } from '../parts/icon.tsx';
import { State } from '../parts/state.tsx';
import { WhyNot } from '../parts/why-not.tsx';
import { shownLane } from '../words/lane-closed.ts';
import type { LaneNow } from '../words/lane-now.ts';
import { laneWays } from '../words/lane-ways.ts';
import type { Ordering } from './use-ordering.ts';

/** Which lane this is, and how it stands in a word. */
export function LaneHead({ view, lane, ordering }: { view: LaneView; lane: LaneNow; ordering: Ordering }) {
  const { service, environment, status } = view;
  const seldom = laneWays(view, lane).filter(({ isSeldom }) => isSeldom);
  const isUnseen = !lane.isSeen || view.untold !== undefined;
  return (
    <>
      <nav className="crumbs" aria-label="Where you are">
        <ol>
          <li>
            <Link to="/lanes">Lanes</Link>
          </li>
          <li>
            <Link to="/lanes" search={{ service }}>
              {service}
            </Link>
          </li>
          <li aria-current="page">{environment}</li>
        </ol>
      </nav>
      <header className="head">
        <div>
          <h1>
            {service} → {environment} <State shown={shownLane({ ...lane, isUnseen })} marked />
          </h1>
          <p className="facts">
            <span>one writer at a time</span>
            {status && (
              <span>
                lane life <b>{status.lastTicket.incarnation}</b>, last ticket{' '}
                <b>
                  {status.lastTicket.incarnation}.{status.lastTicket.n}
                </b>
              </span>
            )}
          </p>
        </div>
        <div className="btns">
          {seldom.map((way) => (
            <button
              key={way.kind}
              type="button"
              className="btn"
              disabled={ordering.whyNot(way.kind) !== undefined}
              onClick={() => ordering.ask(way)}
            >
              <Icon name="key" />
              {way.title}…
            </button>
          ))}
          <WhyNot ways={seldom} whyNot={ordering.whyNot} />
        </div>
      </header>
    </>
  );
}
