import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';

export interface Health {
  /** Nothing new is taken any more: `/readyz` says so, `/livez` stays good. */
  drain(): void;
  close(): Promise<void>;
}

/**
 * Serves health of workers that run already: one that stops without having been asked to has died. `/livez`: none has died. `/readyz`:
 * every worker polls, and none is draining. `problem`, what is
 * wrong with this machine's policy file, is told beside: it stops no worker.
 */
export async function serveHealth(
  listen: { host: string; port: number },
  allRun: () => boolean,
  problem: () => Promise<string | undefined>,
): Promise<Health> {
  let draining = false;
  const answer = async (url: string | undefined, response: ServerResponse) => {
    const running = allRun();
    const ready = running && !draining;
    const answers: Record<string, boolean> = { '/livez': running || draining, '/readyz': ready };
    const good = answers[url ?? ''];
    // A disk that hangs must not make the process look dead.
    const policy = url === '/readyz' ? await problem() : undefined;
    response.writeHead(good === undefined ? 404 : good ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ready, draining, ...(policy !== undefined && { policy }) }));
  };
  const server = createServer((request, response) => void answer(request.url, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  return {
    drain: () => {
      draining = true;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
