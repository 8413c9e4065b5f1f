import { Link } from '@tanstack/react-router';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Me } from '../../../domain/contract/gateway.ts';
import { visible } from '../../../domain/visible.ts';
import { ask } from '../gateway/ask.ts';
import { overviewQuestion } from '../gateway/questions.ts';
import { useReach } from '../gateway/reach.ts';
import { linesOf } from '../words/standing.ts';
import { clock } from '../words/times.ts';
import { Find } from './find.tsx';
import { Icon } from './icon.tsx';
import { Mark } from './mark.tsx';
import { Refused } from './problem.tsx';
import { useTheme } from './theme.ts';
import { Time } from './when.tsx';

const pages = [
  { to: '/', name: 'Overview', key: 'g o' },
  { to: '/releases', name: 'Releases', key: 'g r' },
  { to: '/lanes', name: 'Lanes', key: 'g n' },
  { to: '/insights', name: 'Insights', key: 'g i' },
  { to: '/audit', name: 'Audit', key: 'g u' },
] as const;

/** Where one can go, and as whom. `me`: nobody, until it is known. */
export function Top({ me }: { me: Me | undefined }) {
  return (
    <header className="top">
      <div className="top-in">
        <Link className="brand" to="/">
          <Mark />
          Slipway
        </Link>
        {me && (
          <nav aria-label="Main">
            <ul>
              {pages.map(({ to, name, key }) => (
                <li key={to}>
                  <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }} data-key={key}>
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
        )}
        <div className="top-end">
          {me && <Find me={me} />}
          <Reach />
          {me && <ForMe />}
          <Theme />
          {me && <Account me={me} />}
        </div>
      </div>
    </header>
  );
}

/** How much waits for whoever looks, on whichever page they are. The overview itself asks more often. */
function ForMe() {
  const { data } = useQuery({ ...overviewQuestion, refetchInterval: 60_000, staleTime: 30_000 });
  if (!data) return null;
  const { forMe, isAllKnown } = linesOf(data);
  const count = forMe.length + (data.holdsForMe?.length ?? 0);
  if (count === 0 && isAllKnown) return null;
  return (
    <Link className="foryou" to="/" hash="todo" data-key="g m">
      For you{' '}
      <b>
        {count === 0 ? '?' : count}
        <span className="vh">{count === 0 ? ' not known' : ' waiting'}</span>
      </b>
    </Link>
  );
}

/** Whether what is shown is how it stands. */
function Reach() {
  const reach = useReach();
  return (
    <span className="live" role="status" data-away={!reach.isHere}>
      {reach.isHere ? (
        'Live'
      ) : (
        <>
          Away{' '}
          {reach.since !== undefined && (
            <>
              since <Time at={reach.since}>{clock(reach.since)}</Time>
            </>
          )}
        </>
      )}
    </span>
  );
}

const themeInWords = { system: 'as the system', light: 'light', dark: 'dark' };

function Theme() {
  const [theme, next] = useTheme();
  const words = `Theme: ${themeInWords[theme]}`;
  return (
    <button
      type="button"
      className="btn btn-quiet btn-icon"
      aria-label={words}
      title={words}
      data-key="t"
      onClick={next}
    >
      <Icon name="theme" />
    </button>
  );
}

function Account({ me }: { me: Me }) {
  const logOut = useMutation({
    mutationFn: () => ask('/auth/logout', {}),
    // Nothing of what was shown stays on the page.
    onSuccess: () => window.location.assign('/'),
  });
  return (
    <>
      {logOut.error && <Refused error={logOut.error} />}
      <span className="me" title={[me.id, ...me.groups].join(', ')} role="img" aria-label={`You are ${me.id}`}>
        {me.id.charAt(0).toUpperCase()}
      </span>
      <span className="me-name">{visible(me.id)}</span>
      <button type="button" className="btn btn-quiet" onClick={() => logOut.mutate()}>
        Log out
      </button>
    </>
  );
}
