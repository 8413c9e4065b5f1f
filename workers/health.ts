import { createServer } from 'node:http';

export interface Health {
  /** Nothing new is taken any more: `/readyz` says so, `/livez` stays good. */
  drain(): void;
  close(): Promise<void>;
}

/**
 * Serves health of workers that run already: one that stops without having been asked to has died. `/livez`: none has died. `/readyz`:
 * every worker polls, and none is draining.
 */
export async function serveHealth(listen: { host: string; port: number }, allRun: () => boolean): Promise<Health> {
  let draining = false;
  const server = createServer((request, response) => {
    const running = allRun();
    const ready = running && !draining;
    const answers: Record<string, boolean> = { '/livez': running || draining, '/readyz': ready };
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : answer ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ready, draining }));
  });
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
