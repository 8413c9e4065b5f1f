import { useQuery } from '@tanstack/react-query';
import type { PlanView, ReleaseView, RollbackPreview, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import { secondLooks } from '../../../domain/second-looks.ts';
import { visible } from '../../../domain/visible.ts';
import { wayBackQuestion } from '../gateway/questions.ts';
import { Icon } from '../parts/icon.tsx';
import { policyInWords } from '../words/compared.ts';
import { mayBeDecided, waysOf } from '../words/ways.ts';
import { verdictOf } from '../words/verdict.ts';
import { whyLines } from '../words/why.ts';
import type { Deciding } from './use-deciding.ts';
import { Risks } from './risks.tsx';
import { Waits } from './waits.tsx';
import { Ways } from './ways.tsx';
import { Why } from './why.tsx';

interface Shown {
  view: ReleaseView;
  plan: PlanView | undefined;
  /** What was verified there last; undefined until that is known. */
  beside: VerifiedBeside | undefined;
  deciding: Deciding;
}

/** The sentence that answers the page, what is wrong, who is waited for, why, and what may be done. */
export function VerdictPanel({ view, plan, beside, deciding }: Shown) {
  const verdict = verdictOf(view, plan);
  const { waitingFor } = view.status ?? {};
  const isAsked = mayBeDecided(view, 'approve');
  const troubles = [...(view.troubles ?? []), ...(beside && isAsked ? policyInWords(beside) : [])];
  return (
    <section className="verdict" data-tone={verdict.tone} aria-labelledby="say">
      <div className="say">
        <Icon name={verdict.icon} large />
        <div>
          <h2 id="say" aria-live="polite">
            <bdi>{verdict.says}</bdi>
          </h2>
          {verdict.beside !== undefined && <p>{verdict.beside}</p>}
          {troubles.map((line) => (
            <p key={line}>{visible(line)}</p>
          ))}
        </div>
      </div>
      {waitingFor && <Waits waiting={waitingFor} />}
      {isAsked && plan && beside && <Risks looks={secondLooks(plan, beside.verified?.plan)} />}
      {!isAsked && <WhyAndWhat view={view} deciding={deciding} />}
    </section>
  );
}

function WhyAndWhat({ view, deciding }: Pick<Shown, 'view' | 'deciding'>) {
  const { data: preview, error } = useQuery({
    ...wayBackQuestion(view.releaseId),
    enabled: mayBeDecided(view, 'roll-back'),
  });
  // That whoever looks may not order it is said below, of all that they may not do: what it would do is told all the same.
  const isMine = deciding.whyNot('roll-back') === undefined;
  const ways = waysOf(view, { preview: isMine ? preview : forAnybody(preview), error });
  if (ways.length === 0 && !view.status?.failure && whyLines(view).length === 0) return null;
  return (
    <div className="why-what">
      <Why view={view} />
      {ways.length > 0 && <Ways ways={ways} deciding={deciding} />}
    </div>
  );
}

function forAnybody(preview: RollbackPreview | undefined): RollbackPreview | undefined {
  if (!preview) return undefined;
  const { refused: _byMe, ...told } = preview;
  return told;
}
