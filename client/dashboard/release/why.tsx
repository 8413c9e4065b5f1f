import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import type { FailureDetails } from '../../../domain/errors/failure.ts';
import { readFailureInWords } from '../../../domain/rollout-words.ts';

/** Why it failed, in the pod's own words, or why it waits, in the engine's. */
export function Why({ view }: { view: ReleaseView }) {
  const failure = view.status?.failure;
  return (
    <section aria-labelledby="why">
      <h3 id="why">
        {failure ? 'Why it failed' : 'Why it waits'}{' '}
        {failure && readFailureInWords(failure.detail) && <small>in the pod’s own words</small>}
      </h3>
      {failure ? <Failed failure={failure} /> : <Reasons why={view.why} />}
    </section>
  );
}

function Failed({ failure: { code, title, detail, next } }: { failure: FailureDetails }) {
  const pod = readFailureInWords(detail);
  return (
    <>
      <pre className="pod">
        {pod ? (
          <>
            <span className="dim">{pod.pod ?? pod.deployment}</span>
            {`\n${pod.reason}\n`}
            <strong>{pod.message}</strong>
            {pod.below.length > 0 && <span className="dim">{`\n${pod.below.join('\n')}`}</span>}
          </>
        ) : (
          <strong>{detail}</strong>
        )}
      </pre>
      <p className="next">
        <b>Next:</b> {next} <span className="nowrap">{code}</span> <span className="ink-3">{title}</span>
      </p>
    </>
  );
}

function Reasons({ why }: { why: readonly string[] }) {
  return (
    <ul>
      {why.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
