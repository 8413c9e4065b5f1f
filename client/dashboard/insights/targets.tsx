import { useId } from 'react';
import type { Insights, TargetMeasure } from '../../../domain/contract/insights.ts';
import { briefly, headlineOf, limitIn, titleOf } from '../../../domain/insights/words.ts';
import { Icon } from '../parts/icon.tsx';
import { State } from '../parts/state.tsx';
import { shownTarget } from '../words/insights.ts';
import { Trend } from './trend.tsx';

const icons = { good: 'pass', ask: 'clock', stop: 'warn', mute: 'unknown' } as const;

/** The sentence that answers the page, and the five targets below it. */
export function Targets({ insights }: { insights: Insights }) {
  const id = useId();
  const { tone, says, slowest } = headlineOf(insights);
  return (
    <section className="verdict" data-tone={tone} aria-labelledby={id}>
      <div className="say">
        <Icon name={icons[tone]} large />
        <div>
          <h2 id={id}>{says}</h2>
          {slowest !== undefined && <p>{slowest}</p>}
        </div>
      </div>
      <dl className="five">
        {insights.targets.map((target) => (
          <Target key={target.name} target={target} />
        ))}
      </dl>
    </section>
  );
}

function Target({ target }: { target: TargetMeasure }) {
  const { name, medianMs, limitMs, leftOut, weeks } = target;
  const shown = shownTarget(target);
  return (
    <div data-tone={shown.tone}>
      <dt>{titleOf(name)}</dt>
      <dd>
        <span className="big">
          {medianMs === undefined ? '–' : briefly(medianMs)} <small>of {limitIn(target)}</small>
        </span>
        <span className="small">
          <State shown={shown} />
        </span>
        {leftOut !== undefined && (
          <p className="ink-3 small">{leftOut} left out: the time of the commit is not known</p>
        )}
        <Trend values={weeks.map(({ from, ms }) => ({ from, value: ms }))} limit={limitMs} />
      </dd>
    </div>
  );
}
