import type { FastifyInstance } from 'fastify';
import { isVerified, verifiedRequest } from '../../activities/steps/verified-request.ts';
import { refuseGiven } from '../../domain/artifacts.ts';
import type {
  PlanCommits,
  ReleaseList,
  ReleaseView,
  StartedRelease,
  VerifiedBeside,
} from '../../domain/contract/gateway.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { begun } from './begun.ts';
import { besidePlan } from './beside-plan.ts';
import { accepted, identified } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { endedBefore } from './ended-before.ts';
import { Refused } from './errors.ts';
import { openForward } from './older-commit.ts';
import { listReleases } from './release-list.ts';
import { planCommits } from './plan-commits.ts';
import { started, view } from './release-view.ts';
import { runStates } from './run-states.ts';
import * as schemas from './schemas.ts';

/** Starting releases, and looking at them. */
export function releaseRoutes(server: FastifyInstance, parts: GatewayParts): void {
  const { engine, records, signer, verifier } = parts;
  const states = runStates(parts);

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
    const asked = {
      service,
      environment: spec.environment,
      repository,
      branch,
      commit,
      requestedBy: who,
      requestedAt: parts.now(),
      images,
      downgrade,
    };
    const { attempt, created } = await openForward(parts, asked, (refuseNew) =>
      records.attempts.open(asked, {
        requestKey,
        fresh: newAttempt,
        sign: (taken) => signer.signRequest(taken),
        believes: (known) => isVerified(known, verifier),
        refuseNew,
      }),
    );
    // A recorded attempt without a run is one whose start was interrupted: starting is repeated until it has happened.
    if (attempt.outcome === undefined) {
      const signed = verifiedRequest(attempt, verifier);
      await begun(parts, { what: 'the request', run: attempt.releaseId }, () => engine.startRelease(signed));
    }
    void reply.status(created ? 201 : 200);
    const ended = await endedBefore(parts, attempt);
    return { ...started(parts, attempt.releaseId, created), ...(ended && { ended }) };
  });

  server.get('/v1/releases', async (request): Promise<ReleaseList> => {
    await identified(parts, request);
    return listReleases(parts, accepted(schemas.listQuery, request.query), states);
  });

  server.get<{ Params: { id: string } }>('/v1/releases/:id', async (request): Promise<ReleaseView> => {
    await identified(parts, request);
    return view(parts, request.params.id);
  });

  server.get<{ Params: { hash: string } }>('/v1/plans/:hash', async (request) => {
    await identified(parts, request);
    return planOf(parts, request.params.hash);
  });

  // Beside the plan and not in it: the answer above is what its hash is made of.
  server.get<{ Params: { hash: string } }>('/v1/plans/:hash/verified', async (request): Promise<VerifiedBeside> => {
    await identified(parts, request);
    const { release } = accepted(schemas.besideQuery, request.query);
    return besidePlan(parts, await planOf(parts, request.params.hash), { hash: request.params.hash, release });
  });

  server.get<{ Params: { hash: string } }>('/v1/plans/:hash/commits', async (request): Promise<PlanCommits> => {
    await identified(parts, request);
    const { release } = accepted(schemas.besideQuery, request.query);
    const { hash } = request.params;
    return planCommits(parts, await planOf(parts, hash), { hash, release });
  });
}

async function planOf({ records }: GatewayParts, hash: string): Promise<ReleasePlan> {
  const plan = await records.plans.find(hash);
  if (!plan) throw new Refused(404, 'not-found', 'there is no such plan');
  return plan;
}
