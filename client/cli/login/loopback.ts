import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { interruptedFailure } from '../failures.ts';

export interface Loopback {
  redirectUri: string;
  /** The address that the browser was sent to, with the state of that login. Throws after Ctrl-C. */
  answer(state: string): Promise<URL>;
  close(): Promise<void>;
}

const path = '/callback';

/** Waits on this machine alone for the browser to come back (RFC 8252, 7.3). What it brings is judged by whoever began the login. */
export async function startLoopback(signal: AbortSignal): Promise<Loopback> {
  let wanted: string | undefined;
  let came: (url: URL) => void = () => {};
  const answer = new Promise<URL>((resolve) => (came = resolve));
  let origin = '';
  const server = createServer(({ method, url: asked = '' }, response) => {
    const url = URL.parse(asked, origin);
    // Of whoever else finds the port nothing is taken, and nobody's login ends by it.
    const isOurs = url?.origin === origin && url.pathname === path && url.searchParams.get('state') === wanted;
    const isAnswer = method === 'GET' && isOurs;
    response.writeHead(isAnswer ? 200 : 404, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    });
    response.end(isAnswer ? 'Go back to the terminal: it says whether you are logged in.\n' : 'Nothing is here.\n');
    if (isAnswer) response.once('close', () => came(url));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    redirectUri: origin + path,
    answer(state) {
      wanted = state;
      return new Promise((resolve, reject) => {
        const interrupt = () => reject(interruptedFailure());
        if (signal.aborted) interrupt();
        signal.addEventListener('abort', interrupt, { once: true });
        void answer.then((url) => {
          signal.removeEventListener('abort', interrupt);
          resolve(url);
        });
      });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Browsers open connections that they may never use.
        server.closeAllConnections();
      }),
  };
}
