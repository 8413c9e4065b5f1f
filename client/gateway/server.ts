import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { neededQueues } from '../../domain/task-queues.ts';
import type { StepQueueState } from '../../domain/task-queues.ts';
import { identified } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { answerOf } from './errors.ts';
import { decisionRoutes } from './decision-routes.ts';
import { laneRoutes } from './lane-routes.ts';
import { releaseRoutes } from './release-routes.ts';

/** The way in: identifies people, checks what they send, stores and signs what they decide, and starts runs. Holds no state of its own. */
export function createGateway(parts: GatewayParts): FastifyInstance {
  const server = Fastify({
    bodyLimit: 256 * 1024,
    logger: { level: 'error', stream: process.stderr },
    routerOptions: { maxParamLength: 1_000 },
  });
  server.setErrorHandler((error, request, reply) => {
    const { status, body } = answerOf(error);
    if (status === 500) request.log.error(error);
    return reply.status(status).send({ error: body });
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.status(404).send({ error: { code: 'not-found', message: 'there is nothing at this address' } }),
  );
  server.get('/healthz', () => health(parts));
  server.get('/v1/engine', async (request) => {
    await identified(parts, request);
    const [versions, queues] = await Promise.all([parts.engine.versions(), stepQueues(parts)]);
    return { versions, queues };
  });
  server.get('/v1/me', async (request) => identified(parts, request));
  releaseRoutes(server, parts);
  decisionRoutes(server, parts);
  laneRoutes(server, parts);
  return server;
}

/** Each queue that the policy's environments need, and whether anybody asks it for work. */
async function stepQueues({ engine, pipeline }: GatewayParts): Promise<StepQueueState[]> {
  const environments = [...new Set((await pipeline.lanes()).map(({ environment }) => environment))];
  return Promise.all(
    neededQueues(environments).map(async (needed) => ({ ...needed, polled: await engine.isPolled(needed.queue) })),
  );
}

/** A policy file that is broken stops nothing, since the last valid one is in force: it is told, and the gateway is well. */
async function health({ engine, records, pipeline }: GatewayParts) {
  const works = async (look: Promise<unknown>) =>
    look.then(
      () => 'ok',
      (error: unknown) => (error instanceof Error ? error.message : String(error)).slice(0, 200),
    );
  const [temporal, database, problem] = await Promise.all([
    works(engine.look('slipway-health')),
    works(records.attempts.list({ limit: 1 })),
    pipeline.policyProblem(),
  ]);
  const policy = problem === undefined ? 'ok' : { ok: false, says: problem.slice(0, 500) };
  return { ok: temporal === 'ok' && database === 'ok', temporal, records: database, policy };
}
