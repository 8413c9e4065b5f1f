import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { Icon } from '../parts/icon.tsx';
import type { Way } from '../words/ways.ts';
import { Confirm } from './confirm.tsx';
import { useDeciding } from './use-deciding.ts';

/** What may be done, the safest first. Each asks before it acts. */
export function Ways({ view, ways, isLost }: { view: ReleaseView; ways: readonly Way[]; isLost: boolean }) {
  const { asked, ask, why } = useDeciding(view, isLost);
  return (
    <section className="what-first" aria-labelledby="what">
      <h3 id="what">
        What you can do <small>safest first; each asks before it acts</small>
      </h3>
      <ul className="ways">
        {ways.map((way, index) => (
          <li key={way.kind} data-tone={way.tone}>
            <Icon name={way.icon} />
            <div>
              <h4>
                {way.title} <em>{way.mark}</em>
              </h4>
              {way.lines.map((line) => (
                <p key={line}>{line}</p>
              ))}
              {way.refused !== undefined && <p className="cannot">Not possible: {way.refused}</p>}
            </div>
            <button
              type="button"
              className={index === 0 ? 'btn btn-main' : 'btn'}
              disabled={way.refused !== undefined || why !== undefined}
              onClick={() => ask(way)}
            >
              {way.button}
            </button>
          </li>
        ))}
      </ul>
      {why !== undefined && <p className="cannot">{why}</p>}
      {asked && <Confirm view={view} way={asked} planHash={view.recorded?.planHash} close={() => ask(undefined)} />}
    </section>
  );
}
