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
import { placeInWords } from '../../domain/left-behind.ts';
import type { Purpose } from '../../domain/run-kinds.ts';
import { isSameTicket } from '../../domain/ticket.ts';
import { earlierThan, mayBeUnproven } from '../../domain/wave-order.ts';
import type { Records } from '../records/port.ts';
import type { Authority } from './types.ts';

/** The change of a region that began last. It has a name, and no number: two may begin at once. Times are by the clock of the records. */
interface RegionChange {
  change: string;
  at: Millis;
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
  /** What had been changed last when that look began: it counts until something else is. */
  change?: string | undefined;
  /** When that was. */
  changedAt?: Millis | undefined;
}

/** What had been changed last in a region, read before it is looked at: by whichever run, and by this one. */
export interface RegionMark {
  last?: RegionChange | undefined;
  own?: RegionChange | undefined;
}

/** What a look has seen there. `mark`: from before it looked. */
interface Seen {
  artifacts: RegionProof['artifacts'];
  checks: Check[];
  mark: RegionMark;
}

type Known = Pick<Records, 'plans' | 'inventory' | 'clock'>;
type Of = Pick<Authority, 'releaseId' | 'planHash' | 'ticket'>;

const seenIn = (region: string) => `seen-${region}`;
/** Under which name it is kept what was changed there last: of the lane by whichever run, of a run by itself. */
export const changedIn = (region: string) => `changed-${region}`;
/** Under which name it is kept that a region is back. */
export const backIn = (region: string) => `back-${region}`;
const turnOf = (component: string, region: string) => `turn-${placeInWords(component, region)}`;

interface BackProof {
  ticket: Ticket;
  components: string[];
  /** What this run had changed there last when the look began. */
  change?: string | undefined;
}

/** That a place had its turn under this plan: its run was let past the waves before. That it was changed would not say so: it may have been put back. */
interface Turn {
  planHash: string;
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
  const [proof, changed] = (await Promise.all([
    plans.kept(runId, backIn(region)),
    plans.kept(runId, changedIn(region)),
  ])) as [BackProof | undefined, RegionChange | undefined];
  if (!proof || proof.change !== changed?.change) return [];
  return ticket === 'any' || isSameTicket(proof.ticket, ticket) ? proof.components : [];
}

/**
 * What the steps that look have seen, for those that build on it: a region counts as verified because it was looked at, and as baked because
 * time has passed since, and not because a workflow says so. Any change to the region makes it unseen again: a proof names the change that it
 * was found after, and is held against the last one where it is used, so that no two writes can cross.
 */
export function regionProofs({ plans, inventory, clock }: Known) {
  // By lane: a change by whichever run spoils it.
  const keyOf = (releaseId: string) => {
    const lane = laneOfRun(releaseId);
    return lane ? laneId(lane) : releaseId;
  };
  const kept = async <T>(id: string, name: string) => (await plans.kept(id, name)) as T | undefined;
  const lastIn = (releaseId: string, region: string) => kept<RegionChange>(keyOf(releaseId), changedIn(region));
  const find = async (releaseId: string, region: string): Promise<KnownOfRegion> => {
    const [last, seen] = await Promise.all([
      lastIn(releaseId, region),
      kept<RegionProof>(keyOf(releaseId), seenIn(region)),
    ]);
    return { last, seen: seen?.change === last?.change ? seen : undefined };
  };
  const keepSeen = (releaseId: string, region: string, proof: RegionProof) =>
    plans.keep(keyOf(releaseId), seenIn(region), proof);
  const hadTurn = async ({ releaseId, planHash }: Of, component: string, region: string) =>
    (await kept<Turn>(releaseId, turnOf(component, region)))?.planHash === planHash;

  /** Throws SLIP-REL-12 for a region whose bake is not over: `from` then, and seen well at its end where that can be told. */
  async function requireBaked(plan: ReleasePlan, region: string, baking: { from: Millis; seenAt?: Millis }) {
    const bakeMs = bakeOf(plan, region);
    if (bakeMs === 0) return;
    const bake = judgeBake({ region, bakeMs, ...baking }, await clock.now());
    if (bake.kind === 'unwatched') throw failure('SLIP-REL-12', bake.words);
    if (bake.kind === 'bakes') throw notBaked(bake);
  }

  return {
    /** To be read before the region is looked at. */
    async mark({ releaseId }: Pick<Of, 'releaseId'>, region: string): Promise<RegionMark> {
      const [last, own] = await Promise.all([
        lastIn(releaseId, region),
        kept<RegionChange>(releaseId, changedIn(region)),
      ]);
      return { last, own };
    },

    /**
     * A change begins: what was seen there counts no more, and what the run has itself put on record as verified there is not so any more where
     * it goes back. Returns how to take the former back, for a change that turns out to have changed nothing.
     */
    async spoil({ releaseId }: Of, region: string, purpose: Purpose): Promise<() => Promise<void>> {
      const [before, at] = await Promise.all([lastIn(releaseId, region), clock.now()]);
      const change: RegionChange = { change: randomUUID(), at };
      await Promise.all([keyOf(releaseId), releaseId].map((id) => plans.keep(id, changedIn(region), change)));
      if (purpose === 'roll-back')
        await inventory.revoke(releaseId, 'its own run has put back what was there', [region]);
      return async () => {
        // Where another change has begun meanwhile, the proof says nothing of that.
        const seen = await kept<RegionProof>(keyOf(releaseId), seenIn(region));
        if (seen && seen.change === before?.change)
          await keepSeen(releaseId, region, { ...seen, change: change.change });
      };
    },

    /** These components stand there again, put back by this run. */
    async keepBack(
      { releaseId, ticket }: Pick<Of, 'releaseId' | 'ticket'>,
      region: string,
      { components, mark }: { components: string[] } & Pick<Seen, 'mark'>,
    ) {
      // Whoever has looked looks again: a run that is back must not end as one that is not.
      if ((await lastIn(releaseId, region))?.change !== mark.last?.change) throw unseenYet(region);
      const proof: BackProof = { ticket, components, change: mark.own?.change };
      await plans.keep(releaseId, backIn(region), proof);
    },

    async keep({ releaseId, planHash, ticket }: Of, region: string, { artifacts, checks, mark: { last } }: Seen) {
      const [{ seen }, at] = await Promise.all([find(releaseId, region), clock.now()]);
      const what = { releaseId, planHash, ticket, artifacts, change: last?.change };
      const isSame = seen && canonicalJson({ ...seen, ...what }) === canonicalJson(seen);
      const unseen = checks.flatMap((check) => check.unseen ?? []);
      const times = isSame ? { since: seen.since, changedAt: seen.changedAt } : { since: at, changedAt: last?.at };
      await keepSeen(releaseId, region, { ...what, unseen, ...times, at });
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

    /**
     * Lets a component in where it is this region's turn, and keeps that on record. Throws SLIP-REL-12 when it is not; retryable where that is a
     * matter of seconds.
     */
    async requireTurn(of: Of, plan: ReleasePlan, { component, region }: { component: string; region: string }) {
      const turns = plan.components.map(({ name }) => name);
      const hadIn = (where: string) => Promise.all(turns.map((name) => hadTurn(of, name, where)));
      // Let in once: what has come of the waves before since is no matter for it.
      const earlier = (await hadIn(region)).some(Boolean) ? undefined : earlierThan(plan, region);
      for (const one of earlier?.regions ?? []) {
        const known = await find(of.releaseId, one);
        const proof = provenBy(known, of, plan);
        const hadItsTurn = earlier?.mayBeUnproven ? (await hadIn(one)).every(Boolean) : proof !== undefined;
        if (!hadItsTurn) throw failure('SLIP-REL-12', `${one}, which goes before ${region}`);
        await requireBaked(plan, one, earlier?.mayBeUnproven ? sinceChanged(known) : sinceSeen(proof!));
      }
      await plans.keep(of.releaseId, turnOf(component, region), { planHash: of.planHash } satisfies Turn);
    },
  };
}

/** What is on record of a region: `seen` is absent since that change, until a step has looked. */
interface KnownOfRegion {
  last: RegionChange | undefined;
  seen: RegionProof | undefined;
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

const sinceSeen = ({ since, at }: RegionProof) => ({ from: since, seenAt: at });
/** Where a look may tell nothing there may be none to count from. */
const sinceChanged = ({ last, seen }: KnownOfRegion) => ({
  from: seen?.changedAt ?? last?.at ?? seen?.since ?? -Infinity,
});

/** A bake that ends so soon is waited for where it was asked about: the clocks that it was watched by may be ahead of that of the records. */
const soonMs = 60_000;

/** Something began there during the look. */
function unseenYet(region: string): Failure {
  return new Failure({ ...failureDetails('SLIP-REL-12', region), kind: 'retryable' });
}

function notBaked({ words, leftMs }: { words: string; leftMs: Millis }): Failure {
  const details = failureDetails('SLIP-REL-12', words);
  if (leftMs > soonMs) return new Failure(details);
  const paced: PacedFailureDetails = { ...details, kind: 'retryable', retryAfterMs: leftMs };
  return new Failure(paced);
}
