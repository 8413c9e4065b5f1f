import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import type { FailureDetails } from '../../../domain/errors/failure.ts';
import { visible } from '../../../domain/visible.ts';
import { rolloutIn } from '../words/rollout.ts';
import { isTriedAgain } from '../words/verdict.ts';

/** Why it failed, in the pod's own words; and why it does not move, or how it goes on, in the engine's. */
export function Why({ view }: { view: ReleaseView }) {
  const { status } = view;
  const failure = status?.failure;
  const pod = failure && rolloutIn(failure)?.pod;
  const title = !failure ? 'Why' : status && isTriedAgain(status) ? 'What stands in the way' : 'Why it failed';
  return (
    <section aria-labelledby="why">
      <h3 id="why">
        {title} {pod !== undefined && <small>in the pod’s own words</small>}
      </h3>
      {failure && <Failed failure={failure} />}
      <ul>
        {view.why.map((line) => (
          <li key={line}>{visible(line)}</li>
        ))}
      </ul>
    </section>
  );
}

function Failed({ failure }: { failure: FailureDetails }) {
  const told = rolloutIn(failure);
  return (
    <>
      <pre className="pod">
        {told ? (
          <>
            <span className="dim">{told.pod ?? told.deployment}</span>
            {`\n${told.reason}\n`}
            <strong>{visible(told.message)}</strong>
            {told.below.map((line, index) => (
              <span key={`${index} ${line}`} className="dim">{`\n${visible(line)}`}</span>
            ))}
          </>
        ) : (
          <strong>{failure.detail.split('\n').map(visible).join('\n')}</strong>
        )}
      </pre>
      <p className="next">
        <span className="nowrap">{failure.code}</span> <span className="ink-3">{failure.title}</span>
      </p>
    </>
  );
}
