import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { whenOver } from './answered.ts';
import { eventsPath } from './event-routes.ts';

/** One request that is over, in words of which there are few. */
export interface Answered {
  /** As it is described: `/v1/releases/:id`; `unmatched` where nothing is at the address. */
  route: string;
  method: string;
  /** Absent where whoever asked has gone before the answer. */
  status?: number;
  ms: number;
  /** Somebody has followed a run: that lasts as long as they do, and ends by them. */
  isStream: boolean;
}

const methods = new Set(['GET', 'HEAD', 'POST']);

/** Tells of each request once it is over, however it ends; first of all hooks, so that none is missed. */
export function tellAnswered(
  server: FastifyInstance,
  tell: (answered: Answered, request: FastifyRequest, reply: FastifyReply) => void,
): void {
  server.addHook('onRequest', (request, reply, done) => {
    const begun = performance.now();
    const { raw } = reply;
    let isTaken = false;
    raw.once('finish', () => (isTaken = true));
    whenOver(raw, () => {
      const route = routeOf(request);
      const isStream = route === eventsPath && raw.headersSent && raw.statusCode === 200;
      const answered: Answered = {
        route,
        method: methods.has(request.method) ? request.method : 'other',
        ...((isTaken || isStream) && { status: raw.statusCode }),
        ms: performance.now() - begun,
        isStream,
      };
      tell(answered, request, reply);
    });
    done();
  });
}

function routeOf({ routeOptions }: FastifyRequest): string {
  return routeOptions.url ?? 'unmatched';
}

/** `2xx` and so on; `gone` where nobody has waited for it. */
export function classOf({ status }: Pick<Answered, 'status'>): string {
  return status === undefined ? 'gone' : `${Math.floor(status / 100)}xx`;
}
