import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from '@jest/globals';
import { eventsIn, nothingUnread } from '../../../client/cli/server-sent-events.ts';
import type { ServerSentEvent } from '../../../client/cli/server-sent-events.ts';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { tokens } from './gateway.ts';
import type { TestGateway } from './gateway.ts';

export interface OpenStream {
  answer: IncomingMessage;
  /** The next event; undefined when there is none any more. */
  next(): Promise<ServerSentEvent | undefined>;
  /** What the next `release` says that it does. */
  doing(): Promise<string | undefined>;
  hangUp(): void;
}

interface Asked {
  token?: string;
  /** In the place of a token. */
  cookie?: string;
  lastId?: string | undefined;
}

const ends: (() => unknown)[] = [];

/** Gateways that listen on loopback, and what is open there; all of it is gone after the test. */
export function useStreams() {
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  return { listening, open };
}

async function listening({ server }: TestGateway, port = 0): Promise<number> {
  await server.listen({ host: '127.0.0.1', port });
  ends.push(() => server.close());
  return (server.server.address() as AddressInfo).port;
}

async function open(
  port: number,
  id: string,
  { token = tokens.dana, cookie, lastId }: Asked = {},
): Promise<OpenStream> {
  const path = `/v1/releases/${encodeURIComponent(id)}/events`;
  const who = cookie === undefined ? { authorization: `Bearer ${token}` } : { cookie };
  const headers = { ...who, ...(lastId !== undefined && { 'last-event-id': lastId }) };
  const asking = request({ host: '127.0.0.1', port, path, headers, agent: false });
  ends.push(() => asking.destroy());
  asking.end();
  const answer = await new Promise<IncomingMessage>((resolve, reject) =>
    asking.once('response', resolve).once('error', reject),
  );
  asking.on('error', () => {});
  const events = eventsOf(answer);
  const next = async () => (await events.next()).value ?? undefined;
  return {
    answer,
    next,
    async doing() {
      for (let event = await next(); event; event = await next())
        if (event.event === 'release') return (JSON.parse(event.data) as ReleaseView).status?.doing;
      return undefined;
    },
    hangUp: () => void asking.destroy(),
  };
}

async function* eventsOf(answer: IncomingMessage): AsyncGenerator<ServerSentEvent, undefined> {
  let unread = nothingUnread;
  answer.setEncoding('utf8');
  for await (const text of answer) {
    const read = eventsIn(String(text), unread, Infinity);
    unread = read.unread;
    yield* read.events;
  }
}
