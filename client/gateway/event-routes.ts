import type { FastifyInstance, FastifyReply } from 'fastify';
import type { GatewayParts } from './calls.ts';
import { sendEvents } from './event-stream.ts';
import { questionLimits } from './question-limits.ts';
import { view } from './release-view.ts';
import { askingOfRun, mayStillLook } from './rights.ts';
import { createUnderWay } from './under-way.ts';
import type { UnderWay } from './under-way.ts';
import { createWatchings } from './watchings.ts';

export const eventsPath = '/v1/releases/:id/events';

/** Each is a connection, and all together leave most of those that there are to questions. */
export const mostStreams = { ofOne: 20, inAll: 200 };

/** Less than proxies wait for a connection on which nothing comes. */
const usualAliveMs = 15_000;

/** Streams that are open, and those that are about to be. */
export function createStreams(): UnderWay {
  return createUnderWay(mostStreams, {
    what: 'more streams at once than the gateway sends',
    next: 'Close one, or ask GET /v1/releases/:id from time to time.',
  });
}

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // A proxy that collects what comes would hand on nothing of it.
  'x-accel-buffering': 'no',
  // Nothing is asked on it any more.
  connection: 'close',
};

/** How a run goes on, as it goes on. */
export function eventRoutes(server: FastifyInstance, parts: GatewayParts, streams: UnderWay): void {
  const { sendMs = questionLimits.sendMs, aliveMs = usualAliveMs } = parts.limits ?? {};
  const watchings = createWatchings({
    look: (releaseId) => view(parts, releaseId),
    log: (error) => parts.log?.(error),
  });
  server.addHook('preClose', () => watchings.close());
  server.addHook('onResponse', async ({ method, params }) => {
    const { id } = params as { id?: string };
    if (method === 'POST' && id !== undefined) watchings.soon(id);
  });

  server.get<{ Params: { id: string } }>(eventsPath, { exposeHeadRoute: false }, async (request, reply) => {
    const { id } = request.params;
    const who = await askingOfRun(parts, request, 'look', id);
    const answer = reply.raw;
    const watching = watchings.of(id);
    // Also whoever waits for the first state watches.
    const leave = watching.watch(() => {});
    try {
      await watching.first;
      reply.hijack();
      streams.made(answer);
      if (answer.destroyed) return;
      answer.setHeaders(headersOf(reply));
      const lastId = request.headers['last-event-id']?.toString();
      sendEvents({
        answer,
        watching,
        lastId,
        isKnown: () => mayStillLook(parts, request, { who, runId: id }),
        aliveMs,
        sendMs,
      });
    } finally {
      leave();
    }
  });
}

function headersOf(reply: FastifyReply): Map<string, number | string | string[]> {
  const all = new Map<string, number | string | string[]>();
  for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...headers }))
    if (value !== undefined) all.set(name, value);
  return all;
}
