import { Icon } from '../parts/icon.tsx';
import type { LaneWay } from '../words/lane-ways.ts';
import type { Ordering } from './use-ordering.ts';

/** What may be ordered of the lane. Each asks before it acts; none is the one to press: it depends on what somebody has seen. */
export function LaneWays({ ways, ordering: { ask, why } }: { ways: readonly LaneWay[]; ordering: Ordering }) {
  return (
    <section className="what-first" aria-labelledby="what">
      <h3 id="what">
        What you can do <small>each asks before it acts</small>
      </h3>
      <ul className="ways">
        {ways.map((way) => (
          <li key={`${way.kind} ${way.id}`} data-tone={way.tone}>
            <Icon name={way.icon} />
            <div>
              <h4>
                {way.title} <em>{way.mark}</em>
              </h4>
              {way.lines.map((line) => (
                <p key={line}>{line}</p>
              ))}
            </div>
            <button type="button" className="btn" disabled={why !== undefined} onClick={() => ask(way)}>
              {way.button}
            </button>
          </li>
        ))}
      </ul>
      {why !== undefined && <p className="cannot">{why}</p>}
    </section>
  );
}
