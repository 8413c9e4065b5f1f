import { createServer } from 'node:http';

export interface Health {
  /** Nothing new is taken any more: `/readyz` says so, `/livez` goes on. */
  drain(): void;
  close(): Promise<void>;
}

/** `/livez`: the process answers. `/readyz`: every worker polls, and none is draining. */
export async function serveHealth(listen: { host: string; port: number }, isReady: () => boolean): Promise<Health> {
  let draining = false;
  const server = createServer((request, response) => {
    const ready = !draining && isReady();
    const status =
      request.url === '/livez' || (request.url === '/readyz' && ready) ? 200 : request.url === '/readyz' ? 503 : 404;
    response.writeHead(status, { 'content-type': 'application/json' });
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
