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
const goodForMs = 2_000;
/** As many kinds of sight as there are teams, and people who look at the same time. A look at a thousand lanes is large. */
const most = { looks: 20, people: 100 };

/** What somebody may look at, at one look. */
export function overviewRoutes(
  server: FastifyInstance,
  parts: GatewayParts,
  { states, closures }: { states: RunStates; closures: ClosuresOfMany },
): void {
  const forAWhile = { goodForMs: parts.limits?.overviewMs ?? goodForMs, now: parts.now };
  const looks = keptFor<Look>({ ...forAWhile, most: most.looks });
  // Whoever has several pages open is judged once for all of them.
  const mine = keptFor<Overview>({ ...forAWhile, most: most.people });
  server.get('/v1/overview', async (request): Promise<Overview> => {
    const asker = await asking(parts, request);
    const { sight } = asker;
    const seen = nameOf(sight);
    const look = () => looks(seen, () => lookAtAll(parts, sight, { states, closures }));
    return mine(JSON.stringify([asker.caller, seen]), async () => overviewFor(parts, asker, await look()));
  });
}

function nameOf(sight: Sight): string {
  return sight === 'everything' ? sight : sight.map(laneInPath).join(' ');
}
