import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { readBounded } from '../activities/shared/bounded-body.ts';
import { serveFew } from './small-server.ts';

const textType = 'text/plain; version=0.0.4; charset=utf-8';

/** Figures, of which each part is asked when somebody scrapes. One that does not answer is left out, and keeps the others from nobody. */
export function serveMetrics(
  listen: { host: string; port: number },
  parts: readonly (() => Promise<string>)[],
): Promise<{ port: number; close(): Promise<void> }> {
  return serveFew(listen, async (url, response) => {
    if (url !== '/metrics') return void response.writeHead(404).end();
    const texts = await Promise.all(parts.map((part) => part().catch(() => '')));
    response.writeHead(200, { 'content-type': textType }).end(texts.map(withEnd).join(''));
  });
}

const withEnd = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

const behindMs = 2_000;
const mostBytes = 4_000_000;

/** The figures that another server of this process has. */
export function figuresOf({ host, port }: { host: string; port: number }): () => Promise<string> {
  return async () => {
    const { body, ok } = await fetch(`http://${host}:${port}/metrics`, { signal: AbortSignal.timeout(behindMs) });
    const read = await readBounded(body as AsyncIterable<Uint8Array> | null, mostBytes);
    if (!ok || !read) throw new Error('no figures');
    return read.toString('utf8');
  };
}

/** For the figures of the SDK, which takes an address and tells none, where others are served beside them: of this machine, with a port that is free now. */
export async function ownAddress(): Promise<{ host: string; port: number }> {
  const host = '127.0.0.1';
  const server = createServer();
  await once(server.listen(0, host), 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { host, port };
}
