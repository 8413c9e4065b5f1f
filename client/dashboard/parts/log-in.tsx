import { useQuery } from '@tanstack/react-query';
import { loginQuestion } from '../gateway/questions.ts';
import { Icon } from './icon.tsx';

/** Nobody is known here: where they log in, and come back to this very page. */
export function LogIn() {
  const { data: offered } = useQuery(loginQuestion);
  if (!offered) return null;
  const { pathname, search } = window.location;
  const to = encodeURIComponent(pathname + search);
  return (
    <section className="verdict" data-tone="mute" aria-labelledby="log-in">
      <title>Log in · Slipway</title>
      <div className="say">
        <Icon name="person" large />
        <div>
          <h1 id="log-in">
            {offered.browser ? 'Log in to see what runs where.' : 'Nobody logs in with a browser here.'}
          </h1>
          {offered.browser ? (
            <p>
              <a className="btn btn-main" href={`/auth/login?to=${to}`}>
                Log in
              </a>
            </p>
          ) : (
            <p>
              Whoever runs this installation sets SLIPWAY_PUBLIC_URL and an identity provider. The command line works
              meanwhile: slipway releases
            </p>
          )}
        </div>
      </div>
    </section>
  );
}
