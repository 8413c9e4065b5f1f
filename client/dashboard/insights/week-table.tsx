import type { WeekMeasure } from '../../../domain/contract/insights.ts';
import { briefly } from '../../../domain/insights/words.ts';
import { weekTitle } from '../words/insights.ts';

/** The same as the chart, in numbers. */
export function WeekTable({ weeks }: { weeks: readonly WeekMeasure[] }) {
  const cell = (ms: number | undefined) => <td className="r">{ms === undefined ? '–' : briefly(ms)}</td>;
  return (
    <table className="grid as-table">
      <caption className="vh">Commit to production, medians per week</caption>
      <thead>
        <tr>
          <th scope="col">Week of</th>
          {['Before', 'Machines', 'The lane', 'People', 'Counted', 'Verified'].map((title) => (
            <th key={title} scope="col" className="r">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map(({ from, verified, count, beforeMs, machinesMs, laneMs, peopleMs }) => (
          <tr key={from}>
            <th scope="row">{weekTitle(from)}</th>
            {cell(beforeMs)}
            {cell(machinesMs)}
            {cell(laneMs)}
            {cell(peopleMs)}
            <td className="r">{count}</td>
            <td className="r">{verified}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
