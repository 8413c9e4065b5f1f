import { useQuery } from '@tanstack/react-query';
import type { PlanView, ReleaseView } from '../../../domain/contract/gateway.ts';
import { secondLooks } from '../../../domain/second-looks.ts';
import { wayBackQuestion } from '../gateway/questions.ts';
import { Icon } from '../parts/icon.tsx';
import { waysOf } from '../words/ways.ts';
import { verdictOf } from '../words/verdict.ts';
import { Risks } from './risks.tsx';
import { Waits } from './waits.tsx';
import { Ways } from './ways.tsx';
import { Why } from './why.tsx';

interface Shown {
  view: ReleaseView;
  plan: PlanView | undefined;
  /** What was verified there last. */
  verified: PlanView | undefined;
}

/** The sentence that answers the page, who is waited for, why, and what may be done. */
export function VerdictPanel({ view, plan, verified }: Shown) {
  const { tone, icon, says, beside } = verdictOf(view, plan);
  const { waitingFor, failure } = view.status ?? {};
  const isAsked = waitingFor?.decisions?.includes('approve') === true;
  return (
    <section className="verdict" data-tone={tone} aria-labelledby="say">
      <div className="say">
        <Icon name={icon} large />
        <div>
          <h2 id="say">{says}</h2>
          {beside !== undefined && <p>{beside}</p>}
        </div>
      </div>
      {waitingFor && <Waits waiting={waitingFor} plan={plan} />}
      {isAsked && plan && <Risks looks={secondLooks(plan, verified)} />}
      {!isAsked && (waitingFor?.decisions || failure) && <WhyAndWhat view={view} />}
    </section>
  );
}

function WhyAndWhat({ view }: { view: ReleaseView }) {
  const mayGoBack = view.status?.waitingFor?.decisions?.includes('roll-back') === true;
  const { data: back } = useQuery({ ...wayBackQuestion(view.releaseId), enabled: mayGoBack });
  const ways = waysOf(view, back);
  return (
    <div className="why-what">
      <Why view={view} />
      {ways.length > 0 && <Ways view={view} ways={ways} />}
    </div>
  );
}
