import { bakeOf, judgeBake } from '../../domain/bake.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { componentsIn } from '../../domain/components-in.ts';
import { laneId } from '../../domain/contract/names.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import type { Digest, Millis, PinnedImage, ReleasePlan, Ticket } from '../../domain/contract/release.ts';
import { artifactOf } from '../../domain/delivery.ts';
import { failure, failureDetails } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import type { PacedFailureDetails } from '../../domain/errors/failure.ts';
import { isSameTicket } from '../../domain/ticket.ts';
import { mayBeUnproven } from '../../domain/wave-order.ts';
import type { LastChange, Records } from '../records/port.ts';
import type { RegionChange } from './changing.ts';
import { laneOf } from './lane-of.ts';
import type { Authority } from './types.ts';

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
  /** The smoke tests that have passed there since that change, by name: what was said of each then. */
  smoke?: Record<string, string>;
  /** The first look that has seen it so, and the last. */
  since: Millis;
  at: Millis;
  /** The last change of the region when that look began, which was over: it counts until there is another. */
  change?: number | undefined;
  /** When that was. */
  changedAt?: Millis | undefined;
}

/** What had been changed last in a region, by whichever run, and what is being changed. Read before the region is looked at. */
export type RegionMark = Awaited<ReturnType<Records['changes']['lookAt']>>;

/** What a look has seen there. `mark`: from before it looked. */
interface Seen {
  artifacts: RegionProof['artifacts'];
  checks: Check[];
  mark: RegionMark;
  /** Of a region that has smoke tests: those that the plan names there, and those that have passed by this look, by name: what is said of each. */
  smoke?: { wanted: readonly string[]; passed: Record<string, string> };
}

const noSmoke = { wanted: [], passed: {} };

/** `after`: the last change of the region before it was seen so. */
export interface SeenWell {
  unseen: string[];
  after: number | undefined;
}

type Known = Pick<Records, 'plans' | 'changes' | 'clock'>;
/** By whom, and under which plan. */
export type Of = Pick<Authority, 'releaseId' | 'planHash' | 'ticket'>;

/** To be read before the region is looked at. */
export function markOf({ changes }: Pick<Records, 'changes'>, releaseId: string, region: string): Promise<RegionMark> {
  return changes.lookAt(laneOf(releaseId), region);
}

/**
 * What the steps that look have seen, for those that build on it: a region counts as verified because it was looked at, and as baked because
 * time has passed since, and not because a workflow says so. Any change to the region makes it unseen again, from before it is made: a proof
 * names the change that it was found after, none is found while one is under way, and it is held against the last one where it is used, so
 * that no two writes can cross.
 */
export function regionProofs({ plans, changes, clock }: Known) {
  const kept = (releaseId: string, region: string) => keptProof(plans, releaseId, region);
  const keepSeen = (releaseId: string, region: string, proof: RegionProof) =>
    plans.keep(laneId(laneOf(releaseId)), seenIn(region), proof);

  async function find({ releaseId }: Of, region: string): Promise<KnownOfRegion> {
    const [{ last }, seen] = await Promise.all([changes.lookAt(laneOf(releaseId), region), kept(releaseId, region)]);
    return { last, seen: seen?.change === last?.number ? seen : undefined };
  }

  /** Throws SLIP-REL-12 for a region whose bake is not over: `from` then, and seen well at its end where that can be told. */
  async function requireBaked(plan: ReleasePlan, region: string, baking: { from: Millis; seenAt?: Millis }) {
    const bakeMs = bakeOf(plan, region);
    if (bakeMs === 0) return;
    const bake = judgeBake({ region, bakeMs, ...baking }, await clock.now());
    if (bake.kind === 'unwatched') throw failure('SLIP-REL-12', bake.words);
    if (bake.kind === 'bakes') throw notBaked(bake);
  }

  return {
    /** A change that has written nothing: what was seen before it counts on, where nothing else has begun meanwhile. */
    async outlive({ releaseId }: Of, region: string, { number, before }: RegionChange) {
      const seen = await kept(releaseId, region);
      if (seen && seen.change === before) await keepSeen(releaseId, region, { ...seen, change: number });
    },

    /** The smoke tests of this run that have passed since the last change of the region, as that was when the look began, by name. */
    async smokePassed(of: Of, region: string, { last }: RegionMark): Promise<Record<string, string>> {
      const seen = await kept(of.releaseId, region);
      return seen && seen.change === last?.number && isOf(seen, of) ? (seen.smoke ?? {}) : {};
    },

    /**
     * Nothing of a region whose smoke tests have not passed since its last change: a look without them proves nothing. Throws SLIP-REL-12
     * (retryable) where the look may have been before the effect of a change, or after it.
     */
    async keep(of: Of, region: string, { artifacts, checks, mark: { last, underWay }, smoke: tests = noSmoke }: Seen) {
      refuseUnderWay(region, { underWay, components: Object.keys(artifacts) });
      const { releaseId, planHash, ticket } = of;
      const [found, at] = await Promise.all([kept(releaseId, region), clock.now()]);
      // A look that was slower than a later one says nothing new.
      if ((found?.change ?? 0) > (last?.number ?? 0)) return;
      const seen = found?.change === last?.number ? found : undefined;
      const what = { releaseId, planHash, ticket, artifacts, change: last?.number };
      const isSame = seen && canonicalJson({ ...seen, ...what }) === canonicalJson(seen);
      const unseen = checks.flatMap((check) => check.unseen ?? []);
      const times = isSame ? { since: seen.since, changedAt: seen.changedAt } : { since: at, changedAt: last?.at };
      // Later looks do not run them again.
      const smoke = { ...(seen && isOf(seen, of) && seen.smoke), ...tests.passed };
      if (!tests.wanted.every((test) => Object.hasOwn(smoke, test))) return;
      const tested = Object.keys(smoke).length > 0 && { smoke };
      await keepSeen(releaseId, region, { ...what, unseen, ...tested, ...times, at });
    },

    /**
     * Of each region: components that stand scaled to zero, and after which change it was seen so. Throws SLIP-REL-12 for a region that was not
     * seen well since it was changed (terminal), or has not baked.
     */
    async require(of: Of, plan: ReleasePlan, regions: readonly string[]): Promise<Record<string, SeenWell>> {
      const seen = regions.map(async (region) => {
        const known = await find(of, region);
        const proof = provenBy(known, of, { plan, region });
        if (!proof) throw failure('SLIP-REL-12', unprovenInWords({ plan, region }));
        await requireBaked(plan, region, mayBeUnproven(plan) ? sinceChanged(known) : sinceSeen(proof));
        return [region, { unseen: proof.unseen, after: proof.change }] as const;
      });
      return Object.fromEntries(await Promise.all(seen));
    },

    /** The same of one region, for the sake of `next`, which comes after it. */
    async requireSeen(of: Of, plan: ReleasePlan, { region, next }: { region: string; next: string }): Promise<void> {
      const known = await find(of, region);
      const proof = provenBy(known, of, { plan, region });
      if (!proof) throw failure('SLIP-REL-12', `${unprovenInWords({ plan, region })}, which goes before ${next}`);
      await requireBaked(plan, region, sinceSeen(proof));
    },

    /** Of one that may be unproven: that so much time has passed there. */
    async requireTime(of: Of, plan: ReleasePlan, region: string): Promise<void> {
      await requireBaked(plan, region, sinceChanged(await find(of, region)));
    },
  };
}

const keptProof = (plans: Pick<Records['plans'], 'kept'>, releaseId: string, region: string) =>
  plans.kept(laneId(laneOf(releaseId)), seenIn(region)) as Promise<RegionProof | undefined>;

/** Whether the look of this release is the last that has seen the region well, whatever was changed there since. */
export async function seenWellBy(
  plans: Pick<Records['plans'], 'kept'>,
  releaseId: string,
  region: string,
): Promise<boolean> {
  const proof = await keptProof(plans, releaseId, region);
  return proof?.releaseId === releaseId;
}

/** Throws SLIP-REL-12 (retryable): nobody can tell whether the look has met what is being written. */
export function refuseUnderWay(
  region: string,
  { underWay, components }: { underWay: readonly string[]; components: readonly string[] },
): void {
  if (components.some((component) => underWay.includes(component))) throw unseenYet(region);
}

/** Something is changed there during the look: whoever has looked looks again, for as long as it takes. */
export function unseenYet(region: string): Failure {
  const { final: _, ...details } = failureDetails('SLIP-REL-12', `${region}: it is being changed`);
  return new Failure({ ...details, kind: 'retryable' });
}

export const seenIn = (region: string) => `seen-${region}`;

/** What is on record of a region: `seen` is absent since that change, until a step has looked. */
interface KnownOfRegion {
  last: LastChange | undefined;
  seen: RegionProof | undefined;
}

interface Planned {
  plan: ReleasePlan;
  region: string;
}

/** What was seen there counts for this run and plan, and is all that the plan puts in this region, tested by all that it names. */
function provenBy({ seen }: KnownOfRegion, of: Of, { plan, region }: Planned): RegionProof | undefined {
  if (!seen || !isOf(seen, of)) return undefined;
  const isWhole = componentsIn(plan, region).every(
    (each) => seen.artifacts[each.name]?.digest === artifactOf(each).digest,
  );
  const isTested = testsIn(plan, region).every((name) => seen.smoke && Object.hasOwn(seen.smoke, name));
  return isWhole && isTested ? seen : undefined;
}

function testsIn({ regions }: ReleasePlan, region: string): string[] {
  return (regions.find(({ name }) => name === region)?.smoke ?? []).map(({ name }) => name);
}

/** The region, with what makes it well beside what stands there: without that nothing is kept of it. */
function unprovenInWords({ plan, region }: Planned): string {
  const tests = testsIn(plan, region);
  return tests.length === 0 ? region : `${region} (its smoke tests must have passed there: ${tests.join(', ')})`;
}

function isOf(seen: RegionProof, { releaseId, planHash, ticket }: Of): boolean {
  return seen.planHash === planHash && seen.releaseId === releaseId && isSameTicket(seen.ticket, ticket);
}

const sinceSeen = ({ since, at }: RegionProof) => ({ from: since, seenAt: at });
/** Where a look may tell nothing there may be none to count from. */
const sinceChanged = ({ last, seen }: KnownOfRegion) => ({
  from: seen?.changedAt ?? last?.at ?? seen?.since ?? -Infinity,
});

/** A bake that ends so soon is waited for where it was asked about: the clocks that it was watched by may be ahead of that of the records. */
const soonMs = 60_000;

function notBaked({ words, leftMs }: { words: string; leftMs: Millis }): Failure {
  const details = failureDetails('SLIP-REL-12', words);
  if (leftMs > soonMs) return new Failure(details);
  const paced: PacedFailureDetails = { ...details, kind: 'retryable', retryAfterMs: leftMs };
  return new Failure(paced);
}
