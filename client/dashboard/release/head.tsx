import { Link } from '@tanstack/react-router';
import type { PlanCommits, ReleaseView, Undoes, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import { Icon } from '../parts/icon.tsx';
import { State } from '../parts/state.tsx';
import { useCopied } from '../parts/use-copied.ts';
import { Ago } from '../parts/when.tsx';
import { visible } from '../../../domain/visible.ts';
import { shortName } from '../../../domain/short-names.ts';
import { requesterInWords } from '../../../domain/requester.ts';
import { plural } from '../../cli/words.ts';
import { shownRun } from '../words/states.ts';

/** Which run this is, of what, asked by whom. */
export function Head({
  view,
  commits,
  beside,
}: {
  view: ReleaseView;
  commits: PlanCommits | undefined;
  /** What was verified there; undefined until that is known. */
  beside: VerifiedBeside | undefined;
}) {
  const { releaseId, service, environment, commit, branch, startedAt, attempt, undoes } = view;
  const { temporalUrl, commitUrl } = view;
  return (
    <>
      <title>{`${shortName(view)}: ${shownRun(view).word} · Slipway`}</title>
      <nav className="crumbs" aria-label="Where you are">
        <ol>
          <li>
            <Link to="/releases" search={{ service }}>
              {service}
            </Link>
          </li>
          <li>
            <Link to="/lanes/$service/$environment" params={{ service, environment }} data-key="g l">
              {environment}
            </Link>
          </li>
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
              <Icon name="commit" />{' '}
              {commitUrl === undefined ? (
                <span className="hash">{commit.slice(0, 7)}</span>
              ) : (
                <a className="hash" href={commitUrl} rel="noreferrer" title={`${commit}, at GitHub`}>
                  {commit.slice(0, 7)}
                </a>
              )}{' '}
              <b>{subjectOf(view, commits)}</b>
            </span>
            <span>on {visible(branch)}</span>
            {undoes && <span>{undoesInWords(undoes)}</span>}
            <span>
              asked by <b>{visible(requesterInWords(view))}</b> <Ago at={startedAt} />
            </span>
            {beside && !beside.untold && !beside.verified && <span>nothing was verified there before</span>}
            {beside?.verified && commits && !commits.untold && commits.commits.length > 0 && (
              <span>
                <b>{commitsInWords(commits)}</b> since what was verified
              </span>
            )}
          </p>
        </div>
        <div className="btns">
          <CopyId id={releaseId} />
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

function CopyId({ id }: { id: string }) {
  const { isCopied, ...copying } = useCopied(id);
  return (
    <button type="button" className="btn" data-key="c" title={id} {...copying}>
      <Icon name={isCopied ? 'pass' : 'copy'} />
      {isCopied ? 'Copied' : 'Copy id'}
    </button>
  );
}

/** Of the commit itself, in the words of whoever has pushed it; nothing where they are not known. */
function subjectOf({ commit }: ReleaseView, commits: PlanCommits | undefined): string | undefined {
  const subject = commits?.commits.find((one) => one.commit === commit)?.subject;
  return subject === undefined ? undefined : visible(subject);
}

function commitsInWords({ commits, more }: PlanCommits): string {
  return `${plural(commits.length, 'commit')}${more ? ' and more' : ''}`;
}

function undoesInWords({ number, releaseId, regions, reason }: Undoes): string {
  const which = number === undefined ? releaseId : `#${number}`;
  const where = regions ? ` in ${regions.join(', ')}` : '';
  return `puts back ${which}${where}${reason ? `: ${visible(reason)}` : ''}`;
}
