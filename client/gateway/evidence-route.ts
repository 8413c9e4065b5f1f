import type { FastifyInstance } from 'fastify';
import { laneOfRun, orderOfRollback } from '../../domain/contract/names.ts';
import { nameOfEvidence, textOfEvidence } from '../../domain/evidence/file.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';
import { evidenceBundle } from './evidence-bundle.ts';
import { asking, noRelease } from './rights.ts';

/** One file for whoever asks later what was released, and who has allowed it. */
export function evidenceRoute(server: FastifyInstance, parts: GatewayParts): void {
  server.get<{ Params: { id: string } }>('/v1/releases/:id/bundle', async (request, reply): Promise<string> => {
    const { id } = request.params;
    const asker = await asking(parts, request);
    asker.require('look', laneOfRun(id), () => noRelease(id));
    const attempt = await parts.records.attempts.find(id);
    if (!attempt) throw orderOfRollback(id) === undefined ? noRelease(id) : isOrdered(id);
    const signed = await evidenceBundle(parts, { attempt, sight: asker.sight });
    void reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="${nameOfEvidence(signed.bundle.release)}"`);
    return textOfEvidence(signed);
  });
}

function isOrdered(id: string): Refused {
  const next = 'Ask for the evidence of the release that it undoes: the order is in that.';
  return new Refused(404, 'not-found', `${id} is a rollback, of which there is no evidence of its own`, next);
}
