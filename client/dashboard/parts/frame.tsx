import { useEffect, useState } from 'react';
import { Outlet } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { Refusal } from '../gateway/ask.ts';
import { meQuestion } from '../gateway/questions.ts';
import { Help } from './help.tsx';
import { LogIn } from './log-in.tsx';
import { Top } from './top.tsx';
import { useKeys } from './use-keys.ts';

/** What stands around every page. */
export function Frame() {
  const { data, error } = useQuery(meQuestion);
  const { isHelp, openHelp, closeHelp } = useKeys();
  const isStranger = error instanceof Refusal && error.status === 401;
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Top me={isStranger ? undefined : data} />
      <main id="main">
        {isStranger ? <LogIn /> : <Outlet />}
        <footer className="foot">
          <Zone />
          <button type="button" className="btn btn-quiet" onClick={openHelp}>
            <kbd>?</kbd> keyboard
          </button>
        </footer>
      </main>
      {isHelp && <Help close={closeHelp} />}
    </>
  );
}

/** ms. By then a page is drawn: a browser takes a tenth of a second to know its zone. */
const zoneAfterMs = 500;

/** Which zone the reader's times are in, told behind the rest. */
function Zone() {
  const [zone, setZone] = useState<string>();
  useEffect(() => {
    const later = setTimeout(() => setZone(Intl.DateTimeFormat().resolvedOptions().timeZone), zoneAfterMs);
    return () => clearTimeout(later);
  }, []);
  return <span>Times in {zone ?? 'your zone'}, exact on hover</span>;
}
