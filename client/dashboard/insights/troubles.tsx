import { Link } from '@tanstack/react-router';
import type { Insights, Trouble } from '../../../domain/contract/insights.ts';
import { causeInWords, endedInWords, restoredInWords } from '../../../domain/insights/words.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence, head } from '../../../domain/whole-text.ts';
import { Panel } from '../parts/panel.tsx';
import { State } from '../parts/state.tsx';
import { Ago } from '../parts/when.tsx';
import { shownRun } from '../words/states.ts';
import type { Shown } from '../words/states.ts';

const longestCause = 200;

/** What failed in front of people, with the words of what failed. */
export function Troubles({ insights: { troubles, moreTroubles = 0 } }: { insights: Insights }) {
  const note =
    moreTroubles > 0 ? `the newest ${troubles.length}, and ${moreTroubles} more` : `${troubles.length} in these weeks`;
  return (
    <Panel title="Rollbacks and holds, with their causes" note={note}>
      {troubles.length === 0 ? (
        <p className="body ink-2">
          Of the releases asked for in these weeks none was held, rolled back, ordered back or left half way after it
          had begun to change something.
        </p>
      ) : (
        <table className="grid cards">
          <caption className="vh">Rollbacks and holds, the newest first</caption>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Where</th>
              <th scope="col">Release</th>
              <th scope="col">Cause, in the words of what failed</th>
              <th scope="col">Ended</th>
              <th scope="col" className="r">
                Restored in
              </th>
            </tr>
          </thead>
          <tbody>
            {troubles.map((one) => (
              <Row key={`${one.releaseId} ${one.at}`} trouble={one} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Row({ trouble }: { trouble: Trouble }) {
  const { releaseId, number, service, environment, commit, regions, at, restoredMs } = trouble;
  const where = regions.length === 0 ? environment : regions.join(' and ');
  return (
    <tr data-row>
      <td data-th="When">
        <Ago at={at} />
      </td>
      <th scope="row">
        {service}, {where}
      </th>
      <td data-th="Release">
        <Link to="/runs/$" params={{ _splat: releaseId }} title={`commit ${commit}`}>
          {number === undefined ? commit.slice(0, 7) : `${service}#${number}`}
        </Link>
      </td>
      <td className="words" data-th="Cause">
        {visible(head(firstSentence(causeInWords(trouble)), longestCause))}
      </td>
      <td data-th="Ended">
        <State shown={shownEnd(trouble)} />
      </td>
      <td className={restoredMs === undefined ? 'r ink-3' : 'r'} data-th="Restored in">
        {restoredInWords(trouble)}
      </td>
    </tr>
  );
}

/** As the run's own page shows its end, where that has a word for it. */
function shownEnd({ ended }: Trouble): Shown {
  if (ended === 'rolled-back' || ended === 'halted') return shownRun({ open: false, outcome: ended });
  const icon =
    ended === 'held' ? 'verified' : ended === 'put-back' || ended === 'ordered-back' ? 'rollback' : 'unknown';
  return { icon, tone: 'mute', word: endedInWords(ended) };
}
