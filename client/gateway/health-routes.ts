import type { FastifyInstance } from 'fastify';
import { inTime } from '../../activities/shared/in-time.ts';
import { kept } from '../../activities/shared/kept.ts';
import type { GatewayParts } from './calls.ts';
import { healthFor, healthOf, isUsable, needsOf } from './health.ts';
import { asking } from './rights.ts';

/** ms: those who ask for health wait for a second or two, and take silence for a no. */
const readyMs = 1_500;

/** To programs, of which nobody is asked who they are: whether it lives, may be sent requests, is well. */
export const healthPaths = ['/livez', '/readyz', '/healthz'] as const;

/** How the gateway is. `given`: as it sees its parts itself. What they are asked for, they are asked once a second at most, whoever asks. */
export function healthRoutes(server: FastifyInstance, parts: GatewayParts, given: GatewayParts): void {
  const needs = kept(() => needsOf(given));
  const health = kept(() => healthOf(given, needs()));
  const isReady = () => inTime(needs().then(isUsable), readyMs, (words) => new Error(words)).catch(() => false);
  // A connection that is kept would bring the next request here, too.
  server.addHook('onSend', async (_request, reply) => {
    if (parts.isDraining?.()) void reply.header('connection', 'close');
  });
  // It answers: what is away beside it is mended by no restart.
  server.get('/livez', () => ({ live: true }));
  server.get('/readyz', async (_request, reply) => {
    const draining = parts.isDraining?.() ?? false;
    const ready = !draining && (await isReady());
    return reply.status(ready ? 200 : 503).send({ ready, draining });
  });
  server.get('/healthz', async () => ({ ok: (await health()).ok }));
  server.get('/v1/health', async (request) => healthFor((await asking(parts, request)).sight, await health()));
}
