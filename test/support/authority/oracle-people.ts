import type { Heard, Fact } from './events.ts';
import { authorsOf, people, regions as allRegions } from './ground.ts';
import type { Lane } from './ground.ts';
import type { Ledger } from './ledger.ts';

type Asked = Heard<Extract<Fact, { kind: 'asked' }>>;

const thirtyDays = 30 * 86_400_000;
const isStrict = ({ environment }: Lane) => environment === 'production';

/** What people have said of a run, and what follows: each rule gives the reason why it may not. */
export function rulesOfPeople(ledger: Ledger) {
  const { all, asked, began, beganAt, planned, deeds, end, standing, placesOf, movesIn, movesOf, policy } = ledger;

  const isIn = (id: string, groups: readonly string[]) =>
    people.find((one) => one.id === id)!.groups.some((group) => groups.includes(group));
  /** By the policy as it is now, or was at that moment, and by the plan. */
  const isApprover = (id: string, at?: number) => isIn(id, policy(at).groups) && isIn(id, ['approvers']);
  /** Of what follows a failure alone. */
  const isOnCall = (id: string, { service }: Lane, at?: number) => service === 'shop' && isIn(id, policy(at).onCall);
  const mayDecide = (id: string, lane: Lane, at?: number) =>
    !isStrict(lane) || isApprover(id, at) || isOnCall(id, lane, at);
  /** What was said of a run that had changed something before stands, whatever that says. */
  const isVoid = (id: string, run?: string) => {
    const refused = all('void').find((event) => event.id === id);
    return refused !== undefined && (run === undefined || refused.n < began(run));
  };

  /** A yes is by somebody who might when they said it, and may now. `now`: one that was older than thirty days lets nothing begin. */
  function unapproved({ run, lane, commit, by: requester }: Asked, now?: number): string | undefined {
    if (!isStrict(lane)) return undefined;
    const isDepot = lane.service === 'depot';
    const hash = planned(run)?.hash;
    const isTooOld = (at: number) => now !== undefined && (beganAt(run) ?? now) - at > thirtyDays;
    const good = all('said')
      .filter(({ what, about, planHash }) => what === 'approve' && about === run && planHash === hash)
      .filter((said) => !isVoid(said.id, run) && !isTooOld(said.now))
      .filter(({ by, n }) => by !== requester && isApprover(by, n) && isApprover(by))
      .filter(({ by }) => !isDepot || !authorsOf(commit).includes(`${by}@shop.test`));
    const wanted = Math.max(policy().quorum, isDepot ? 2 : 1);
    const found = new Set(good.map(({ by }) => by)).size;
    return found < wanted ? `${found} of ${wanted} have approved ${run}` : undefined;
  }

  /** What a run was ordered to undo: by a person, or by what the engine has seen. */
  const orderOf = (run: string) =>
    all('ordered').find((event) => event.run === run) ?? all('broken').find((event) => event.run === run);

  /** A no to this release or rollback by somebody who might say it then, for whichever plan it was meant, before anything was changed. */
  function calledOff(run: string): string | undefined {
    const order = orderOf(run);
    const { lane, by: asker } = asked(order?.about ?? run)!;
    // Who asked for the release has no say in that it is undone.
    const requester = order ? 'by' in order && order.by : asker;
    const no = all('said').find(
      ({ n, what, about, by }) =>
        n < began(run) &&
        about === run &&
        ((what === 'reject' && isApprover(by, n)) ||
          (what === 'abort' && (by === requester || mayDecide(by, lane, n)))),
    );
    return no && `${no.by} has said no to ${run}`;
  }

  /** Somebody who might then has ordered this very release to go back, or it is to have been over long ago. */
  function noFurther(run: string, now: number): string | undefined {
    const { lane } = asked(run)!;
    const order = all('said').find(
      ({ n, id, what, about, by }) =>
        what === 'roll-back' && about === run && mayDecide(by, lane, n) && !isVoid(id, run),
    );
    if (order) return `${order.by} has ordered ${run} back`;
    return now - (beganAt(run) ?? now) > thirtyDays ? `${run} began long ago` : undefined;
  }

  /** Such a run needs an order of somebody who might give it, and may when it begins, about a plan that is in force, and not too old to begin with. */
  function unordered(run: string, region: string, now: number): string | undefined {
    const order = orderOf(run);
    const about = order && asked(order.about);
    if (!order || !about) return 'nobody has ordered it';
    if (!(order.regions?.includes(region) ?? true)) return `${region} was not ordered`;
    const no = calledOff(run);
    if (no !== undefined) return no;
    if (order.kind === 'broken') {
      if (!policy().rollBackOnBreach) return 'the policy wants a person';
      if (planned(about.run)?.plan.onBreach !== 'roll-back') return 'the plan wants a person';
      return unapproved(about);
    }
    if (isVoid(order.id)) return 'the order is void';
    if (order.planHash !== planned(about.run)?.hash) return 'it was ordered for another plan';
    if (!mayDecide(order.by, about.lane, order.n)) return `${order.by} might not order it`;
    if (began(run) === Infinity && !mayDecide(order.by, about.lane)) return `${order.by} may not order it any more`;
    if (order.expiresAt <= now && began(run) === Infinity) return 'the order has expired';
    if (now - (beganAt(run) ?? now) > thirtyDays) return 'the order has expired under way';
    return undefined;
  }

  /** Only what runs there, or was left there half way, can be undone. */
  function notUndoable(release: string, region: string): string | undefined {
    const outcome = end(release)?.outcome;
    if (!outcome || !['verified', 'unproven', 'halted'].includes(outcome)) return `${release} has ended ${outcome}`;
    const { lane } = asked(release)!;
    const firstRow = (of: string) => deeds('verified').find((row) => row.release === of)?.n ?? 0;
    const newer = placesOf(release)
      .filter((place) => place.region === region)
      .flatMap((place) => standing(place))
      .find((row) => row.release !== release && firstRow(row.release) > began(release));
    if (newer) return `${newer.release} was verified in ${region} since`;
    if (outcome !== 'halted') return undefined;
    const last = movesIn(lane, region).findLast(({ by }) => asked(by.workflowId) !== undefined);
    return last?.by.workflowId === release ? undefined : `${last?.by.workflowId} has changed ${region} since`;
  }

  /** All that an order is about: its regions, or those where the release was left. */
  function regionsOf(run: string): string[] {
    const order = orderOf(run);
    if (!order) return [];
    const isLeft = end(order.about)?.outcome === 'halted';
    const touched = movesOf(order.about).map(({ region }) => region);
    return order.regions ?? (isLeft ? [...new Set(touched)] : allRegions);
  }

  return { unapproved, calledOff, noFurther, orderOf, unordered, notUndoable, regionsOf };
}
