import type { TargetMeasure, WeekMeasure } from '../../../domain/contract/insights.ts';
import { limitIn } from '../../../domain/insights/words.ts';
import { barsOf, chartInWords, ticksTo, weekTitle } from '../words/insights.ts';
import type { Bar } from '../words/insights.ts';
import { Swap } from './swap.tsx';
import { WeekTable } from './week-table.tsx';

const size = { width: 1340, height: 220, left: 60, bottom: 194, top: 12 };
const classes = { before: 'before', machines: 'machine', lane: 'lane-fill', people: 'people-fill' } as const;

/** Week by week, machines' time solid and waiting hatched. */
export function CommitToProduction({
  weeks,
  targets,
}: {
  weeks: readonly WeekMeasure[];
  targets: readonly TargetMeasure[];
}) {
  const target = targets.find(({ name }) => name === 'commit-to-production');
  return (
    <Swap
      title="Commit to production"
      legend={<Legend />}
      chart={<Chart weeks={weeks} target={target} />}
      table={<WeekTable weeks={weeks} />}
    />
  );
}

function Legend() {
  return (
    <span className="legend">
      <Swatch kind="before">before it was asked for: CI, people</Swatch>
      <Swatch kind="machines">machines</Swatch>
      <Swatch kind="lane">the lane</Swatch>
      <Swatch kind="people">people’s waiting</Swatch>
      <span>median minutes per week</span>
    </span>
  );
}

function Swatch({ kind, children }: { kind: keyof typeof classes; children: React.ReactNode }) {
  return (
    <span>
      <svg className="chart" viewBox="0 0 12 12" aria-hidden="true">
        {kind === 'people' && <Hatch />}
        <rect className={classes[kind]} x=".5" y=".5" width="11" height="11" />
      </svg>
      {children}
    </span>
  );
}

/** In the legend, which is there beside the table, too: what fills the chart's bars is found there. */
function Hatch() {
  return (
    <defs>
      <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line className="hatch-line" x1="0" x2="0" y1="0" y2="5" />
      </pattern>
    </defs>
  );
}

function Chart({ weeks, target }: { weeks: readonly WeekMeasure[]; target: TargetMeasure | undefined }) {
  const bars = barsOf(weeks);
  const limitMs = target?.limitMs ?? 0;
  const most = Math.max(limitMs * 1.1, ...bars.map(({ ms }) => ms)) || 1;
  const y = (ms: number) => size.bottom - ((size.bottom - size.top) * ms) / most;
  const apart = (size.width - size.left) / Math.max(1, bars.length);
  const width = Math.min(64, apart * 0.7);
  const every = Math.ceil(bars.length / 13);
  return (
    <svg className="chart" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={chartInWords(weeks)}>
      {ticksTo(most).map((minutes) => (
        <Tick key={minutes} minutes={minutes} y={y(minutes * 60_000)} />
      ))}
      {bars.map((bar, nth) => {
        const x = size.left + apart * nth + (apart - width) / 2;
        const isLast = nth === bars.length - 1;
        const isNamed = isLast || (nth % every === 0 && bars.length - 1 - nth >= every);
        return (
          <g key={bar.from}>
            <Column bar={bar} x={x} width={width} y={y} />
            {isNamed && (
              <text x={x + width / 2} y="212" textAnchor="middle" className={isLast ? 'strong' : undefined}>
                {isLast ? 'this week' : weekTitle(bar.from)}
              </text>
            )}
          </g>
        );
      })}
      {target && (
        <>
          <line className="limit" x1={size.left} x2={size.width} y1={y(limitMs)} y2={y(limitMs)} />
          <text className="strong halo" x={size.width - 4} y={y(limitMs) - 6} textAnchor="end">
            target {limitIn(target)}, without waiting
          </text>
        </>
      )}
    </svg>
  );
}

function Tick({ minutes, y }: { minutes: number; y: number }) {
  return (
    <>
      <line className="axis" x1={size.left} x2={size.width} y1={y} y2={y} />
      <text x={size.left - 8} y={y + 4} textAnchor="end">
        {minutes}
      </text>
    </>
  );
}

function Column({ bar, x, width, y }: { bar: Bar; x: number; width: number; y: (ms: number) => number }) {
  let below = 0;
  return bar.parts.map(({ kind, ms }) => {
    const from = below;
    below += ms;
    const height = Math.max(0, y(from) - y(below) - 1);
    return <rect key={kind} className={classes[kind]} x={x} y={y(below)} width={width} height={height} />;
  });
}
