import type { LaneOrder, SignedLaneOrder } from './contract/lane.ts';
import type { LaneKey } from './contract/names.ts';
import { ofMessage, weigh } from './weight.ts';

/** Why this, as it came over the wire, is no order for this lane; undefined when it is. Says nothing about its signature. */
export function refuseOrder(value: unknown, lane: LaneKey): string | undefined {
  if (!isSignedOrder(value)) return 'it is not a signed order';
  const { service, environment } = value.order.lane;
  const isOurs = service === lane.service && environment === lane.environment;
  return isOurs ? undefined : `the order is for ${service} in ${environment}`;
}

function isSignedOrder(value: unknown): value is SignedLaneOrder {
  if (typeof value !== 'object' || value === null || weigh(value, ofMessage) !== undefined) return false;
  const { order, keyId, signature } = value as Partial<SignedLaneOrder>;
  if (typeof keyId !== 'string' || typeof signature !== 'string') return false;
  if (typeof order !== 'object' || order === null) return false;
  const { id, kind, lane, by, at, reason, lifts, until, ticket } = order as Partial<LaneOrder> & {
    lifts?: unknown;
    until?: unknown;
    ticket?: unknown;
  };
  const texts = [id, lane?.service, lane?.environment, by, reason];
  if (!texts.every((text) => typeof text === 'string') || typeof at !== 'number') return false;
  if (kind === 'freeze') return until === undefined || Number.isSafeInteger(until);
  if (kind === 'clear-ticket') return typeof ticket === 'string';
  return (kind === 'unfreeze' || kind === 'clear-hold') && typeof lifts === 'string';
}
