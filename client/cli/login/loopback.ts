import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { interruptedFailure } from '../failures.ts';

export interface Loopback {
  redirectUri: string;
  /** The address that the browser was sent to. Throws after Ctrl-C. */
  answer(): Promise<URL>;
  close(): Promise<void>;
}

const path = '/callback';

/** Waits on this machine alone for the browser to come back (RFC 8252, 7.3). What it brings is judged by whoever began the login. */
export async function startLoopback(signal: AbortSignal): Promise<Loopback> {
  let came: (url: URL) => void = () => {};
  const answer = new Promise<URL>((resolve) => (came = resolve));
  let origin = '';
  const server = createServer(({ method, url: asked = '' }, response) => {
    const url = URL.parse(asked, origin);
    const isAnswer = method === 'GET' && url?.origin === origin && url.pathname === path;
    response.writeHead(isAnswer ? 200 : 404, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    });
    response.end(isAnswer ? 'Go back to the terminal: it says whether you are logged in.\n' : 'Nothing is here.\n');
    if (isAnswer) came(url);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    redirectUri: origin + path,
    answer: () =>
      new Promise((resolve, reject) => {
        const interrupt = () => reject(interruptedFailure());
        if (signal.aborted) interrupt();
        signal.addEventListener('abort', interrupt, { once: true });
        void answer.then((url) => {
          signal.removeEventListener('abort', interrupt);
          resolve(url);
        });
      }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
