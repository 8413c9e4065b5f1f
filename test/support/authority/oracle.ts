import type { Effect, Event } from './events.ts';
import { artifactsOf, descends, nameOf, regions as allRegions } from './ground.ts';
import type { Lane } from './ground.ts';
import { createLedger } from './ledger.ts';
import { rulesOfEnds } from './oracle-ends.ts';
import { rulesOfLane } from './oracle-lane.ts';
import { rulesOfPeople } from './oracle-people.ts';

/** How far apart the clocks of those who look may be. */
const mostSkewMs = 10_000;

/**
 * Says what may happen, from the list of what people have really said and what steps have really done: written from the promises, and not
 * from the rules of the product. `judge` gives the reason why something may not.
 */
export function createOracle() {
  const ledger = createLedger();
  const { all, deeds, asked, end, began, planned, placesOf, standing, isVerifiedIn, movesOf, stands } = ledger;
  const { hasSeen, hasChosen, hadTurnIn } = ledger;
  const people = rulesOfPeople(ledger);
  const { refuseGrant, refuseRun } = rulesOfLane(ledger);
  const { refuseEnd, refuseRevoking } = rulesOfEnds(ledger, people);

  const commitOf = (run: string) => asked(run)?.commit ?? '';
  const contractingIn = (lane: Lane) =>
    deeds('migrated').filter((one) => one.contracting && nameOf(one.lane) === nameOf(lane));

  /** It was held against what runs there, and nobody else was verified or has migrated since. */
  function isStale(run: string, lane: Lane): string | undefined {
    const held = deeds('compared').findLast(({ release }) => release === run);
    if (!held || held.hash !== planned(run)?.hash) return 'its plan was not held against what runs there';
    const newer = deeds('verified').find(
      (row) => row.n > held.n && row.release !== run && nameOf(row.lane) === nameOf(lane),
    );
    if (newer) return `${newer.release} was verified since`;
    const other = deeds('migrated').find(
      (one) => one.n > held.n && one.by.workflowId !== run && nameOf(one.lane) === nameOf(lane),
    );
    return other && `${other.by.workflowId} has changed the schema since`;
  }

  function mayAct(effect: Effect, lane: Lane, now: number): string | undefined {
    const { workflowId } = effect.by;
    const request = asked(workflowId);
    if (!request) return 'nobody has asked for it';
    return people.unapproved(request, now) ?? refuseRun(effect, lane, now) ?? isStale(workflowId, lane);
  }

  function mayDeploy(effect: Effect & { image: string }, lane: Lane, now: number): string | undefined {
    const { workflowId } = effect.by;
    const refused = mayAct(effect, lane, now) ?? people.calledOff(workflowId) ?? people.noFurther(workflowId, now);
    if (refused !== undefined) return refused;
    const plan = planned(workflowId)!.plan;
    return plan.components.some(({ image }) => image === effect.image)
      ? undefined
      : `${effect.image} is not what was approved`;
  }

  /** How long ago all of it was seen well there first, and whether somebody has looked at the end: the time that the plan wants. */
  function bakes(run: string, region: string, now: number): string | undefined {
    const { waves } = planned(run)!.plan;
    const looks = waves.filter((wave) => wave.regions.includes(region)).flatMap(({ stages }) => stages);
    const bakeMs = looks.flatMap(({ observe }) => observe).reduce((sum, { forMs }) => sum + forMs, 0);
    const seen = placesOf(run)
      .filter((place) => place.region === region)
      .map((place) => ledger.looksAt(run, place, place.image).map((look) => look.now));
    const over = Math.max(...seen.map(([first = Infinity]) => first)) + bakeMs;
    if (bakeMs === 0) return undefined;
    if (over > now) return `${region} bakes`;
    return seen.every((times) => times.at(-1)! + mostSkewMs >= over) ? undefined : `${region} was not watched`;
  }

  /** Its migrations are there, and what goes before it was seen well. */
  function isReady(effect: Effect<'deployed'>, now: number): string | undefined {
    const run = effect.by.workflowId;
    const { plan } = planned(run)!;
    const wants = plan.migrations.some(({ pending }) => pending.length > 0);
    if (wants && !all('schema').some(({ lane }) => nameOf(lane) === nameOf(effect.lane))) return 'it is not migrated';
    if (wants && !all('saw-schema').some(({ by }) => by === run)) return `${run} has not looked at the schema`;
    if (hadTurnIn(run, effect.region)) return undefined;
    const turn = plan.waves.findIndex((wave) => wave.regions.includes(effect.region));
    const before = plan.waves.slice(0, turn).flatMap((wave) => wave.regions);
    const unseen = placesOf(run).find((place) => before.includes(place.region) && !hasSeen(run, place, place.image));
    if (unseen) return `${unseen.component} was not seen in ${unseen.region}`;
    return before.map((region) => bakes(run, region, now)).find((reason) => reason !== undefined);
  }

  function mayPutBack(effect: Effect<'put-back'>, now: number): string | undefined {
    const run = effect.by.workflowId;
    const { region, image, lane } = effect;
    const isRelease = asked(run) !== undefined;
    const about = isRelease ? run : people.orderOf(run)?.about;
    const refused = isRelease
      ? (mayAct(effect, lane, now) ?? (began(run) === Infinity ? people.calledOff(run) : undefined))
      : (people.unordered(run, region, now) ?? people.notUndoable(about!, region) ?? refuseRun(effect, lane, now));
    if (refused !== undefined) return refused;
    if (!hasChosen(run, effect, image)) return `nobody has chosen ${image}`;
    const rows = standing(effect);
    const known = rows.filter((row) => row.image === image);
    if (known.length === 0) return `${image} was never verified in ${region}`;
    if (rows.some(({ release }) => release === run)) return `it stays on record that ${run} is well in ${region}`;
    if (!movesOf(about!).some((one) => one.region === region) && rows.at(-1)?.image !== image)
      return `nothing was changed in ${region}`;
    const contracted = contractingIn(lane).findLast(({ n }) => n > known.at(-1)!.n);
    return contracted && `${contracted.by.workflowId} has taken from the schema what ${image} may need`;
  }

  /** It descends from all that is verified there, or its requester has said that it may be older; never than the schema. */
  function mayGoOver({ release }: Effect<'compared'>): string | undefined {
    const request = asked(release);
    if (!request) return 'nobody has asked for it';
    const { lane, commit, downgrade } = request;
    const components = [...new Set(deeds('verified').map(({ component }) => component))];
    const rows = allRegions.flatMap((region) =>
      components.flatMap((component) => standing({ lane, region, component }).slice(-1)),
    );
    const newer = rows.find((row) => !descends(commit, commitOf(row.release)));
    if (newer && !downgrade) return `${newer.release} is newer`;
    const { olderThanSchema = [] } = planned(release)?.plan ?? {};
    const taken = contractingIn(lane).find(
      ({ by, n }) =>
        !descends(commit, commitOf(by.workflowId)) &&
        !(rows.length > 0 && rows.every((row) => row.n > n && descends(commit, commitOf(row.release)))) &&
        !(downgrade && olderThanSchema.some((gap) => gap.releaseId === by.workflowId)),
    );
    return taken && `${taken.by.workflowId} has taken from the schema what it may need`;
  }

  function mayBePlanned({ by, release, plan }: Effect<'planned'>): string | undefined {
    const request = asked(release);
    if (!request || by.workflowId !== release) return `${by.workflowId} makes no plans for ${release}`;
    if (end(release)) return `${release} has ended`;
    if (began(release) < Infinity) return `${release} has changed something by the plan that it had`;
    const wanted = artifactsOf(request.lane, request.commit).map(({ image }) => image);
    const other = plan.components.find(({ image }) => !wanted.includes(image));
    return other && `${other.image} is not of ${request.commit}`;
  }

  /** Strangers' code in the environment, though it only looks: of a release that is open, and to which nobody has said no. */
  function mayLook({ by: { workflowId: run }, worker, lane }: Effect<'looked-by-job'>): string | undefined {
    const request = asked(run);
    if (!request || nameOf(request.lane) !== nameOf(lane)) return 'nobody has asked for it';
    if (worker !== lane.environment) return 'the worker serves another environment';
    return end(run) ? `${run} has ended` : people.calledOff(run);
  }

  function mayUse({ by, release, decisions }: Effect<'used'>): string | undefined {
    if (by.workflowId !== release || end(release)) return `${by.workflowId} uses up nothing of ${release}`;
    const approvals = all('said').filter(({ what, about }) => what === 'approve' && about === release);
    const other = decisions.find((id) => !approvals.some((said) => said.id === id));
    return other && `${other} is no approval of ${release}`;
  }

  function judge(effect: Effect, now: number): string | undefined {
    switch (effect.what) {
      case 'deployed': {
        const planOf = placesOf(effect.by.workflowId).find(
          ({ region, component }) => region === effect.region && component === effect.component,
        );
        return (
          mayDeploy(effect, effect.lane, now) ??
          (planOf?.image === effect.image ? isReady(effect, now) : `${effect.image} is not planned there`)
        );
      }
      case 'put-back':
        return mayPutBack(effect, now);
      case 'migrated':
        return mayDeploy(effect, effect.lane, now);
      case 'looked-by-job':
        return mayLook(effect);
      case 'tagged': {
        const request = asked(effect.by.workflowId);
        const refused = request ? mayDeploy(effect, request.lane, now) : 'nobody has asked for it';
        const isMoving = effect.tag === 'latest';
        if (refused !== undefined || !isMoving) return refused;
        const open = allRegions.find((region) => !isVerifiedIn(effect.by.workflowId, region));
        return open && `it is not verified in ${open}`;
      }
      case 'verified': {
        const run = effect.by.workflowId;
        if (effect.release !== run) return 'it speaks for another';
        if (stands(effect) !== effect.image) return `${effect.region} runs ${stands(effect)}`;
        if (!hasSeen(run, effect, effect.image)) return `${run} has not seen it in ${effect.region}`;
        return mayDeploy(effect, effect.lane, now) ?? bakes(run, effect.region, now);
      }
      case 'revoked':
        return refuseRevoking(effect);
      case 'used':
        return mayUse(effect);
      case 'planned':
        return mayBePlanned(effect);
      case 'compared':
        return mayGoOver(effect);
      case 'let-in':
        return refuseGrant(effect, now);
      case 'ended':
        return refuseEnd(effect);
    }
  }
  return { tell: (event: Event, now: number) => ledger.hear(event, now), judge, end, ledger };
}
