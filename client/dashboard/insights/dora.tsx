import type { Insights, WeekNumber } from '../../../domain/contract/insights.ts';
import { briefly, percent, restoreInWords } from '../../../domain/insights/words.ts';
import { Panel } from '../parts/panel.tsx';
import { Trend } from './trend.tsx';

/** Four numbers, from what is on record of releases alone. */
export function Dora({ dora: { deployments, leadTime, failed, restore } }: { dora: Insights['dora'] }) {
  const before = failed.endedBefore > 0 ? `; ${failed.endedBefore} more failed before they changed anything` : '';
  return (
    <Panel title="The four of DORA" note="from our own records; how each is counted stands below">
      <dl className="dora">
        <One title="Deployments" big={deployments.perWeek.toFixed(1)} unit="a week" weeks={deployments.weeks}>
          {deployments.count} in all
        </One>
        <One title="Lead time for changes" big={time(leadTime.medianMs)} unit="without waiting" weeks={leadTime.weeks}>
          {leadTime.waitedMs === undefined
            ? nothing
            : `and ${briefly(leadTime.waitedMs)} waited for people and the lane`}
        </One>
        <One
          title="Changes that failed"
          big={failed.share === undefined ? '–' : percent(failed.share)}
          unit={`${failed.count} of ${failed.changed}`}
          weeks={failed.weeks}
        >
          {failed.putBackLater} of them ordered back later{before}
        </One>
        <One title="Time to restore" big={time(restore.medianMs)} unit="median" weeks={restore.weeks}>
          {restoreInWords(restore)}
        </One>
      </dl>
    </Panel>
  );
}

const nothing = 'nothing to count yet';
const time = (ms: number | undefined) => (ms === undefined ? '–' : briefly(ms));

interface OneProps {
  title: string;
  big: string;
  unit: string;
  weeks: readonly WeekNumber[];
  children: React.ReactNode;
}

function One({ title, big, unit, weeks, children }: OneProps) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <span className="big">
          {big} <small>{unit}</small>
        </span>
        <span className="ink-3 small">{children}</span>
        <Trend values={weeks} />
      </dd>
    </div>
  );
}
