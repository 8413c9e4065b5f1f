import type { Effect } from './events.ts';
import type { Ledger } from './ledger.ts';
import type { rulesOfPeople } from './oracle-people.ts';

/** What may be said of a run when it ends: only what has happened. */
export function rulesOfEnds(ledger: Ledger, { orderOf, regionsOf }: ReturnType<typeof rulesOfPeople>) {
  const { all, asked, began, planned, placesOf, isVerifiedIn, movesOf, stands, hasSeen, hasChosen, end } = ledger;

  /** What the run, or the release that it undoes, has changed there is what the engine has chosen, and was seen since. */
  function isBackIn(run: string, region: string): boolean {
    const about = orderOf(run)?.about ?? run;
    const changed = placesOf(about).filter(
      (place) =>
        place.region === region &&
        [...movesOf(about), ...movesOf(run)].some((one) => one.region === region && one.component === place.component),
    );
    // Also where it never left: another attempt of a commit has the same images.
    const isBack = (place: (typeof changed)[number]) => {
      const now = stands(place);
      return now !== undefined && hasChosen(run, place, now) && hasSeen(run, place, now);
    };
    return changed.length > 0 && changed.every(isBack);
  }

  function isBackEverywhere(run: string): boolean {
    const isRelease = asked(run) !== undefined;
    const changed = [...new Set(movesOf(run).map(({ region }) => region))];
    const wanted = isRelease ? changed : regionsOf(run);
    const stays = (region: string) => isRelease && isVerifiedIn(run, region);
    return wanted.length > 0 && wanted.every((region) => stays(region) || isBackIn(run, region));
  }

  function isDeployedEverywhere(run: string): boolean {
    const moves = movesOf(run);
    return placesOf(run).every((place) =>
      moves.some((one) => one.region === place.region && one.component === place.component),
    );
  }

  function refuseOutcome(run: string, outcome: string): string | undefined {
    switch (outcome) {
      case 'halted':
        return undefined;
      case 'verified': {
        const regions = [...new Set(placesOf(run).map(({ region }) => region))];
        const isAll = regions.length > 0 && regions.every((region) => isVerifiedIn(run, region));
        return isAll ? undefined : 'it was not verified everywhere';
      }
      case 'unproven': {
        const mayBe = planned(run)?.plan.onFailure.onInconclusive === 'go-on';
        return mayBe && isDeployedEverywhere(run) ? undefined : 'it was not deployed everywhere, or must be proven';
      }
      case 'rolled-back':
        return isBackEverywhere(run) ? undefined : 'not all of it is back';
      default:
        return began(run) === Infinity ? undefined : 'it has changed something';
    }
  }

  /** The run says it itself; or its lane, of one whose workflow is gone: then nobody knows, and it is halted. */
  function refuseEnd({ by, run, outcome }: Effect<'ended'>): string | undefined {
    const isLane = by.workflowId !== run;
    if (!asked(run) && !orderOf(run) && began(run) === Infinity) return `nobody has started ${run}`;
    if (isLane && all('at-work').findLast((event) => event.run === run)?.isOpen) return `${run} is still at work`;
    if (isLane && outcome !== 'halted') return `${by.workflowId} does not know how ${run} has ended`;
    return refuseOutcome(run, outcome);
  }

  /** Where it has changed something, with its end, and in the release that it is about. Of a run that was lost whoever records that does it. */
  function refuseRevoking({ by, release, regions, step }: Effect<'revoked'>): string | undefined {
    const own = [by.workflowId, ...lostIn(step)];
    const refused = own.map((run) => refuseTakingBack(run, { release, regions, step }));
    return refused.includes(undefined) ? undefined : refused[0];
  }

  /** Runs that have changed something, of which nothing was known in this step but that they are at work no more. */
  function lostIn(step: number): string[] {
    const runs = new Set([...all('asked'), ...all('ordered'), ...all('broken')].map(({ run }) => run));
    const isOpen = (run: string) => all('at-work').findLast((event) => event.run === run)?.isOpen;
    return [...runs].filter((run) => isOpen(run) === false && (end(run)?.step ?? step) === step);
  }

  function refuseTakingBack(
    run: string,
    { release, regions, step }: Pick<Effect<'revoked'>, 'release' | 'regions' | 'step'>,
  ): string | undefined {
    if (release !== (orderOf(run)?.about ?? run) || !asked(release)) return `${run} has nothing to do with ${release}`;
    const ended = end(run);
    if (ended && ended.step !== step) return `${run} had ended before`;
    const beyond = regions.find((region) => !movesOf(run).some((one) => one.region === region));
    return beyond && `${run} has changed nothing in ${beyond}`;
  }

  return { refuseEnd, refuseRevoking };
}
