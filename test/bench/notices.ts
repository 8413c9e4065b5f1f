import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Where the engine's notifications arrive: how the bench learns, without asking, that a plan waits for its approval. */
export interface Notices {
  url: string;
  port: number;
  /** Resolves with the hash of the plan that the release puts before people. To be asked for before the release starts. */
  planOf(releaseId: string): Promise<string>;
  stop(): Promise<void>;
}

export async function listenForNotices(): Promise<Notices> {
  const waiting = new Map<string, (planHash: string) => void>();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      response.end();
      const { key } = JSON.parse(body) as { key: string };
      const [, releaseId = '', planHash = ''] = /^(.+)\/approval\/([0-9a-f]{64})$/.exec(key) ?? [];
      waiting.get(releaseId)?.(planHash);
      waiting.delete(releaseId);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    planOf: (releaseId) => new Promise((resolve) => waiting.set(releaseId, resolve)),
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
