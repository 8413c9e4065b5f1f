import type { FastifyInstance } from 'fastify';
import type { DecisionTaken, RollbackPreview, StartedRelease } from '../../domain/contract/gateway.ts';
import { accepted, identified } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import type { Deciding } from './decide.ts';
import * as schemas from './schemas.ts';

/** What people decide about a run, and the order to roll back one that has ended. */
export function decisionRoutes(server: FastifyInstance, parts: GatewayParts, deciding: Deciding): void {
  server.post<{ Params: { id: string } }>('/v1/releases/:id/decisions', async (request, reply) => {
    const by = await identified(parts, request);
    const said = accepted(schemas.decide, request.body);
    const taken = await deciding.decide(request.params.id, by, said);
    if (taken.answer === 'counts') void reply.status(202);
    return taken satisfies DecisionTaken;
  });

  server.get('/v1/rollbacks/preview', async (request): Promise<RollbackPreview> => {
    const by = await identified(parts, request);
    return deciding.preview(by, accepted(schemas.previewQuery, request.query));
  });

  server.post('/v1/rollbacks', async (request, reply): Promise<StartedRelease> => {
    const by = await identified(parts, request);
    const ordered = await deciding.rollBack(by, accepted(schemas.startRollback, request.body));
    void reply.status(201);
    return ordered;
  });
}
