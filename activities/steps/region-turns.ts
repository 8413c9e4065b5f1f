import type { ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { placeInWords } from '../../domain/left-behind.ts';
import { earlierThan } from '../../domain/wave-order.ts';
import type { Records } from '../records/port.ts';
import { regionProofs } from './region-proofs.ts';
import type { Of } from './region-proofs.ts';

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
  records: Pick<Records, 'plans' | 'changes' | 'clock'>,
  of: Of,
  plan: ReleasePlan,
  { component, region }: { component: string; region: string },
): Promise<void> {
  const { plans } = records;
  const { releaseId, planHash } = of;
  const before = earlierThan(plan, region);
  const turnsIn = (where: string) => plan.components.map(({ name }) => turnOf(name, where));
  const names = [region, ...before.regions].flatMap(turnsIn);
  const turns = await plans.keptAmong([releaseId], names);
  const had = new Set(turns.filter(({ document }) => (document as Turn).planHash === planHash).map(({ name }) => name));
  // Let in once: what has come of the waves before since is no matter for it.
  const isIn = turnsIn(region).some((name) => had.has(name));
  const proofs = regionProofs(records);
  for (const one of isIn ? [] : before.regions) {
    if (!before.mayBeUnproven) await proofs.requireSeen(of, plan, { region: one, next: region });
    else if (turnsIn(one).every((name) => had.has(name))) await proofs.requireTime(of, plan, one);
    else throw failure('SLIP-REL-12', `${one}, which goes before ${region}`);
  }
  await plans.keep(releaseId, turnOf(component, region), { planHash } satisfies Turn);
}
