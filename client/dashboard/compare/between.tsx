import { useQuery } from '@tanstack/react-query';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { visible } from '../../../domain/visible.ts';
import { besideQuestion, commitsQuestion } from '../gateway/questions.ts';
import { Icon } from '../parts/icon.tsx';
import { Panel } from '../parts/panel.tsx';
import { Ago } from '../parts/when.tsx';
import { betweenInWords, whyNotBetween } from '../words/compare.ts';

/** The commits that the later one brings beside the earlier, where those on record are these. */
export function Between({ a, b, hash }: { a: ReleaseView; b: ReleaseView; hash: string }) {
  const { data: beside, error: besideError } = useQuery(besideQuestion(hash, b.releaseId));
  const why = whyNotBetween(beside, a, b);
  const { data, error } = useQuery({ ...commitsQuestion(hash, b.releaseId), enabled: why === undefined });
  const problem = besideError ?? error;
  const told = data && betweenInWords(data);
  const untold = problem ? `They cannot be shown: ${problem.message}.` : (why ?? (told ? told.instead : 'Loading …'));
  return (
    <Panel title="Commits between" note={told?.note}>
      {untold !== undefined ? (
        <p className="body ink-2">{visible(untold)}</p>
      ) : (
        <ol className="body votes">
          {data?.commits.map(({ commit, subject, author, at }) => (
            <li key={commit}>
              <span className="ink-3">
                <Icon name="commit" />
              </span>
              <div>
                {visible(subject)}
                <small>
                  <code title={commit}>{commit.slice(0, 7)}</code> {visible(author)}, <Ago at={at} />
                </small>
              </div>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
