import type { FastifyInstance } from 'fastify';
import type { AuditLanes, AuditPage } from '../../domain/contract/gateway.ts';
import { newestPage, pageAfter } from './audit-pages.ts';
import { accepted, identified } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import * as schemas from './schemas.ts';

/** The audit as it is stored: whoever reads it checks it himself. */
export function auditRoutes(server: FastifyInstance, parts: GatewayParts): void {
  const { records } = parts;

  server.get('/v1/audit', async (request): Promise<AuditLanes> => {
    await identified(parts, request);
    return { lanes: await records.audit.ends() };
  });

  server.get('/v1/audit/rows', async (request): Promise<AuditPage> => {
    await identified(parts, request);
    const { lane, after, newest, limit } = accepted(schemas.auditQuery, request.query);
    const page = newest ? newestPage(records.audit, lane, limit) : pageAfter(records.audit, lane, after, limit);
    return { rows: await page };
  });
}
