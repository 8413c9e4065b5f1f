import type { Check } from '../../domain/contract/verdicts.ts';
import { laneId, laneOfRun } from '../../domain/contract/names.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { artifactOf } from '../../domain/delivery.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { mustBeSeenFirst } from '../../domain/wave-order.ts';
import type { Records } from '../records/port.ts';
import { changedBy } from './touching.ts';
import type { Authority } from './types.ts';

/** That a region was seen well, with these artifacts (digests by component), under this plan. */
interface RegionProof {
  /** Who has seen it. */
  releaseId: string;
  planHash: string;
  artifacts: Record<string, string>;
  /** Components that stand scaled to zero: nobody has seen them run. */
  unseen: string[];
}

type Known = Pick<Records, 'plans' | 'touched'>;
type Of = Pick<Authority, 'releaseId' | 'planHash'>;

/** Under which name it is kept that a region is back. */
export const backIn = (region: string) => `back-${region}`;

/** Components that a step has seen back in the region, put there by this run, and not changed by it since. */
export async function backAgain(
  plans: Pick<Records['plans'], 'kept'>,
  runId: string,
  region: string,
): Promise<string[]> {
  const proof = (await plans.kept(runId, backIn(region))) as { components: string[] } | null | undefined;
  return proof?.components ?? [];
}

/**
 * What the steps that look have seen, for those that build on it: a region counts as verified because it was looked at, and not because a
 * workflow says so. Any change to the region makes it unseen again.
 */
export function regionProofs({ plans, touched }: Known) {
  const nameOf = (region: string) => `seen-${region}`;
  // By lane: a change by whichever run spoils it.
  const keyOf = (releaseId: string) => {
    const lane = laneOfRun(releaseId);
    return lane ? laneId(lane) : releaseId;
  };
  const find = async (releaseId: string, region: string) =>
    ((await plans.kept(keyOf(releaseId), nameOf(region))) as RegionProof | null | undefined) ?? undefined;
  const isProven = async ({ releaseId, planHash }: Of, plan: ReleasePlan, region: string) => {
    const proof = await find(releaseId, region);
    if (proof?.planHash !== planHash || proof.releaseId !== releaseId) return undefined;
    const isWhole = plan.components.every((each) => proof.artifacts[each.name] === artifactOf(each).digest);
    return isWhole ? proof : undefined;
  };
  return {
    /** A change begins. Returns how to take this back, for one that turns out to have changed nothing. */
    async spoil({ releaseId }: Of, region: string): Promise<() => Promise<void>> {
      const before = await find(releaseId, region);
      await plans.keep(keyOf(releaseId), nameOf(region), null);
      await plans.keep(releaseId, backIn(region), null);
      return async () => {
        if (before) await plans.keep(keyOf(releaseId), nameOf(region), before);
      };
    },

    /** These components stand there again, put back by this run. */
    async keepBack({ releaseId }: Pick<Of, 'releaseId'>, region: string, components: string[]) {
      await plans.keep(releaseId, backIn(region), { components });
    },

    async keep({ releaseId, planHash }: Of, region: string, artifacts: Record<string, string>, checks: Check[]) {
      const proof: RegionProof = {
        releaseId,
        planHash,
        artifacts,
        unseen: checks.flatMap(({ unseen }) => unseen ?? []),
      };
      await plans.keep(keyOf(releaseId), nameOf(region), proof);
    },

    /** Components of each region that stand scaled to zero. Throws SLIP-REL-12 (terminal) for a region that was not seen well since it was changed. */
    async require(of: Of, plan: ReleasePlan, regions: readonly string[]): Promise<Record<string, string[]>> {
      const seen = regions.map(async (region) => {
        const proof = await isProven(of, plan, region);
        if (!proof) throw failure('SLIP-REL-12', region);
        return [region, proof.unseen] as const;
      });
      return Object.fromEntries(await Promise.all(seen));
    },

    /** Throws SLIP-REL-12 (terminal) when it is not this region's turn yet. */
    async requireTurn(of: Of, plan: ReleasePlan, region: string): Promise<void> {
      const changed = await changedBy({ touched }, of.releaseId);
      for (const earlier of mustBeSeenFirst(plan, region, changed))
        if (!(await isProven(of, plan, earlier)))
          throw failure('SLIP-REL-12', `${earlier}, which goes before ${region}`);
    },
  };
}
