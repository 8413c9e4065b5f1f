import type { LaneView, ReleaseRow } from '../../../domain/contract/gateway.ts';
import { shortName } from '../../../domain/short-names.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence } from '../../../domain/whole-text.ts';
import { useNow } from '../parts/now.ts';
import { Panel } from '../parts/panel.tsx';
import { State } from '../parts/state.tsx';
import { runInWords } from '../words/lane-now.ts';
import type { LaneNow } from '../words/lane-now.ts';
import { shownRun } from '../words/states.ts';
import { duration } from '../words/times.ts';
import { RunLink } from './run-link.tsx';

interface Shown {
  lane: LaneNow;
  /** What is open there, as far as it was told. */
  runs: readonly ReleaseRow[];
  ended: LaneView['holderEnded'];
}

/** The single writer. */
export function Inside({ lane: { holder }, runs, ended }: Shown) {
  const now = useNow();
  if (!holder)
    return (
      <Panel title="Inside now">
        <p className="body ink-2">Nobody writes here now.</p>
      </Panel>
    );
  const { releaseId, since } = holder;
  const row = runs.find((one) => one.releaseId === releaseId);
  const outcome = ended?.outcome;
  const shown = shownRun({ ...row, open: outcome === undefined, ...(outcome !== undefined && { outcome }) });
  return (
    <Panel title="Inside now" note={`for ${duration(now - since)}`}>
      <table className="grid bare cards">
        <caption className="vh">Holder of the lane</caption>
        <tbody>
          <tr data-row>
            <td className="fit">
              <State shown={shown} />
            </td>
            <th scope="row">
              <RunLink id={releaseId} name={row ? shortName(row) : runInWords(releaseId)} />{' '}
              {row && <code className="ink-3 small">{row.commit.slice(0, 7)}</code>}
            </th>
            <td>{visible(firstSentence(row?.state?.doing ?? ''))}</td>
            <td className="ink-3 r">{row && visible(row.requestedBy)}</td>
          </tr>
        </tbody>
      </table>
    </Panel>
  );
}
