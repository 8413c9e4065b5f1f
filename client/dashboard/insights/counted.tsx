import { howCounted } from '../../../domain/insights/how-counted.ts';
import { Command } from '../parts/command.tsx';

/** What each number is made of, and what is left out: folded, for whoever asks. */
export function Counted() {
  return (
    <section className="panel" aria-label="How each is counted">
      <details className="body">
        <summary>How each is counted</summary>
        <dl className="counted">
          {howCounted.map(([what, how]) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{how.replaceAll('`', '')}</dd>
            </div>
          ))}
        </dl>
        <p className="ink-2">docs/insights.md has the same with examples, and so has the command:</p>
        <Command line="slipway insights --how" />
      </details>
    </section>
  );
}
