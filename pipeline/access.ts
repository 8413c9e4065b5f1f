import type { LaneKey } from '../domain/contract/names.ts';
import type { Access } from '../domain/contract/rights.ts';
import { leastApproval } from './approval-floor.ts';
import { defined } from './defined.ts';
import type { Policy } from './load.ts';
import { onCallOf } from './on-call.ts';
import { own } from './reach.ts';

/**
 * Who may do what in a lane, each right by what the policy says of the service there, else of the environment. Whom it names for anything
 * there may look: nobody is asked to approve what is kept from them.
 */
export function accessOf(policy: Pick<Policy, 'content'>, lane: LaneKey): Access {
  const { services, environments } = policy.content;
  const floor = own(environments, lane.environment);
  const said = { ...floor?.access, ...own(own(services, lane.service)?.environments ?? {}, lane.environment)?.access };
  const { look, start, operate } = said;
  if (!look) return defined({ start, operate });
  const { required, groups = [] } = floor ? leastApproval(floor) : { required: false };
  const called = onCallOf(policy, lane).groups?.value ?? [];
  const named = [...look, ...(start ?? []), ...(operate ?? []), ...(required ? groups : []), ...called];
  return { look: [...new Set(named)], ...defined({ start, operate }) };
}
