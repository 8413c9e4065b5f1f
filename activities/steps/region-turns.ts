import type { ReleasePlan } from '../../domain/contract/release.ts';
import { placeInWords } from '../../domain/left-behind.ts';
import { earlierThan } from '../../domain/wave-order.ts';
import type { Records } from '../records/port.ts';
import { regionProofs } from './region-proofs.ts';
import type { Authority } from './types.ts';

type Of = Pick<Authority, 'releaseId' | 'planHash' | 'ticket'>;

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
  const hadTurn = async (name: string, where: string) =>
    ((await plans.kept(releaseId, turnOf(name, where))) as Turn | undefined)?.planHash === planHash;
  const hadIn = (where: string) => Promise.all(plan.components.map(({ name }) => hadTurn(name, where)));
  // Let in once: what has come of the waves before since is no matter for it.
  const earlier = (await hadIn(region)).some(Boolean) ? undefined : earlierThan(plan, region);
  for (const one of earlier?.regions ?? []) {
    const hadItsTurn = earlier?.mayBeUnproven ? (await hadIn(one)).every(Boolean) : undefined;
    await regionProofs(records).requireBefore(of, plan, { region: one, next: region, hadItsTurn });
  }
  await plans.keep(releaseId, turnOf(component, region), { planHash } satisfies Turn);
}
