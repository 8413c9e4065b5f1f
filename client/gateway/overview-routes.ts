import type { FastifyInstance } from 'fastify';
import type { Overview } from '../../domain/contract/overview.ts';
import { laneInPath } from '../../domain/contract/names.ts';
import type { Sight } from '../../domain/contract/rights.ts';
import type { GatewayParts } from './calls.ts';
import { keptFor } from './kept-for.ts';
import { lookAtAll, overviewFor } from './overview.ts';
import type { Look } from './overview.ts';
import type { ClosuresOfMany } from './closures-of-many.ts';
import { asking } from './rights.ts';
import type { RunStates } from './run-states.ts';

/** A page that stays open asks every few seconds, and a team has many: whoever sees the same is shown one look. */
const goodForMs = 1_000;
/** As many kinds of sight as there are teams. A look at a thousand lanes is large. */
const mostLooks = 20;

/** What somebody may look at, at one look. */
export function overviewRoutes(
  server: FastifyInstance,
  parts: GatewayParts,
  { states, closures }: { states: RunStates; closures: ClosuresOfMany },
): void {
  const kept = keptFor<Look>({ goodForMs: parts.limits?.overviewMs ?? goodForMs, most: mostLooks, now: parts.now });
  server.get('/v1/overview', async (request): Promise<Overview> => {
    const asker = await asking(parts, request);
    const { sight } = asker;
    const look = await kept(nameOf(sight), () => lookAtAll(parts, sight, { states, closures }));
    return overviewFor(parts, asker, look);
  });
}

function nameOf(sight: Sight): string {
  return sight === 'everything' ? sight : sight.map(laneInPath).join(' ');
}
