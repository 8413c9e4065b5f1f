import { Link, Outlet } from '@tanstack/react-router';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ask, Refusal } from '../gateway/ask.ts';
import { meQuestion } from '../gateway/questions.ts';
import { LogIn } from './log-in.tsx';
import { Refused } from './problem.tsx';

const pages = [
  { to: '/', name: 'Overview' },
  { to: '/releases', name: 'Releases' },
  { to: '/lanes', name: 'Lanes' },
  { to: '/insights', name: 'Insights' },
  { to: '/audit', name: 'Audit' },
] as const;

/** What stands around every page. */
export function Frame() {
  const { error } = useQuery(meQuestion);
  const isStranger = error instanceof Refusal && error.status === 401;
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <header className="top">
        <div className="top-in">
          <Link className="brand" to="/">
            <Mark />
            Slipway
          </Link>
          <nav aria-label="Main">
            <ul>
              {pages.map(({ to, name }) => (
                <li key={to}>
                  <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          <div className="top-end">
            <Me />
          </div>
        </div>
      </header>
      <main id="main">
        {isStranger ? <LogIn /> : <Outlet />}
        <footer className="foot">
          <span>Times in {Intl.DateTimeFormat().resolvedOptions().timeZone}, exact on hover</span>
        </footer>
      </main>
    </>
  );
}

function Me() {
  const { data: me } = useQuery(meQuestion);
  const logOut = useMutation({
    mutationFn: () => ask('/auth/logout', {}),
    // Nothing of what was shown stays on the page.
    onSuccess: () => window.location.assign('/'),
  });
  if (!me) return null;
  return (
    <>
      {logOut.error && <Refused error={logOut.error} />}
      <span className="me" title={[me.id, ...me.groups].join(', ')} role="img" aria-label={`You are ${me.id}`}>
        {me.id.charAt(0).toUpperCase()}
      </span>
      <button type="button" className="btn btn-quiet" onClick={() => logOut.mutate()}>
        Log out
      </button>
    </>
  );
}

function Mark() {
  return (
    <svg
      viewBox="0 0 22 22"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinejoin="round"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M1.5 12.5 20.5 19.5" />
      <path fill="currentColor" d="M4 4.3 19.8 10.1c-.5 2.7-2.7 4.7-5.6 4.3L5.7 11.3C4 10.3 3.3 7.2 4 4.3z" />
    </svg>
  );
}
