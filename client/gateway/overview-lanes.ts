import { leftBehindIn } from '../../activities/steps/left-behind.ts';
import { mostChanged } from '../../activities/records/port.ts';
import type { LeftBehind } from '../../domain/contract/gateway.ts';
import { laneInPath, laneOfRun } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Behind, RegionOverview, VerifiedThere } from '../../domain/contract/overview.ts';
import { stillToTell } from '../../domain/left-behind.ts';
import { environmentBefore } from '../../domain/environment-order.ts';
import { regionsOf } from '../../domain/overview.ts';
import type { LastVerified } from '../../domain/overview.ts';
import type { GatewayParts } from './calls.ts';
import { answerOf } from './errors.ts';

/** Of so many lanes in which something was begun since it was verified the runs are asked what they have left there; the others are not known. */
const mostAsked = 100;

/** What runs where by the records, of all of these lanes: by how each stands in paths. */
export async function regionsInLanes(
  { records }: GatewayParts,
  lanes: readonly LaneKey[],
): Promise<ReadonlyMap<string, RegionOverview[]>> {
  const places = Map.groupBy(await records.lanesAtOnce.places(lanes), ({ last }) => laneInPath(last));
  const standing = lanes.map((lane) => ({ lane, places: places.get(laneInPath(lane)) ?? [] }));
  const changed = Map.groupBy(
    await records.lanesAtOnce.changedSince(standing.map(({ lane, places: own }) => ({ ...lane, since: sinceOf(own) }))),
    ({ workflowId }) => laneInPath(laneOfRun(workflowId) ?? { service: '', environment: '' }),
  );
  const asked = standing.filter(({ lane, places: own }) => {
    const runs = changed.get(laneInPath(lane)) ?? [];
    // Where there are as many, there may be more.
    return runs.length >= mostChanged || stillToTell(currentOf(own)).among(runs).length > 0;
  });
  const left = new Map<string, LeftBehind[] | string>();
  for (const [at, { lane, places: own }] of asked.entries()) {
    const name = laneInPath(lane);
    if (at >= mostAsked)
      left.set(
        name,
        'what runs have left there was not looked at: there are too many lanes in which something was begun',
      );
    else
      left.set(
        name,
        await leftBehindIn(records, lane, currentOf(own)).catch((error: unknown) => answerOf(error).body.message),
      );
  }
  return new Map(
    standing.map(({ lane, places: own }) => {
      const found = left.get(laneInPath(lane)) ?? [];
      if (typeof found !== 'string') return [laneInPath(lane), regionsOf(own, found)];
      return [laneInPath(lane), regionsOf(own, []).map((region) => ({ ...region, state: 'unknown', why: found }))];
    }),
  );
}

const currentOf = (places: readonly LastVerified[]) => places.flatMap(({ current }) => current ?? []);

/** As whoever looks at one lane has it. */
function sinceOf(places: readonly LastVerified[]): number {
  const times = currentOf(places).map(({ verifiedAt }) => verifiedAt);
  return times.length === 0 ? 0 : times.reduce((first, at) => Math.min(first, at));
}

/** By numbers, and by whom: what people call a release by. */
export async function withAskers(
  { records }: GatewayParts,
  regions: ReadonlyMap<string, RegionOverview[]>,
): Promise<(release: VerifiedThere) => VerifiedThere> {
  const ids = [...regions.values()].flat().flatMap(({ release }) => release?.releaseId ?? []);
  const asked = await records.lanesAtOnce.askedFor([...new Set(ids)]);
  const byId = new Map(asked.map(({ releaseId, number, by }) => [releaseId, { number, requestedBy: by }]));
  return (release) => ({ ...release, ...byId.get(release.releaseId) });
}

export interface Order {
  environments: readonly string[];
  /** Where the policy has that service. */
  of(service: string): readonly string[];
  /** What whoever asks may look at. */
  isSeen(lane: LaneKey): boolean;
}

/** How far what is verified somewhere is behind the environment before it. */
export async function behindIn(
  { records }: GatewayParts,
  regions: ReadonlyMap<string, RegionOverview[]>,
  { lanes, order }: { lanes: readonly LaneKey[]; order: Order },
): Promise<(lane: LaneKey, commit: string) => Behind | undefined> {
  const asked = new Map<string, LaneKey & { commit: string }>();
  const keyOf = (lane: LaneKey, commit: string) => `${laneInPath(lane)} ${commit}`;
  for (const lane of lanes) {
    const { service } = lane;
    const environment = environmentBefore(order.environments, order.of(service), lane.environment);
    if (environment === undefined || !order.isSeen({ service, environment })) continue;
    for (const { release } of regions.get(laneInPath(lane)) ?? [])
      if (release) asked.set(keyOf(lane, release.commit), { service, environment, commit: release.commit });
  }
  const since = await records.lanesAtOnce.verifiedSince([...asked.values()]);
  const told = new Map(
    [...asked].map(([key, { environment }], at) => [key, { environment, releases: since[at] ?? 0 }]),
  );
  return (lane, commit) => {
    const behind = told.get(keyOf(lane, commit));
    return behind && behind.releases > 0 ? behind : undefined;
  };
}
