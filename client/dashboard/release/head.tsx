import { Link } from '@tanstack/react-router';
import type { PlanCommits, ReleaseView } from '../../../domain/contract/gateway.ts';
import { Icon } from '../parts/icon.tsx';
import { State } from '../parts/state.tsx';
import { Ago } from '../parts/when.tsx';
import { shortName } from '../../../domain/short-names.ts';
import { plural } from '../../cli/words.ts';
import { shownRun } from '../words/states.ts';

/** Which run this is, of what, asked by whom. */
export function Head({ view, commits }: { view: ReleaseView; commits: PlanCommits | undefined }) {
  const { service, environment, commit, branch, requestedBy, startedAt, attempt, temporalUrl } = view;
  return (
    <>
      <nav className="crumbs" aria-label="Where you are">
        <ol>
          <li>
            <Link to="/">{service}</Link>
          </li>
          <li>{environment}</li>
          <li aria-current="page">
            {shortName(view)}, attempt {attempt}
          </li>
        </ol>
      </nav>
      <header className="head">
        <div>
          <h1>
            {service} → {environment} <State shown={shownRun(view)} marked />
          </h1>
          <p className="facts">
            <span>
              <Icon name="commit" /> <span className="hash">{commit.slice(0, 7)}</span>{' '}
              <b>{subjectOf(view, commits)}</b>
            </span>
            <span>on {branch}</span>
            <span>
              asked by <b>{requestedBy}</b> <Ago at={startedAt} />
            </span>
            {commits && !commits.untold && commits.commits.length > 0 && (
              <span>
                <b>{plural(commits.commits.length, 'commit')}</b> since what was verified
              </span>
            )}
          </p>
        </div>
        <div className="btns">
          {temporalUrl !== undefined && (
            <a className="btn" href={temporalUrl} rel="noreferrer">
              <Icon name="out" />
              Temporal run
            </a>
          )}
        </div>
      </header>
    </>
  );
}

/** Of the commit itself, in the words of whoever has pushed it; nothing where they are not known. */
function subjectOf({ commit }: ReleaseView, commits: PlanCommits | undefined): string | undefined {
  return commits?.commits.find((one) => one.commit === commit)?.subject;
}
