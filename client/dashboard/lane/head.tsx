import { Link } from '@tanstack/react-router';
import { Icon } from '../parts/icon.tsx';
import { State } from '../parts/state.tsx';
import { WhyNot } from '../parts/why-not.tsx';
import { shownLane } from '../words/lane-closed.ts';
import { lastTurnInWords, whatTicketsAre } from '../words/lane-now.ts';
import { laneWays } from '../words/lane-ways.ts';
import type { OfLane } from './of-lane.ts';

/** Which lane this is, and how it stands in a word. */
export function LaneHead({ view, lane, inside, ordering }: OfLane) {
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
            {service} → {environment} <State shown={shownLane({ ...lane, inside, isUnseen })} marked />
          </h1>
          <p className="facts">
            <span>one writer at a time</span>
            {status && <span title={whatTicketsAre}>{lastTurnInWords(status.lastTicket)}</span>}
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
