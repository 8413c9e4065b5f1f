import type { PlanCommits } from '../../../domain/contract/gateway.ts';
import { visible } from '../../../domain/visible.ts';
import { plural } from '../../cli/words.ts';
import { Panel } from '../parts/panel.tsx';
import { Ago } from '../parts/when.tsx';

/** What the plan brings, in the words of whoever has pushed it. */
export function Commits({ commits: { commits, more, untold } }: { commits: PlanCommits }) {
  if (untold || commits.length === 0) return null;
  const people = new Set(commits.map(({ author }) => author)).size;
  return (
    <Panel
      title="Commits"
      note={`${commits.length}${more ? ' and more' : ''}, by ${plural(people, 'person', 'people')}`}
    >
      <table className="grid bare">
        <thead className="vh">
          <tr>
            <th>Commit</th>
            <th>Subject</th>
            <th>Who</th>
            <th>When</th>
          </tr>
        </thead>
        <tbody>
          {commits.map(({ commit, subject, author, at }) => (
            <tr key={commit}>
              <td className="fit">
                <code>{commit.slice(0, 7)}</code>
              </td>
              <th scope="row">{visible(subject)}</th>
              <td>{visible(author)}</td>
              <td className="r ink-3">
                <Ago at={at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
