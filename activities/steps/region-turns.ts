import { componentsIn } from '../../domain/components-in.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { placeInWords } from '../../domain/left-behind.ts';
import { earlierThan } from '../../domain/wave-order.ts';
import type { Earlier } from '../../domain/wave-order.ts';
import type { Records } from '../records/port.ts';
import { parseStored } from '../shared/stored-json.ts';
import { hasDeployedTo } from './changing.ts';
import { regionProofs } from './region-proofs.ts';
import type { Of } from './region-proofs.ts';

type Known = Pick<Records, 'plans' | 'changes' | 'clock'>;

/** That a place had its turn under this plan: its run was let past the waves before. That it was changed would not say so: it may have been put back. */
interface Turn {
  planHash: string;
}

const turnOf = (component: string, region: string) => `turn-${placeInWords(component, region)}`;

/**
 * Lets a component in where it is this region's turn, and keeps that on record. Throws SLIP-REL-12 when it is not; retryable where that is a
 * matter of seconds.
 */
export async function requireTurn(
  records: Known,
  of: Of,
  plan: ReleasePlan,
  { component, region }: { component: string; region: string },
): Promise<void> {
  const { plans } = records;
  const { releaseId, planHash } = of;
  const before = earlierThan(plan, region);
  const turns = await plans.keptAmong(
    [releaseId],
    plan.components.map(({ name }) => turnOf(name, region)),
  );
  // Let in once: what has come of the waves before since is no matter for it.
  const isIn = turns.some(({ json }) => (parseStored(json) as Turn).planHash === planHash);
  if (!isIn) await (before.mayBeUnproven ? requireDeployed : requireSeen)(records, of, plan, { before, region });
  await plans.keep(releaseId, turnOf(component, region), { planHash } satisfies Turn);
}

interface Order {
  before: Earlier;
  region: string;
}

async function requireSeen(records: Known, of: Of, plan: ReleasePlan, { before, region: next }: Order): Promise<void> {
  for (const region of before.regions) await regionProofs(records).requireSeen(of, plan, { region, next });
}

/** Where the plan goes on with what could not be told: all of it was put there, and not taken back, and its time is over. */
async function requireDeployed(records: Known, of: Of, plan: ReleasePlan, { before, region: next }: Order) {
  const own = await records.changes.lastOf([of.releaseId]);
  for (const region of before.regions) {
    if (!hasDeployedTo(region, componentsIn(plan, region), own))
      throw failure('SLIP-REL-12', `${region}, which goes before ${next}`);
    await regionProofs(records).requireTime(of, plan, region);
  }
}
