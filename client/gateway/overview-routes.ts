import type { FastifyInstance } from 'fastify';
import type { Overview } from '../../domain/contract/overview.ts';
import type { GatewayParts } from './calls.ts';
import { overviewFor } from './overview.ts';
import { closuresOfMany } from './overview-closures.ts';
import { asking } from './rights.ts';
import type { RunStates } from './run-states.ts';

/** What somebody may look at, at one look. */
export function overviewRoutes(server: FastifyInstance, parts: GatewayParts, states: RunStates): void {
  const closures = closuresOfMany(parts);
  server.get('/v1/overview', async (request): Promise<Overview> => {
    return overviewFor(parts, await asking(parts, request), { states, closures });
  });
}
