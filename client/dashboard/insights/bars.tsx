import type { ApprovalMeasure, StepMeasure } from '../../../domain/contract/insights.ts';
import { briefly, bucketInWords, stepInWords } from '../../../domain/insights/words.ts';
import { visible } from '../../../domain/visible.ts';
import { plural } from '../../cli/words.ts';
import { Swap } from './swap.tsx';

interface Row {
  name: string;
  value: number;
  says: string;
}

const size = { width: 620, from: 128, most: 300, row: 30 };

/** Bars that lie, each with its name before it and its number behind. The longest is named. */
function Bars({ rows, label }: { rows: readonly Row[]; label: string }) {
  const top = Math.max(...rows.map(({ value }) => value), 1);
  return (
    <svg className="chart" viewBox={`0 0 ${size.width} ${rows.length * size.row + 6}`} role="img" aria-label={label}>
      {rows.map(({ name, value, says }, nth) => {
        const width = Math.max(1, (size.most * value) / top);
        const y = nth * size.row;
        const isLongest = value === top;
        return (
          <g key={name}>
            <text x={size.from} y={y + 19} textAnchor="end" className={isLongest ? 'strong' : undefined}>
              {name}
            </text>
            <rect
              className={isLongest ? 'named' : 'bar'}
              x={size.from + 8}
              y={y + 8}
              width={width}
              height="14"
              rx="2"
            />
            <text x={size.from + 16 + width} y={y + 19} className={isLongest ? 'strong' : undefined}>
              {says}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

/** What machines did, the slowest first. */
export function SlowestSteps({ steps }: { steps: readonly StepMeasure[] }) {
  const rows = steps.slice(0, 8).map((step) => ({
    name: visible(stepInWords(step)),
    value: step.medianMs,
    says: `${briefly(step.medianMs)}, one of ten over ${briefly(step.mostMs)}`,
  }));
  const [slowest] = rows;
  if (!slowest) return <Nothing title="Slowest steps">No release was verified whose steps are on record.</Nothing>;
  return (
    <Swap
      title="Slowest steps"
      note="medians of verified releases"
      chart={
        <Bars rows={rows} label={`Slowest steps, medians: ${slowest.name} takes longest, ${briefly(slowest.value)}`} />
      }
      table={
        <table className="grid as-table">
          <caption className="vh">Steps, medians and what one of ten takes longer than</caption>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col" className="r">
                Median
              </th>
              <th scope="col" className="r">
                One of ten over
              </th>
              <th scope="col" className="r">
                Counted
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <tr key={`${step.kind} ${step.name}`}>
                <th scope="row">{visible(stepInWords(step))}</th>
                <td className="r">{briefly(step.medianMs)}</td>
                <td className="r">{briefly(step.mostMs)}</td>
                <td className="r">{step.count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}

/** How long the last yes was waited for. */
export function LastYes({ approvals: { count, medianMs, buckets } }: { approvals: ApprovalMeasure }) {
  if (medianMs === undefined)
    return <Nothing title="Time to the last yes">Nothing was approved in these weeks.</Nothing>;
  const rows = buckets.map(({ underMs, count: many }, nth) => ({
    name: bucketInWords(underMs, buckets[nth - 1]?.underMs),
    value: many,
    says: String(many),
  }));
  return (
    <Swap
      title="Time to the last yes"
      note={`${plural(count, 'approval')}, median ${briefly(medianMs)}`}
      chart={
        <Bars
          rows={rows}
          label={`Time to the last yes: ${rows.map(({ name, says }) => `${says} ${name}`).join(', ')}`}
        />
      }
      table={
        <table className="grid as-table">
          <caption className="vh">Approvals by how long they waited</caption>
          <thead>
            <tr>
              <th scope="col">Waited</th>
              <th scope="col" className="r">
                Approvals
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, says }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="r">{says}</td>
              </tr>
            ))}
          </tbody>
        </table>
      }
    />
  );
}

function Nothing({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      <p className="body ink-2">{children}</p>
    </section>
  );
}
