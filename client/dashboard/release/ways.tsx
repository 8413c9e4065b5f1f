import { WayItem } from '../parts/way-item.tsx';
import { WhyNot } from '../parts/why-not.tsx';
import type { Way } from '../words/ways.ts';
import { keyOfDecision } from '../words/keys.ts';
import type { Deciding } from './use-deciding.ts';

/** What may be done, the safest first. Each asks before it acts. */
export function Ways({ ways, deciding }: { ways: readonly Way[]; deciding: Deciding }) {
  const { ask, whyNot } = deciding;
  return (
    <section className="what-first" aria-labelledby="what">
      <h3 id="what">
        What you can do <small>safest first; each asks before it acts</small>
      </h3>
      <ul className="ways">
        {ways.map((way, index) => (
          <WayItem key={way.kind} way={way}>
            <button
              type="button"
              data-key={keyOfDecision[way.kind]}
              className={index === 0 ? 'btn btn-main' : 'btn'}
              disabled={way.refused !== undefined || whyNot(way.kind) !== undefined}
              onClick={() => ask(way)}
            >
              {way.button}
            </button>
          </WayItem>
        ))}
      </ul>
      <WhyNot ways={ways} whyNot={whyNot} />
    </section>
  );
}
