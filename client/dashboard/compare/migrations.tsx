import type { PlanView, ReleaseView } from '../../../domain/contract/gateway.ts';
import { shortName } from '../../../domain/short-names.ts';
import { Panel } from '../parts/panel.tsx';
import { State } from '../parts/state.tsx';
import { comparedMigrations } from '../words/compare.ts';

interface Shown {
  before: PlanView;
  after: PlanView;
  a: ReleaseView;
  b: ReleaseView;
}

const contracting = { icon: 'warn', tone: 'ask', word: 'takes something away' } as const;

/** What each was to do to the databases, as it was planned. */
export function Migrations({ before, after, a, b }: Shown) {
  const rows = comparedMigrations(before, after);
  if (rows.length === 0) return null;
  return (
    <Panel title="Migrations" note="as each was planned">
      <table className="grid cards">
        <thead>
          <tr>
            <th scope="col">Database</th>
            <th scope="col">{shortName(a)}</th>
            <th scope="col">{shortName(b)}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.database}>
              <th scope="row">
                {row.database} {row.isContracting && <State shown={contracting} />}
              </th>
              <td data-th="Before">{row.before ?? 'not migrated'}</td>
              <td data-th="After">{row.after ?? 'not migrated'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
