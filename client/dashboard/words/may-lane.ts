import type { Me } from '../../../domain/contract/gateway.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';

/** Why somebody orders nothing of this lane; undefined where they may try, or that is not known yet. Whom an order is for the gateway says when they give it. */
export function whyNotOrder(me: Me | undefined, { service, environment }: LaneKey): string | undefined {
  if (!me) return undefined;
  const here = me.grants.find((lane) => lane.service === service && lane.environment === environment);
  if (!here) return 'You may look. The policy has this lane no more, or lets you order nothing of it.';
  return here.may.includes('operate') ? undefined : 'You may look, not order anything of this lane.';
}
