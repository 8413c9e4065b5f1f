import { Link } from '@tanstack/react-router';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { shortName } from '../../../domain/short-names.ts';
import { visible } from '../../../domain/visible.ts';
import { State } from '../parts/state.tsx';
import { Ago } from '../parts/when.tsx';
import { shownRun } from '../words/states.ts';

/** Which two, and in one sentence what differs. */
export function CompareHead({ a, b, sentence }: { a: ReleaseView; b: ReleaseView; sentence: string }) {
  return (
    <>
      <nav className="crumbs" aria-label="Where you are">
        <ol>
          <li>
            <Link to="/releases" search={{ service: a.service }}>
              Releases of {a.service}
            </Link>
          </li>
          <li aria-current="page">
            {shortName(a)} and {shortName(b)}
          </li>
        </ol>
      </nav>
      <header className="head">
        <div>
          <h1>
            {shortName(a)} and {shortName(b)}
          </h1>
          <p className="facts">
            <b>{sentence}</b>
          </p>
          <Run name="Before" view={a} />
          <Run name="After" view={b} />
        </div>
        <div className="btns">
          <Link className="btn" to="/compare" search={{ a: b.releaseId, b: a.releaseId }}>
            The other way round
          </Link>
        </div>
      </header>
    </>
  );
}

function Run({ name, view }: { name: string; view: ReleaseView }) {
  const { releaseId, environment, commit, requestedBy, startedAt } = view;
  return (
    <p className="facts">
      <span>{name}</span>
      <Link to="/runs/$" params={{ _splat: releaseId }}>
        {shortName(view)}
      </Link>
      <span>
        <State shown={shownRun(view)} />
      </span>
      <span>{environment}</span>
      <code title={commit}>{commit.slice(0, 7)}</code>
      <span>
        {visible(requestedBy)}, <Ago at={startedAt} />
      </span>
    </p>
  );
}
