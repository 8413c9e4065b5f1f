import type { FastifyInstance } from 'fastify';
import { isNo } from '../../domain/approval.ts';
import type { DecisionTaken, RollbackPreview, StartedRelease } from '../../domain/contract/gateway.ts';
import type { MyDecisions } from '../../domain/contract/mine.ts';
import { accepted } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import type { Deciding } from './decide.ts';
import { myDecisions } from './mine.ts';
import { askerOfRun, askingOfRun } from './rights.ts';
import * as schemas from './schemas.ts';

/** What people decide about a run, and the order to roll back one that has ended. */
export function decisionRoutes(server: FastifyInstance, parts: GatewayParts, deciding: Deciding): void {
  server.post<{ Params: { id: string } }>('/v1/releases/:id/decisions', async (request, reply) => {
    const { id } = request.params;
    const by = await askingOfRun(parts, request, 'decide', id);
    const said = accepted(schemas.decide, request.body);
    const taken = await deciding.decide(id, by, said);
    // A no counts before the first change, whatever a run says.
    if (taken.answer === 'counts' && !isNo(said.kind)) void reply.status(202);
    return taken satisfies DecisionTaken;
  });

  server.get<{ Params: { id: string } }>('/v1/releases/:id/mine', async (request): Promise<MyDecisions> => {
    const { id } = request.params;
    return myDecisions(parts, await askerOfRun(parts, request, 'look', id), id);
  });

  server.get('/v1/rollbacks/preview', async (request): Promise<RollbackPreview> => {
    const said = accepted(schemas.previewQuery, request.query);
    return deciding.preview(await askingOfRun(parts, request, 'look', said.release), said);
  });

  server.post('/v1/rollbacks', async (request, reply): Promise<StartedRelease> => {
    const said = accepted(schemas.startRollback, request.body);
    const by = await askingOfRun(parts, request, 'decide', said.releaseId);
    const ordered = await deciding.rollBack(by, said);
    void reply.status(201);
    return ordered;
  });
}
