import { WayItem } from '../parts/way-item.tsx';
import { WhyNot } from '../parts/why-not.tsx';
import type { LaneWay } from '../words/lane-ways.ts';
import type { Ordering } from './use-ordering.ts';

/** What may be ordered of the lane. Each asks before it acts; none is the one to press: it depends on what somebody has seen. */
export function LaneWays({ ways, ordering: { ask, whyNot } }: { ways: readonly LaneWay[]; ordering: Ordering }) {
  return (
    <section className="what-first" aria-labelledby="what">
      <h3 id="what">
        What you can do <small>each asks before it acts</small>
      </h3>
      <ul className="ways">
        {ways.map((way) => (
          <WayItem key={`${way.kind} ${way.id}`} way={way}>
            <button type="button" className="btn" disabled={whyNot(way.kind) !== undefined} onClick={() => ask(way)}>
              {way.button}
            </button>
          </WayItem>
        ))}
      </ul>
      <WhyNot ways={ways} whyNot={whyNot} />
    </section>
  );
}
