import type { FastifyInstance } from 'fastify';
import { verifiedRequest } from '../../activities/steps/verified-request.ts';
import { refuseGiven } from '../../domain/artifacts.ts';
import type { ReleaseView, StartedRelease } from '../../domain/contract/gateway.ts';
import { accepted, identified } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';
import { rowOf, started, view } from './release-view.ts';
import * as schemas from './schemas.ts';

/** Starting releases, and looking at them. */
export function releaseRoutes(server: FastifyInstance, parts: GatewayParts): void {
  const { engine, records, signer, verifier } = parts;

  server.post('/v1/releases', async (request, reply): Promise<StartedRelease> => {
    const who = await identified(parts, request);
    const {
      requestKey,
      newAttempt = false,
      images = {},
      downgrade = false,
      ...wanted
    } = accepted(schemas.startRelease, request.body);
    const { service, branch, commit, environment } = wanted;
    // Everything that can be refused is refused here: bad input starts nothing.
    const { spec, repository } = await parts.pipeline.read({
      service,
      branch,
      commit,
      ...(environment && { environment }),
    });
    const refused = refuseGiven(images, spec);
    if (refused !== undefined) throw new Refused(400, 'bad-request', refused);
    const { attempt, created } = await records.attempts.open(
      {
        service,
        environment: spec.environment,
        repository,
        branch,
        commit,
        requestedBy: who,
        requestedAt: parts.now(),
        images,
        downgrade,
      },
      { requestKey, fresh: newAttempt, sign: (taken) => signer.signRequest(taken) },
    );
    // A recorded attempt without a run is one whose start was interrupted: starting is repeated until it has happened.
    if (attempt.outcome === undefined) await engine.startRelease(verifiedRequest(attempt, verifier));
    void reply.status(created ? 201 : 200);
    return started(parts, attempt.releaseId, created);
  });

  server.get('/v1/releases', async (request) => {
    await identified(parts, request);
    const { service, environment, limit } = accepted(schemas.listQuery, request.query);
    const attempts = await records.attempts.list({
      limit,
      ...(service && { service }),
      ...(environment && { environment }),
    });
    return { releases: attempts.map(rowOf) };
  });

  server.get<{ Params: { id: string } }>('/v1/releases/:id', async (request): Promise<ReleaseView> => {
    await identified(parts, request);
    return view(parts, request.params.id);
  });

  server.get<{ Params: { hash: string } }>('/v1/plans/:hash', async (request) => {
    await identified(parts, request);
    const plan = await records.plans.find(request.params.hash);
    if (!plan) throw new Refused(404, 'not-found', 'there is no such plan');
    return plan;
  });
}
