import type { FastifyInstance } from 'fastify';
import type { GatewayParts } from './calls.ts';
import type { Deciding } from './decide.ts';
import type { Allow } from './limits.ts';
import type { OrderingLanes } from './order-lane.ts';

/** What a door leads to: what the gateway knows, and the one way in which anybody decides or orders something. */
export interface Inside {
  parts: GatewayParts;
  deciding: Deciding;
  lanes: OrderingLanes;
  /** What one caller may ask for, by whichever door they come. Throws 429. */
  allow: Allow;
}

/** Adds routes beside those of the HTTP API. Of each that is marked as `ownDoor` it makes sure itself who comes. */
export type MoreDoor = (server: FastifyInstance, inside: Inside) => void;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No token is asked for, and what the body holds is looked at by the route alone. */
    ownDoor?: true;
  }
}
