import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { limitConnections } from '../activities/shared/open-connections.ts';

/** Milliseconds and counts. Whoever asks is not known: a question is one small piece, and a connection is for one of them. */
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16_384,
};

/** Answers those who ask how a process is, and nobody else. */
export async function serveFew(
  listen: { host: string; port: number },
  answer: (url: string | undefined, response: ServerResponse) => Promise<void>,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(limits, (request, response) => void answer(request.url, response));
  limitConnections(server);
  server.maxRequestsPerSocket = 1;
  // Sent without waiting for the answer before: who asks for thousands so is cut off.
  server.on('dropRequest', (_request, socket) => socket.destroy());
  await once(server.listen(listen.port, listen.host), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Whoever holds one open keeps no process from its end.
        server.closeAllConnections();
      }),
  };
}
