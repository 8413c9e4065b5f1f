import type { FastifyInstance } from 'fastify';
import type { EvidenceBundle } from '../../domain/contract/evidence-bundle.ts';
import { laneOfRun, orderOfRollback } from '../../domain/contract/names.ts';
import { nameOfEvidence } from '../../domain/evidence/file.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';
import { evidenceBundle } from './evidence-bundle.ts';
import { evidenceFiles } from './evidence-files.ts';
import { asking, noRelease } from './rights.ts';
import { canonicalBytes } from './turns.ts';

/** One file for whoever asks later what was released, and who has allowed it. */
export function evidenceRoute(server: FastifyInstance, parts: GatewayParts): void {
  const fileOf = evidenceFiles();
  server.get<{ Params: { id: string } }>('/v1/releases/:id/bundle', async (request, reply): Promise<Buffer> => {
    const { id } = request.params;
    const asker = await asking(parts, request);
    asker.require('look', laneOfRun(id), () => noRelease(id));
    const attempt = await parts.records.attempts.find(id);
    if (!attempt) throw orderOfRollback(id) === undefined ? noRelease(id) : isOrdered(id);
    const { sight, who } = asker;
    const wanted = { key: `${JSON.stringify(sight)} ${id}`, by: who.id };
    const bytes = await fileOf(wanted, reply.raw, async () =>
      signedFile(parts, await evidenceBundle(parts, { attempt, sight })),
    );
    const { number, request: asked } = attempt;
    void reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="${nameOfEvidence({ ...asked, number })}"`);
    return bytes;
  });
}

/** As `textOfEvidence` writes it, in parts. */
async function signedFile({ signer }: GatewayParts, bundle: EvidenceBundle): Promise<Buffer> {
  const bytes = await canonicalBytes(bundle);
  const { keyId, signature } = await signer.sealEvidence(bytes);
  const end = `,"keyId":${JSON.stringify(keyId)},"signature":${JSON.stringify(signature)}}\n`;
  return Buffer.concat([Buffer.from('{"bundle":'), bytes, Buffer.from(end)]);
}

function isOrdered(id: string): Refused {
  const next = 'Ask for the evidence file of the release that it undoes: the order is in that.';
  return new Refused(404, 'not-found', `${id} is a rollback, of which there is no evidence file of its own`, next);
}
