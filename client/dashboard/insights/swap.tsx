import { useId } from 'react';

interface SwapProps {
  title: string;
  note?: React.ReactNode;
  /** What the colours mean. */
  legend?: React.ReactNode;
  chart: React.ReactNode;
  /** The same in numbers. */
  table: React.ReactNode;
}

/** A chart, and the table behind it: whoever cannot see the one reads the other. */
export function Swap({ title, note, legend, chart, table }: SwapProps) {
  const id = useId();
  return (
    <section className="panel swap" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {legend}
        {note !== undefined && <span className="note">{note}</span>}
        <div className="seg" role="group" aria-label={`Show ${title} as`}>
          <label>
            <input type="radio" name={id} value="chart" defaultChecked />
            Chart
          </label>
          <label>
            <input type="radio" name={id} value="table" />
            Table
          </label>
        </div>
      </header>
      <figure className="body">
        <div className="as-chart scroll" tabIndex={0} role="group" aria-label={`${title}, chart`}>
          {chart}
        </div>
        {table}
      </figure>
    </section>
  );
}
