import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { meQuestion } from '../gateway/questions.ts';
import { Icon } from '../parts/icon.tsx';
import { whyNotDecide } from '../words/may.ts';
import type { Way } from '../words/ways.ts';
import { Confirm } from './confirm.tsx';

/** What may be done, the safest first. Each asks before it acts. */
export function Ways({ view, ways }: { view: ReleaseView; ways: readonly Way[] }) {
  const { data: me } = useQuery(meQuestion);
  const why = whyNotDecide(me, view);
  const [asked, ask] = useState<Way>();
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
      {asked && <Confirm view={view} way={asked} close={() => ask(undefined)} />}
    </section>
  );
}
