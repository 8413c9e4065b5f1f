import { randomUUID } from 'node:crypto';
import { bakeOf, judgeBake } from '../../domain/bake.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { laneId, laneOfRun } from '../../domain/contract/names.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import type { Digest, Millis, PinnedImage, ReleasePlan, Ticket } from '../../domain/contract/release.ts';
import { artifactOf } from '../../domain/delivery.ts';
import { failure, failureDetails } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import type { PacedFailureDetails } from '../../domain/errors/failure.ts';
import { regionsTouched } from '../../domain/left-behind.ts';
import { isSameTicket } from '../../domain/ticket.ts';
import { earlierThan, mayBeUnproven } from '../../domain/wave-order.ts';
import type { Records } from '../records/port.ts';
import { changedBy } from './touching.ts';
import type { Authority } from './types.ts';

/** What is on record of a region. Times are by the clock of the records. */
interface KnownOfRegion {
  /** When a change of it began last, and which: two may begin at once. */
  changedAt?: Millis;
  change?: string;
  /** Absent since that change, until a step has looked. */
  seen?: RegionProof;
}

/** That a region was seen well, with these artifacts, under this plan. The database reads it, too, before it lets a row into the inventory. */
interface RegionProof {
  /** Who has seen it, while it held the lane by which ticket. */
  releaseId: string;
  ticket: Ticket;
  planHash: string;
  /** By component: the image, and what was made of it. */
  artifacts: Record<string, { image: PinnedImage; digest: Digest }>;
  /** Components that stand scaled to zero: nobody has seen them run. */
  unseen: string[];
  /** The first look that has seen it so, and the last. */
  since: Millis;
  at: Millis;
}

/** What a look has seen there. `begunAt`: when it began; where something was changed after that, it has seen nothing. */
interface Seen {
  artifacts: RegionProof['artifacts'];
  checks: Check[];
  begunAt?: Millis;
}

type Known = Pick<Records, 'plans' | 'touched' | 'clock'>;
type Of = Pick<Authority, 'releaseId' | 'planHash' | 'ticket'>;

/** Under which name it is kept that a region is back. */
export const backIn = (region: string) => `back-${region}`;

interface BackProof {
  ticket: Ticket;
  components: string[];
}

/**
 * Components that a step has seen back in the region, put there by this run, and not changed by it since. `ticket`: by which the run holds the
 * lane. Of a run of the past it may have been any: what it says of itself was held against the records when it ended.
 */
export async function backAgain(
  plans: Pick<Records['plans'], 'kept'>,
  { runId, ticket }: { runId: string; ticket: Ticket | 'any' | undefined },
  region: string,
): Promise<string[]> {
  const proof = (await plans.kept(runId, backIn(region))) as BackProof | null | undefined;
  return proof && (ticket === 'any' || isSameTicket(proof.ticket, ticket)) ? proof.components : [];
}

/**
 * What the steps that look have seen, for those that build on it: a region counts as verified because it was looked at, and as baked because
 * time has passed since, and not because a workflow says so. Any change to the region makes it unseen again.
 */
export function regionProofs({ plans, touched, clock }: Known) {
  const nameOf = (region: string) => `seen-${region}`;
  // By lane: a change by whichever run spoils it.
  const keyOf = (releaseId: string) => {
    const lane = laneOfRun(releaseId);
    return lane ? laneId(lane) : releaseId;
  };
  const find = async (releaseId: string, region: string) =>
    ((await plans.kept(keyOf(releaseId), nameOf(region))) as KnownOfRegion | null | undefined) ?? {};
  const write = (releaseId: string, region: string, known: KnownOfRegion) =>
    plans.keep(keyOf(releaseId), nameOf(region), known);

  /** Throws SLIP-REL-12 for a region whose bake is not over: `from` then, and seen well at its end where that can be told. */
  async function requireBaked(plan: ReleasePlan, region: string, baking: { from: Millis; seenAt?: Millis }) {
    const bakeMs = bakeOf(plan, region);
    if (bakeMs === 0) return;
    const bake = judgeBake({ region, bakeMs, ...baking }, await clock.now());
    if (bake.kind === 'unwatched') throw failure('SLIP-REL-12', bake.words);
    if (bake.kind === 'bakes') throw notBaked(bake);
  }

  return {
    /** A change begins. Returns how to take this back, for one that turns out to have changed nothing. */
    async spoil({ releaseId }: Of, region: string): Promise<() => Promise<void>> {
      const [before, changedAt] = await Promise.all([find(releaseId, region), clock.now()]);
      const change = randomUUID();
      await write(releaseId, region, { changedAt, change });
      await plans.keep(releaseId, backIn(region), null);
      return async () => {
        const isKnown = before.seen !== undefined || before.changedAt !== undefined;
        // Another change may have begun meanwhile.
        const isOurs = (await find(releaseId, region)).change === change;
        if (isKnown && isOurs) await write(releaseId, region, before);
      };
    },

    /** These components stand there again, put back by this run. */
    async keepBack(
      { releaseId, ticket }: Pick<Of, 'releaseId' | 'ticket'>,
      region: string,
      { components, begunAt }: { components: string[] } & Pick<Seen, 'begunAt'>,
    ) {
      if (isChangedSince(await find(releaseId, region), begunAt)) return;
      await plans.keep(releaseId, backIn(region), { ticket, components } satisfies BackProof);
    },

    async keep({ releaseId, planHash, ticket }: Of, region: string, { artifacts, checks, begunAt }: Seen) {
      const [known, at] = await Promise.all([find(releaseId, region), clock.now()]);
      if (isChangedSince(known, begunAt)) return;
      const { seen } = known;
      const what = { releaseId, planHash, ticket, artifacts };
      const isSame = seen && canonicalJson({ ...seen, ...what }) === canonicalJson(seen);
      const unseen = checks.flatMap((check) => check.unseen ?? []);
      const proof: RegionProof = { ...what, unseen, since: isSame ? seen.since : at, at };
      await write(releaseId, region, { ...known, seen: proof });
    },

    /**
     * Components of each region that stand scaled to zero. Throws SLIP-REL-12 for a region that was not seen well since it was changed (terminal),
     * or has not baked.
     */
    async require(of: Of, plan: ReleasePlan, regions: readonly string[]): Promise<Record<string, string[]>> {
      const seen = regions.map(async (region) => {
        const known = await find(of.releaseId, region);
        const proof = provenBy(known, of, plan);
        if (!proof) throw failure('SLIP-REL-12', region);
        await requireBaked(plan, region, mayBeUnproven(plan) ? sinceChanged(known) : sinceSeen(proof));
        return [region, proof.unseen] as const;
      });
      return Object.fromEntries(await Promise.all(seen));
    },

    /** Throws SLIP-REL-12 when it is not this region's turn yet; retryable where that is a matter of seconds. */
    async requireTurn(of: Of, plan: ReleasePlan, region: string): Promise<void> {
      const changed = await changedBy({ touched }, of.releaseId);
      const earlier = earlierThan(plan, region, changed);
      for (const one of earlier.regions) {
        const known = await find(of.releaseId, one);
        const proof = provenBy(known, of, plan);
        const hadItsTurn = earlier.mayBeUnproven ? regionsTouched(changed).includes(one) : proof !== undefined;
        if (!hadItsTurn) throw failure('SLIP-REL-12', `${one}, which goes before ${region}`);
        await requireBaked(plan, one, earlier.mayBeUnproven ? sinceChanged(known) : sinceSeen(proof!));
      }
    },
  };
}

/** What was seen there counts for this run and plan, and is all that the plan puts there. */
function provenBy(
  { seen }: KnownOfRegion,
  { releaseId, planHash, ticket }: Of,
  plan: ReleasePlan,
): RegionProof | undefined {
  if (seen?.planHash !== planHash || seen.releaseId !== releaseId) return undefined;
  if (!isSameTicket(seen.ticket, ticket)) return undefined;
  const isWhole = plan.components.every((each) => seen.artifacts[each.name]?.digest === artifactOf(each).digest);
  return isWhole ? seen : undefined;
}

function isChangedSince({ changedAt = -Infinity }: KnownOfRegion, begunAt: Millis = Infinity): boolean {
  return changedAt > begunAt;
}

const sinceSeen = ({ since, at }: RegionProof) => ({ from: since, seenAt: at });
/** Where a look may tell nothing there may be none to count from. */
const sinceChanged = ({ changedAt, seen }: KnownOfRegion) => ({ from: changedAt ?? seen?.since ?? -Infinity });

/** A bake that ends so soon is waited for where it was asked about: the clocks that it was watched by may be ahead of that of the records. */
const soonMs = 60_000;

function notBaked({ words, leftMs }: { words: string; leftMs: Millis }): Failure {
  const details = failureDetails('SLIP-REL-12', words);
  if (leftMs > soonMs) return new Failure(details);
  const paced: PacedFailureDetails = { ...details, kind: 'retryable', retryAfterMs: leftMs };
  return new Failure(paced);
}
