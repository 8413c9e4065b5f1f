import type { FastifyInstance } from 'fastify';
import type { AuditLanes, AuditPage } from '../../domain/contract/gateway.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Sight } from '../../domain/contract/rights.ts';
import { isInSight } from '../../domain/rights.ts';
import { newestPage, pageAfter } from './audit-pages.ts';
import { accepted } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';
import { asking } from './rights.ts';
import * as schemas from './schemas.ts';

/** The audit as it is stored: whoever reads it checks it himself. */
export function auditRoutes(server: FastifyInstance, parts: GatewayParts): void {
  const { records } = parts;

  server.get('/v1/audit', async (request): Promise<AuditLanes> => {
    const { sight } = await asking(parts, request);
    const ends = await records.audit.ends();
    if (sight === 'everything') return { lanes: ends, all: true };
    return { lanes: ends.filter(({ lane }) => isChainOf(sight, lane)), all: false };
  });

  server.get('/v1/audit/rows', async (request): Promise<AuditPage> => {
    const asker = await asking(parts, request);
    const { lane, after, newest, limit } = accepted(schemas.auditQuery, request.query);
    asker.require('look', laneOfChain(lane), () => new Refused(404, 'not-found', `there is no chain ${lane}`));
    const page = newest ? newestPage(records.audit, lane, limit) : pageAfter(records.audit, lane, after, limit);
    return { rows: await page };
  });
}

function isChainOf(sight: Sight, chain: string): boolean {
  const lane = laneOfChain(chain);
  return lane !== undefined && isInSight(sight, lane);
}

/** Each login has a chain of its own in a lane: `shop/production@build`. Undefined for a chain of nobody's lane, which whoever may write there has named. */
function laneOfChain(chain: string): LaneKey | undefined {
  const [, service, environment] = /^([^/@]+)\/([^/@]+)(@|$)/.exec(chain) ?? [];
  return service !== undefined && environment !== undefined ? { service, environment } : undefined;
}
