import { nameOf, regions as allRegions } from './ground.ts';
import type { Lane } from './ground.ts';
import type { Deed, Effect, Event, Heard, Place } from './events.ts';

type OfKind<Kind extends Event['kind']> = Heard<Extract<Event, { kind: Kind }>>;

/** What of a world was heard until now, and what follows from it by itself. */
export type Ledger = ReturnType<typeof createLedger>;

export function createLedger() {
  const byKind = new Map<string, Heard[]>();
  const byDeed = new Map<string, Heard[]>();
  const moves: Heard<Effect<'deployed' | 'put-back'>>[] = [];
  const changes: Heard<Effect<'deployed' | 'put-back' | 'migrated'>>[] = [];
  let count = 0;

  const all = <Kind extends Event['kind']>(kind: Kind) => (byKind.get(kind) ?? []) as OfKind<Kind>[];
  const deeds = <What extends Deed['what']>(what: What) => (byDeed.get(what) ?? []) as Heard<Effect<What>>[];
  const put = (map: Map<string, Heard[]>, key: string, one: Heard) => {
    const known = map.get(key);
    if (known) known.push(one);
    else map.set(key, [one]);
  };

  function hear(event: Event, now: number): void {
    const heard: Heard = { ...event, n: (count += 1), now };
    put(byKind, heard.kind, heard);
    if (heard.kind !== 'effect') return;
    put(byDeed, heard.what, heard);
    if (heard.what === 'deployed' || heard.what === 'put-back') moves.push(heard);
    if (heard.what === 'deployed' || heard.what === 'put-back' || heard.what === 'migrated') changes.push(heard);
  }

  const asked = (run: string) => all('asked').find((event) => event.run === run);
  const end = (run: string) => deeds('ended').find((event) => event.run === run);
  /** Its first change, or that of no run at all. */
  const began = (run: string) => changes.find(({ by }) => by.workflowId === run)?.n ?? Infinity;
  const beganAt = (run: string) => changes.find(({ by }) => by.workflowId === run)?.now;
  /** In force: the one that was made last. */
  const planned = (run: string) => deeds('planned').findLast(({ release }) => release === run);
  const placesOf = (run: string) => {
    const lane = asked(run)?.lane;
    const components = planned(run)?.plan.components ?? [];
    return lane === undefined
      ? []
      : allRegions.flatMap((region) => components.map(({ name, image }) => ({ lane, region, component: name, image })));
  };

  /** What is on record as verified in a place, the newest last, without what was revoked. */
  function standing({ lane, region, component }: Place) {
    const revoked = deeds('revoked').filter((one) => one.regions.includes(region));
    return deeds('verified')
      .filter((row) => nameOf(row.lane) === nameOf(lane) && row.region === region && row.component === component)
      .filter((row) => !revoked.some(({ release }) => release === row.release));
  }
  const isVerifiedIn = (run: string, region: string) =>
    placesOf(run)
      .filter((place) => place.region === region)
      .every((place) => standing(place).some(({ release }) => release === run));

  const movesIn = (lane: Lane, region: string) =>
    moves.filter((one) => one.region === region && nameOf(one.lane) === nameOf(lane));
  /** Its turn there has begun: what it put back does not say so. */
  const hadTurnIn = (run: string, region: string) =>
    deeds('deployed').some((one) => one.by.workflowId === run && one.region === region);
  const movesOf = (run: string) => moves.filter(({ by }) => by.workflowId === run);
  const stands = ({ lane, region, component }: Place) =>
    movesIn(lane, region).findLast((one) => one.component === component)?.image;
  const grantsOf = (lane: Lane) => deeds('let-in').filter((grant) => nameOf(grant.lane) === nameOf(lane));
  /** Since when the run has been in the lane without a break; never, where it is not. */
  const heldSince = (run: string, lane: Lane): number => {
    const grants = grantsOf(lane);
    const last = grants.at(-1);
    if (last?.run !== run) return Infinity;
    const isSame = ({ run: who, ticket }: (typeof grants)[number]) =>
      who === run && ticket.n === last.ticket.n && ticket.incarnation === last.ticket.incarnation;
    return grants[grants.findLastIndex((grant) => !isSame(grant)) + 1]!.n;
  };
  /** Looks by which the run has seen this stand there, while it was in the lane, and nothing in that region was changed since. */
  const looksAt = (run: string, { lane, region, component }: Place, image: string) => {
    const changed = movesIn(lane, region).findLast(({ moved }) => moved)?.n ?? 0;
    const last = Math.max(changed, heldSince(run, lane));
    return all('looked').filter(
      (look) =>
        look.n > last &&
        look.by === run &&
        look.well &&
        look.image === image &&
        look.region === region &&
        look.component === component &&
        nameOf(look.lane) === nameOf(lane),
    );
  };
  /**
   * While it was in the lane, that it may go back to this. What was chosen last counts; and what counted when it began to go back there, since
   * half of the region may be back by it.
   */
  const hasChosen = (run: string, { lane, region, component }: Place, image: string) => {
    const since = heldSince(run, lane);
    const choices = all('chose').filter((one) => one.run === run && one.region === region && one.n > since);
    const goes = deeds('put-back').find((one) => one.by.workflowId === run && one.region === region && one.n > since);
    const first = goes ? choices.findLastIndex(({ n }) => n < goes.n) : choices.length - 1;
    return choices
      .slice(Math.max(0, first))
      .some(({ targets }) => targets.some((target) => target.component === component && target.image === image));
  };
  const hasSeen = (run: string, place: Place, image: string) => looksAt(run, place, image).length > 0;

  return {
    hear,
    all,
    deeds,
    changes: () => changes,
    asked,
    end,
    began,
    beganAt,
    planned,
    placesOf,
    standing,
    isVerifiedIn,
    movesIn,
    movesOf,
    hadTurnIn,
    stands,
    grantsOf,
    heldSince,
    looksAt,
    hasSeen,
    hasChosen,
    /** As it is now, or was at that moment. */
    policy: (at = Infinity) => all('policy').findLast(({ n }) => n < at)!.policy,
  };
}
