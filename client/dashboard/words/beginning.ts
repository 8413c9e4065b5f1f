import type { Me } from '../../../domain/contract/gateway.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';

/** Why a page has nothing to show, and what somebody does about it. */
interface Nothing {
  says: string;
  next: string;
  command?: string;
}

/** Before anything was released: what whoever looks may start. */
export function whyNothing(lanes: readonly LaneKey[], me: Me | undefined): Nothing {
  if (lanes.length === 0)
    return {
      says: 'The policy lets you look at no lane.',
      next: 'Whoever runs this installation names services in it, and who may look at them.',
    };
  const mine = me?.grants.filter(({ may }) => may.includes('start')) ?? [];
  const first = lanes.find((lane) => mine.some((one) => isSame(one, lane)));
  if (!first)
    return { says: 'Nothing was released yet.', next: 'You may look, not start a release: the policy says who may.' };
  const isOnly = mine.filter(({ service }) => service === first.service).length === 1;
  return {
    says: 'Nothing was released yet.',
    next: `Start the first release of ${first.service} in its repository, at the commit that is to run:`,
    command: `slipway deploy --service ${first.service}${isOnly ? '' : ` --environment ${first.environment}`}`,
  };
}

const isSame = (one: LaneKey, other: LaneKey) => one.service === other.service && one.environment === other.environment;
