import { useQuery } from '@tanstack/react-query';
import type { PlanView, ReleaseView } from '../../../domain/contract/gateway.ts';
import { wayBackQuestion } from '../gateway/questions.ts';
import { Icon } from '../parts/icon.tsx';
import { waysOf } from '../words/ways.ts';
import { verdictOf } from '../words/verdict.ts';
import { Waits } from './waits.tsx';
import { Ways } from './ways.tsx';
import { Why } from './why.tsx';

/** The sentence that answers the page, who is waited for, why, and what may be done. */
export function VerdictPanel({ view, plan }: { view: ReleaseView; plan: PlanView | undefined }) {
  const { tone, icon, says, beside } = verdictOf(view);
  const mayGoBack = view.status?.waitingFor?.decisions?.includes('roll-back') === true;
  const { data: back } = useQuery({ ...wayBackQuestion(view.releaseId), enabled: mayGoBack });
  const ways = waysOf(view, back);
  return (
    <section className="verdict" data-tone={tone} aria-labelledby="say">
      <div className="say">
        <Icon name={icon} large />
        <div>
          <h2 id="say">{says}</h2>
          {beside !== undefined && <p>{beside}</p>}
        </div>
      </div>
      {view.status?.waitingFor && <Waits waiting={view.status.waitingFor} plan={plan} />}
      {(ways.length > 0 || view.status?.failure) && (
        <div className="why-what">
          <Why view={view} />
          {ways.length > 0 && <Ways view={view} ways={ways} />}
        </div>
      )}
    </section>
  );
}
