import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import type { FailureDetails } from '../../../domain/errors/failure.ts';
import { visible } from '../../../domain/visible.ts';
import { plural } from '../../cli/words.ts';
import { Command } from '../parts/command.tsx';
import { useNow } from '../parts/now.ts';
import { Time } from '../parts/when.tsx';
import { linesOf } from '../words/lines.ts';
import { rolloutIn } from '../words/rollout.ts';
import { shortly } from '../words/times.ts';
import { isTriedAgain } from '../words/verdict.ts';
import { whyLines } from '../words/why.ts';
import type { WhyLine } from '../words/why.ts';

/** Why it failed, in the pod's own words; and why it does not move, or how it goes on, in the engine's. */
export function Why({ view }: { view: ReleaseView }) {
  const { status } = view;
  const failure = status?.failure;
  const pod = failure && rolloutIn(failure)?.pod;
  const lines = whyLines(view);
  if (!failure && lines.length === 0) return null;
  const title = !failure ? 'Why' : status && isTriedAgain(status) ? 'What stands in the way' : 'Why it failed';
  return (
    <section aria-labelledby="why">
      <h3 id="why">
        {title} {pod !== undefined && <small>in the pod’s own words</small>}
      </h3>
      {failure && <Failed failure={failure} />}
      <ul className="whys">
        {lines.map((line, index) => (
          <Line key={index} line={line} />
        ))}
      </ul>
    </section>
  );
}

function Line({ line: { parts, commands } }: { line: WhyLine }) {
  const now = useNow();
  return (
    <li>
      {parts.map((part, index) =>
        part.kind === 'text' ? (
          part.text
        ) : (
          <Time key={`${index} ${part.at}`} at={part.at}>
            {shortly(part.at, now)}
          </Time>
        ),
      )}
      {commands.length > 0 && (
        <details className="commands">
          <summary>{plural(commands.length, 'command')} for the command line</summary>
          {commands.map((command) => (
            <Command key={command} line={visible(command)} />
          ))}
        </details>
      )}
    </li>
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
          <strong>{linesOf(failure.detail).join('\n')}</strong>
        )}
      </pre>
      <p className="next">
        <span className="nowrap">{failure.code}</span> <span className="ink-3">{failure.title}</span>
      </p>
    </>
  );
}
