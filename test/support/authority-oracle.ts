import type { Identity } from '../../domain/contract/release.ts';
import { authorsOf, nameOf, people, planFor, regions as allRegions } from './authority-ground.ts';
import type { Lane, PolicyState } from './authority-ground.ts';

/** What was really said, asked for and seen, in its order; and what has happened. */
export type Event =
  | { kind: 'asked'; run: string; lane: Lane; commit: string; by: string }
  | { kind: 'said'; what: string; id: string; about: string; planHash: string; by: string }
  | { kind: 'void'; id: string }
  | {
      kind: 'ordered';
      id: string;
      run: string;
      about: string;
      planHash: string;
      by: string;
      regions?: string[];
      expiresAt: number;
    }
  | { kind: 'broken'; run: string; about: string; regions: string[] }
  | { kind: 'frozen'; id: string; lane: Lane; until?: number }
  | { kind: 'thawed'; lifts: string }
  | { kind: 'cleared'; of: string }
  | { kind: 'policy'; policy: PolicyState }
  | { kind: 'let-in'; lane: Lane; run: string | undefined; ticket: string }
  | { kind: 'ended'; run: string; outcome: string }
  | Effect;

interface Place {
  lane: Lane;
  region: string;
  component: string;
}
/** Something that was changed, and the workflow that Temporal says has scheduled it. `worker`: the environment that the worker serves. */
export type Effect = { kind: 'effect'; by: { workflowId: string; runId: string; type: string }; worker?: string } & (
  | ({ what: 'deployed' | 'put-back'; image: string } & Place)
  | { what: 'migrated'; lane: Lane; image: string }
  | { what: 'tagged'; image: string }
  | ({ what: 'verified'; release: string; image: string; stands: string | undefined } & Place)
  | { what: 'revoked'; release: string; regions: string[] }
  | { what: 'called-verified'; release: string }
);
type Row = Extract<Effect, { what: 'verified' }>;

type Timed = Event & { n: number; now: number };
type Of<Kind extends Event['kind']> = Extract<Timed, { kind: Kind }>;

/**
 * What steps are known to let through. `seen before another run`: what a release has seen in a region counts for it also when another run has
 * changed that region since, and the lane was made to let the first one in again.
 */
export type KnownHole = 'seen before another run';

/**
 * Says which effects may happen, from the list of what people have really said: written from the promises, and not from the rules of the
 * product. `judge` gives the reason why an effect may not.
 */
export function createOracle({ passesOver = [] }: { passesOver?: readonly KnownHole[] } = {}) {
  const isPassedOver = (hole: KnownHole) => passesOver.includes(hole);
  const log: Timed[] = [];
  let present = 0;
  const all = <Kind extends Event['kind']>(kind: Kind) => log.filter((event): event is Of<Kind> => event.kind === kind);
  const effects = () => all('effect');
  const tell = (event: Event, now: number) => void log.push({ ...event, n: log.length, now });

  const askedAs = (run: string) => all('asked').find((event) => event.run === run);
  const isVoid = (id: string) => all('void').some((event) => event.id === id);
  const endOf = (run: string) => all('ended').find((event) => event.run === run);
  const firstEffectOf = (run: string) => effects().find(({ by, what }) => by.workflowId === run && changes(what))?.n;
  const policy = () => all('policy').at(-1)!.policy;
  const who = (id: string): Identity => people.find((one) => one.id === id)!;
  const isIn = (id: string, groups: readonly string[]) => who(id).groups.some((group) => groups.includes(group));
  const isStrict = ({ environment }: Lane) => environment === 'production';
  const mayDecide = (id: string, lane: Lane) =>
    !isStrict(lane) || (isIn(id, policy().groups) && isIn(id, ['approvers']));
  /** Rejecting is theirs also where no approval is asked for; anybody may be one who aborts there. */
  const isApprover = (id: string) => isIn(id, policy().groups) && isIn(id, ['approvers']);
  const hashOf = ({ lane, commit }: Of<'asked'>) => planFor(lane, commit).hash;

  function unapproved(asked: Of<'asked'>): string | undefined {
    if (!isStrict(asked.lane)) return undefined;
    const isDepot = asked.lane.service === 'depot';
    const good = all('said')
      .filter(({ what, about, planHash }) => what === 'approve' && about === asked.run && planHash === hashOf(asked))
      .filter(({ id, by }) => !isVoid(id) && by !== asked.by && mayDecide(by, asked.lane))
      .filter(({ by }) => !isDepot || !authorsOf(asked.commit).includes(`${by}@shop.test`));
    const wanted = Math.max(policy().quorum, isDepot ? 2 : 1);
    const found = new Set(good.map(({ by }) => by)).size;
    return found < wanted ? `${found} of ${wanted} have approved ${asked.run}` : undefined;
  }

  /** A no that came before anything was changed. */
  function calledOff(asked: Of<'asked'>): string | undefined {
    const began = firstEffectOf(asked.run) ?? Infinity;
    const no = all('said').find(
      ({ n, what, about, planHash, by }) =>
        n < began &&
        about === asked.run &&
        ((what === 'reject' && planHash === hashOf(asked) && isApprover(by)) ||
          (what === 'abort' && (by === asked.by || mayDecide(by, asked.lane)))),
    );
    return no && `${no.by} has said no to ${asked.run}`;
  }

  function outOfLane(run: string, lane: Lane): string | undefined {
    const grants = all('let-in').filter((event) => nameOf(event.lane) === nameOf(lane));
    const last = grants.at(-1);
    if (last?.run !== run) return `${run} does not hold the lane`;
    if (run.startsWith('rollback/')) return undefined;
    const before = grants.findLastIndex((grant) => grant.run !== run || grant.ticket !== last.ticket);
    const since = grants[before + 1]!.n;
    const now = log.length;
    const frozen = all('frozen').find(
      (event) =>
        event.n < since &&
        nameOf(event.lane) === nameOf(lane) &&
        (event.until ?? Infinity) > clock() &&
        !all('thawed').some(({ n, lifts }) => lifts === event.id && n > event.n && n < now),
    );
    if (frozen) return `${nameOf(lane)} was frozen when ${run} was let in`;
    const held = all('ended').find((end) => end.n < since && leavesHold(end, lane) && !isCleared(end));
    return held && `${held.run} had left a hold when ${run} was let in`;
  }
  const clock = () => present;
  const isCleared = (end: Of<'ended'>) => all('cleared').some(({ n, of }) => of === end.run && n > end.n);

  /** It had changed something, and is not well everywhere. */
  function leavesHold({ run, n }: Of<'ended'>, lane: Lane): boolean {
    if (run.split('/').slice(1, 3).join('/') !== nameOf(lane) || (firstEffectOf(run) ?? Infinity) > n) return false;
    const asked = askedAs(run);
    return !asked || !(mayBeUnproven(asked) || isVerifiedAll(asked, n));
  }
  const mayBeUnproven = ({ lane, commit }: Of<'asked'>) => lane.service === 'depot' && commit.startsWith('c');
  const placesOf = ({ lane, commit }: Of<'asked'>) =>
    allRegions.flatMap((region) =>
      planFor(lane, commit).plan.components.map(({ name, image }) => ({ lane, region, component: name, image })),
    );

  /** What is on record as verified in a place, newest last, without what was revoked. */
  function standing({ lane, region, component }: Place, until = Infinity): Row[] {
    const rows = effects().filter((e): e is Row & Of<'effect'> => e.what === 'verified' && e.n < until);
    const revoked = effects().filter((e) => e.what === 'revoked' && e.n < until);
    return rows
      .filter((row) => nameOf(row.lane) === nameOf(lane) && row.region === region && row.component === component)
      .filter(
        (row) => !revoked.some((e) => e.what === 'revoked' && e.release === row.release && e.regions.includes(region)),
      );
  }
  const isVerifiedAll = (asked: Of<'asked'>, until?: number) =>
    placesOf(asked).every((place) => standing(place, until).some(({ release }) => release === asked.run));

  function mayGoOn(effect: Effect, lane: Lane): string | undefined {
    const { workflowId, runId } = effect.by;
    const other = effects().find(({ by, what }) => by.workflowId === workflowId && by.runId !== runId && changes(what));
    if (other) return `${workflowId} goes on in another of Temporal's runs`;
    if (endOf(workflowId)) return `${workflowId} has ended`;
    if (effect.worker !== undefined && effect.worker !== lane.environment)
      return 'the worker serves another environment';
    if (lane.service === 'shop' && !policy().shop) return 'the policy does not let the shop in';
    return outOfLane(workflowId, lane);
  }

  function mayAct(effect: Effect, lane: Lane): string | undefined {
    const asked = askedAs(effect.by.workflowId);
    if (!asked || effect.by.type !== 'deployRelease' || nameOf(asked.lane) !== nameOf(lane))
      return 'nobody has asked for it';
    return unapproved(asked) ?? mayGoOn(effect, lane);
  }

  function mayDeploy(effect: Effect, lane: Lane, component: string | undefined, image: string): string | undefined {
    const asked = askedAs(effect.by.workflowId);
    const refused = mayAct(effect, lane) ?? calledOff(asked!);
    if (refused !== undefined) return refused;
    const planned = planFor(lane, asked!.commit).plan.components.find(({ name }) => name === (component ?? 'core'));
    return planned?.image === image ? undefined : `${image} is not what was approved`;
  }

  /** What stands there; or what ever did, where that is passed over. */
  function stood({ lane, region, component }: Place): string[] {
    const images = effects().flatMap((e) => {
      const isHere = (e.what === 'deployed' || e.what === 'put-back') && nameOf(e.lane) === nameOf(lane);
      return isHere && e.region === region && e.component === component ? [e.image] : [];
    });
    return isPassedOver('seen before another run') ? images : images.slice(-1);
  }

  /** In the shop, de goes first. */
  function itsTurn(effect: Effect & { what: 'deployed' }): string | undefined {
    const asked = askedAs(effect.by.workflowId)!;
    if (asked.lane.service !== 'shop' || effect.region === 'de') return undefined;
    const hasBegun = effects().some(
      (e) =>
        e.by.workflowId === asked.run && (e.what === 'deployed' || e.what === 'put-back') && e.region === effect.region,
    );
    const isThere = placesOf(asked)
      .filter(({ region }) => region === 'de')
      .every((place) => stood(place).includes(place.image));
    return hasBegun || isThere ? undefined : 'de does not run it yet';
  }

  /** The run has an order of somebody who may, about a release that has ended and was not followed by another. */
  function orderedFor(run: string, region: string): string | undefined {
    const order = all('ordered').find((event) => event.run === run && !isVoid(event.id));
    const breach = all('broken').find((event) => event.run === run);
    const about = (order ?? breach)?.about;
    const asked = about === undefined ? undefined : askedAs(about);
    if (!asked) return 'nobody has ordered it';
    if (!((order ?? breach)!.regions?.includes(region) ?? true)) return `${region} was not ordered`;
    if (order && order.planHash !== hashOf(asked)) return 'it was ordered for another plan';
    if (order && !mayDecide(order.by, asked.lane)) return `${order.by} may not order it`;
    if (order && order.expiresAt <= clock() && firstEffectOf(run) === undefined) return 'the order has expired';
    if (!order && !policy().rollBackOnBreach) return 'the policy wants a person';
    if (!order && !asked.commit.startsWith('c')) return 'the plan wants a person';
    return order ? undefined : unapproved(asked);
  }

  function mayUndo(about: string, region: string): string | undefined {
    const end = endOf(about);
    if (!end || !['verified', 'unproven', 'halted'].includes(end.outcome)) return `${about} has ended ${end?.outcome}`;
    const began = firstEffectOf(about) ?? -1;
    const { lane } = askedAs(about)!;
    const newer = placesOf(askedAs(about)!)
      .filter((place) => place.region === region)
      .flatMap((place) => standing({ ...place, lane }))
      .find(
        ({ release }) =>
          release !== about && (effects().find((e) => e.what === 'verified' && e.release === release)?.n ?? 0) > began,
      );
    return newer && `${newer.release} was verified in ${region} since`;
  }

  function mayPutBack(effect: Effect & { what: 'put-back' }): string | undefined {
    const { workflowId, type } = effect.by;
    const isRelease = askedAs(workflowId) !== undefined;
    const about = isRelease
      ? workflowId
      : [...all('ordered'), ...all('broken')].find(({ run }) => run === workflowId)?.about;
    const refused = isRelease
      ? (mayAct(effect, effect.lane) ??
        (firstEffectOf(workflowId) === undefined ? calledOff(askedAs(workflowId)!) : undefined))
      : type !== 'rollBackRelease'
        ? 'it is no rollback'
        : (orderedFor(workflowId, effect.region) ?? mayUndo(about!, effect.region) ?? mayGoOn(effect, effect.lane));
    if (refused !== undefined) return refused;
    const rows = standing(effect);
    const isHere = nameOf(askedAs(about!)!.lane) === nameOf(effect.lane);
    return isHere && rows.some(({ image }) => image === effect.image)
      ? undefined
      : `${effect.image} was never verified in ${effect.region}`;
  }

  function mayRevoke(effect: Effect & { what: 'revoked' }): string | undefined {
    const run = effect.by.workflowId;
    if (run === effect.release) return askedAs(run) ? undefined : 'nobody has asked for it';
    const about = [...all('ordered'), ...all('broken')].find((event) => event.run === run)?.about;
    if (about !== effect.release) return `it was not ordered for ${effect.release}`;
    return effect.regions.map((region) => orderedFor(run, region)).find((reason) => reason !== undefined);
  }

  function judge(effect: Effect, now: number): string | undefined {
    present = now;
    switch (effect.what) {
      case 'deployed':
        return (
          mayDeploy(effect, effect.lane, effect.component, effect.image) ?? itsTurn({ ...effect, what: 'deployed' })
        );
      case 'put-back':
        return mayPutBack({ ...effect, what: 'put-back' });
      case 'migrated':
        return mayDeploy(effect, effect.lane, undefined, effect.image);
      case 'tagged': {
        const asked = askedAs(effect.by.workflowId);
        if (!asked) return 'nobody has asked for it';
        const component = effect.image.includes('/web@') ? 'web' : 'core';
        return mayDeploy(effect, asked.lane, component, effect.image);
      }
      case 'verified':
        if (effect.release !== effect.by.workflowId) return 'it speaks for another';
        if (effect.stands !== effect.image && !isPassedOver('seen before another run'))
          return `${effect.region} runs ${effect.stands}`;
        return mayDeploy(effect, effect.lane, effect.component, effect.image);
      case 'revoked':
        return mayRevoke(effect);
      case 'called-verified': {
        const asked = askedAs(effect.release);
        return asked && isVerifiedAll(asked) ? undefined : `${effect.release} was not verified everywhere`;
      }
    }
  }
  return { tell, judge, endOf, log };
}

/** Whether it changes where things run, and does not only say something of it. */
function changes(what: Effect['what']): boolean {
  return what === 'deployed' || what === 'put-back' || what === 'migrated';
}
