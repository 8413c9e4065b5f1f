import { createServer, request as send } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request that passes the tap is about. */
export interface Passing {
  method: string;
  path: string;
  body: string;
}

export type Match = (request: Passing) => boolean;

/** A place where a run can be stopped, at exactly one request. */
export interface Stop {
  /** Resolves when such a request has come: it, and all like it, are held from now on. */
  reached: Promise<void>;
  /** Lets what is held go on, and stops nothing any more. What lost its sender meanwhile is dropped. */
  release(): void;
}

/** Something that speaks HTTP, with a hand on every request: what is real stays real, and tests need not guess times. */
export interface Tap {
  /** `127.0.0.1:port` */
  host: string;
  url: string;
  /**
   * Holds matching requests: `before` the other side hears of them, or `after` it has carried them out, with the answer not yet given.
   * Once one has come, what `further` fits is held too, before: so that nobody gets past the stop by giving up on the answer.
   */
  stop(when: 'before' | 'after', matches: Match, further?: Match): Stop;
  close(): Promise<void>;
}

interface Planned {
  when: 'before' | 'after';
  matches: Match;
  further: Match;
  isReached: boolean;
  reach: () => void;
  released: Promise<void>;
}

/** `target`: `http://127.0.0.1:port`. */
export async function startTap(target: string): Promise<Tap> {
  const planned = new Set<Planned>();
  const held = async (when: Planned['when'], passing: Passing): Promise<void> => {
    for (const stop of planned) {
      const meets = stop.when === when && stop.matches(passing);
      if (!meets && !(stop.isReached && when === 'before' && stop.further(passing))) continue;
      stop.isReached = true;
      stop.reach();
      await stop.released;
    }
  };
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const passing = { method: request.method ?? 'GET', path: request.url ?? '/', body: body.toString('utf8') };
    await held('before', passing);
    if (response.destroyed) return;
    const answer = await forward(target, passing, request.headers, body, response);
    await held('after', passing);
    if (response.destroyed) return void answer.destroy();
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  };
  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    stop(when, matches, further = () => false) {
      let reach = () => {};
      let letGo = () => {};
      const reached = new Promise<void>((resolve) => (reach = resolve));
      const released = new Promise<void>((resolve) => (letGo = resolve));
      const stop = { when, matches, further, isReached: false, reach, released };
      planned.add(stop);
      return {
        reached,
        release() {
          planned.delete(stop);
          letGo();
        },
      };
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The `Host` stays the tap's, so that addresses in answers lead through it again. */
function forward(
  target: string,
  { method, path }: Passing,
  headers: IncomingHttpHeaders,
  body: Buffer,
  response: ServerResponse,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { 'transfer-encoding': _chunked, ...rest } = headers;
    const length = body.length > 0 || headers['content-length'] !== undefined ? { 'content-length': body.length } : {};
    const sent = send(`${target}${path}`, { method, headers: { ...rest, ...length } }, resolve);
    sent.on('error', reject);
    // A watch that nobody reads any more ends on the other side too.
    response.on('close', () => void (response.writableFinished || sent.destroy()));
    sent.end(body);
  });
}
