import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuseGiven } from '../../domain/artifacts.ts';
import type {
  PlanCommits,
  ReleaseList,
  ReleaseView,
  StartedRelease,
  VerifiedBeside,
} from '../../domain/contract/gateway.ts';
import type { EvidenceLog, ReleaseEvidence } from '../../domain/contract/kept-evidence.ts';
import { laneInPath, laneOfRun } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import type { Once } from '../../domain/contract/rights.ts';
import { besidePlan } from './beside-plan.ts';
import { accepted } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { endedBefore } from './ended-before.ts';
import { Refused } from './errors.ts';
import { evidenceLog, keptEvidence } from './kept-evidence.ts';
import { listReleases } from './release-list.ts';
import { planCommits } from './plan-commits.ts';
import { started, view } from './release-view.ts';
import { requirePromoted } from './require-promoted.ts';
import { asking, askingOfRun, noRelease } from './rights.ts';
import type { Asker } from './rights.ts';
import type { RunStates } from './run-states.ts';
import * as schemas from './schemas.ts';
import { startRequested } from './start-requested.ts';

/** Starting releases, and looking at them. */
export function releaseRoutes(server: FastifyInstance, parts: GatewayParts, states: RunStates): void {
  const { records } = parts;

  server.post('/v1/releases', async (request, reply): Promise<StartedRelease> => {
    const asker = await asking(parts, request);
    const {
      requestKey,
      newAttempt = false,
      images = {},
      downgrade = false,
      from,
      ...wanted
    } = accepted(schemas.startRelease, request.body);
    const { service, branch, commit, environment } = wanted;
    // Before anything is read of it: what is said of a service that the policy has not, or of its files, names others.
    const isMeant = (lane: LaneKey) => lane.service === service && [undefined, lane.environment].includes(environment);
    asker.requireAmong('start', isMeant, () => noneOf({ service, environment }), { branch, commit });
    // Everything that can be refused is refused here: bad input starts nothing.
    const { spec, repository } = await parts.pipeline.read({
      service,
      branch,
      commit,
      ...(environment && { environment }),
    });
    const lane = { service, environment: spec.environment };
    asker.require('start', lane, () => noneOf(lane), { branch, commit });
    if (from !== undefined) requirePromoted(spec, from);
    const refused = refuseGiven(images, spec);
    if (refused !== undefined) throw new Refused(400, 'bad-request', refused);
    const asked = {
      ...{ service, environment: spec.environment, repository, branch, commit, images, downgrade },
      requestedBy: asker.who,
      requestedAt: parts.now(),
    };
    if (asker.caller.once) await useUp(parts, asker.caller.once, { ...lane, requestKey });
    const { attempt, created } = await startRequested(parts, asked, { requestKey, newAttempt });
    void reply.status(created ? 201 : 200);
    const ended = await endedBefore(parts, attempt);
    return { ...started(parts, attempt.releaseId, created), ...(ended && { ended }) };
  });

  server.get('/v1/releases', async (request): Promise<ReleaseList> => {
    const { sight } = await asking(parts, request);
    const filter = accepted(schemas.listQuery, request.query);
    return listReleases(parts, { ...filter, ...(sight !== 'everything' && { among: sight }) }, states);
  });

  server.get<{ Params: { id: string } }>('/v1/releases/:id', async (request): Promise<ReleaseView> => {
    await askingOfRun(parts, request, 'look', request.params.id);
    return view(parts, request.params.id);
  });

  const onRecord = async (request: FastifyRequest<{ Params: { id: string } }>): Promise<string> => {
    const { id } = request.params;
    await askingOfRun(parts, request, 'look', id);
    if (!(await records.attempts.find(id))) throw noRelease(id);
    return id;
  };

  server.get<{ Params: { id: string } }>('/v1/releases/:id/evidence', async (request): Promise<ReleaseEvidence> => {
    return keptEvidence(parts, await onRecord(request));
  });

  server.get<{ Params: { id: string } }>('/v1/releases/:id/evidence/log', async (request): Promise<EvidenceLog> => {
    const id = await onRecord(request);
    return evidenceLog(parts, id, accepted(schemas.logQuery, request.query).of);
  });

  server.get<{ Params: { hash: string } }>('/v1/plans/:hash', async (request) => {
    return planOf(parts, await asking(parts, request), request.params.hash);
  });

  const planOfRelease = async (request: FastifyRequest<{ Params: { hash: string } }>) => {
    const asker = await asking(parts, request);
    const { release } = accepted(schemas.besideQuery, request.query);
    const { hash } = request.params;
    const plan = await planOf(parts, asker, hash);
    if (release !== undefined) asker.require('look', laneOfRun(release), () => noRelease(release));
    return { plan, of: { hash, release } };
  };

  // Beside the plan and not in it: the answer above is what its hash is made of.
  server.get<{ Params: { hash: string } }>('/v1/plans/:hash/verified', async (request): Promise<VerifiedBeside> => {
    const { plan, of } = await planOfRelease(request);
    return besidePlan(parts, plan, of);
  });

  server.get<{ Params: { hash: string } }>('/v1/plans/:hash/commits', async (request): Promise<PlanCommits> => {
    const { plan, of } = await planOfRelease(request);
    return planCommits(parts, plan, of);
  });
}

async function planOf({ records }: GatewayParts, asker: Asker, hash: string): Promise<ReleasePlan> {
  const plan = await records.plans.find(hash);
  const absent = () => new Refused(404, 'not-found', 'there is no such plan');
  if (!plan) throw absent();
  asker.require('look', plan, absent);
  return plan;
}

/** What is asked for with the same key is the same request: whoever has got no answer asks again. Throws 409 for another one. */
async function useUp(
  { records }: GatewayParts,
  { id, until }: Once,
  { requestKey, ...lane }: LaneKey & { requestKey: string },
): Promise<void> {
  if (await records.credentials.use({ id, until, use: `${laneInPath(lane)} ${requestKey}` })) return;
  throw new Refused(
    409,
    'used-credential',
    'this token has started something else before: it starts one release',
    'Ask GitHub for another token, or repeat the request with the requestKey that it had.',
  );
}

function noneOf({ service, environment }: { service: string; environment: string | undefined }): Refused {
  const where = environment === undefined ? '' : ` in ${environment}`;
  return new Refused(404, 'not-found', `there is no service ${service}${where} for you to release`);
}
