import { laneInPath, laneOfRun } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { LaneClosed, LaneOverview, Overview } from '../../domain/contract/overview.ts';
import type { LaneClosure } from '../../domain/contract/lane.ts';
import { reasonInWords } from '../../domain/lane-closures.ts';
import { environmentsInOrder } from '../../domain/environment-order.ts';
import type { Sight } from '../../domain/contract/rights.ts';
import { isInSight } from '../../domain/rights.ts';
import { head } from '../../domain/whole-text.ts';
import type { GatewayParts } from './calls.ts';
import { answerOf } from './errors.ts';
import type { ClosuresOfMany, ClosuresSeen } from './closures-of-many.ts';
import { clearedBy } from './mine.ts';
import { behindIn, regionsInLanes, withAskers } from './overview-lanes.ts';
import type { Order } from './overview-lanes.ts';
import { openRuns, withMine } from './overview-runs.ts';
import type { RunsSeen } from './overview-runs.ts';
import type { Asker } from './rights.ts';
import type { RunStates } from './run-states.ts';

/** What an answer has at most: two hundred services in five environments. */
const mostLanes = 1_000;
const mostClosures = 5;
const mostReason = 300;
const mostHolds = 100;

interface Looking {
  states: RunStates;
  closures: ClosuresOfMany;
}

/** What somebody sees, whoever they are: many have the same page open. */
export interface Look extends Omit<Overview, 'runs' | 'holdsForMe'> {
  open: RunsSeen;
}

/** A look, with what of it waits for whoever asks. */
export async function overviewFor(parts: GatewayParts, asker: Asker, { open, ...look }: Look): Promise<Overview> {
  const [runs, holds] = await Promise.all([withMine(asker, open), holdsFor(parts, asker, look.lanes)]);
  return { ...look, runs, ...(holds.length > 0 && { holdsForMe: holds }) };
}

/** A hold waits for whoever may clear it. */
function holdsFor(parts: GatewayParts, asker: Asker, lanes: readonly LaneOverview[]): Promise<LaneKey[]> {
  const held = lanes.filter(({ closed = [] }) => closed.some(({ kind }) => kind === 'hold'));
  return clearedBy(parts, asker, held.slice(0, mostHolds).map(keyOf));
}

/** All that those may look at who see so much. Of lanes each question is asked once for all of them. */
export async function lookAtAll(parts: GatewayParts, sight: Sight, { states, closures }: Looking): Promise<Look> {
  const among = sight === 'everything' ? undefined : sight;
  const inPolicy = await parts.pipeline.lanes();
  const [seen, open] = await Promise.all([lanesSeen(parts, inPolicy, among), openRuns(parts, { among, states })]);
  const known = [...seen, ...lanesOf(open.runs)];
  const environments = inOrder(known, environmentsInOrder(inPolicy));
  const all = sorted(known, environments);
  const lanes = all.slice(0, mostLanes);
  const unseen = openInWords(open);
  const { shown, unread } = await lanesShown(parts, lanes, { inPolicy, sight, closures });
  return {
    at: parts.now(),
    environments,
    lanes: shown,
    ...(all.length > lanes.length && { moreLanes: all.length - lanes.length }),
    open,
    ...(open.isMore && { moreRuns: true }),
    ...(unread.length + unseen.length > 0 && { unseen: [...unread, ...unseen] }),
  };
}

/** What runs where, how far it is behind, and what closes each. `unread`: what of it could not be told. */
async function lanesShown(
  parts: GatewayParts,
  lanes: readonly LaneKey[],
  { inPolicy, sight, closures }: { inPolicy: readonly LaneKey[]; sight: Sight; closures: Looking['closures'] },
): Promise<{ shown: LaneOverview[]; unread: string[] }> {
  const closed = closures(lanes).catch((error: unknown) => answerOf(error).body.message);
  const regions = await regionsInLanes(parts, lanes);
  const order: Order = {
    environments: environmentsInOrder(inPolicy),
    of: (service) => inPolicy.filter((lane) => lane.service === service).map(({ environment }) => environment),
    isSeen: (lane) => isInSight(sight, lane),
  };
  const [named, behind, closing] = await Promise.all([
    withAskers(parts, regions),
    behindIn(parts, regions, { lanes, order }),
    closed,
  ]);
  const shown = lanes.map((lane): LaneOverview => {
    const isClosedBy = typeof closing === 'string' ? undefined : closing.closed.get(laneInPath(lane));
    const there = (regions.get(laneInPath(lane)) ?? []).map((region) => {
      const { release } = region;
      const isBehind = release && behind(lane, release.commit);
      return { ...region, ...(release && { release: named(release) }), ...(isBehind && { behind: isBehind }) };
    });
    return { ...lane, regions: there, ...(isClosedBy && { closed: closedInShort(isClosedBy) }) };
  });
  return { shown, unread: closingInWords(closing) };
}

/** Of the policy, and on record: whoever may look at everything looks at what the policy has no more, too. */
async function lanesSeen(
  { records }: GatewayParts,
  inPolicy: readonly LaneKey[],
  among: readonly LaneKey[] | undefined,
): Promise<LaneKey[]> {
  if (among) return among.map(keyOf);
  return [...inPolicy.map(keyOf), ...(await records.lanesAtOnce.used(mostLanes))];
}

const keyOf = ({ service, environment }: LaneKey): LaneKey => ({ service, environment });

function lanesOf(runs: RunsSeen['runs']): LaneKey[] {
  return runs.flatMap(({ releaseId }) => laneOfRun(releaseId) ?? []);
}

function inOrder(lanes: readonly LaneKey[], known: readonly string[]): string[] {
  const seen = new Set(lanes.map(({ environment }) => environment));
  const others = [...seen].filter((environment) => !known.includes(environment)).sort();
  return [...known.filter((environment) => seen.has(environment)), ...others];
}

/** Each once. */
function sorted(lanes: readonly LaneKey[], environments: readonly string[]): LaneKey[] {
  const once = [...new Map(lanes.map((lane) => [laneInPath(lane), lane])).values()];
  const at = ({ environment }: LaneKey) => environments.indexOf(environment);
  return once.sort((a, b) => (a.service === b.service ? at(a) - at(b) : a.service < b.service ? -1 : 1));
}

/** The newest first. One hold is among them, if there is one: a row has room for no more than what says most. */
function closedInShort(closures: readonly LaneClosure[]): LaneClosed[] {
  const newest = closures.toSorted((one, other) => other.from - one.from);
  const hold = newest.find(({ kind }) => kind === 'hold');
  const shown = new Set([...(hold ? [hold] : []), ...newest].slice(0, mostClosures));
  return newest
    .filter((closure) => shown.has(closure))
    .map((closure) => {
      const { kind, by, from, until } = closure;
      const reason = head(reasonInWords(closure), mostReason);
      return { kind, by, from, reason, ...(until !== undefined && { until }) };
    });
}

function closingInWords(closing: ClosuresSeen | string): string[] {
  if (typeof closing === 'string') return [`What closes the lanes could not be read: ${closing}.`];
  const { unread, tooMuch } = closing;
  const [first] = tooMuch;
  const others = tooMuch.length > 1 ? ` (and ${tooMuch.length - 1} more)` : '';
  return [
    ...(unread.length > 0 ? [`What closes ${unread.length} of the lanes has not been read yet: ask again.`] : []),
    ...(first === undefined
      ? []
      : [`What closes ${first}${others} is not known: there is more on record than can be read (SLIP-REC-8).`]),
  ];
}

/** Of what it is not known whether it waits for whoever asks. */
function openInWords({ unjudged, untold, isMore }: RunsSeen): string[] {
  const [stand, wait] = untold === 1 ? ['open run stands', 'it waits'] : ['open runs stand', 'they wait'];
  return [
    ...(untold > 0 ? [`How ${untold} ${stand} was not said in time: whether ${wait} for you is not known.`] : []),
    ...(unjudged > 0
      ? [`Whether ${unjudged} more runs wait for you was not looked at: there are too many that wait.`]
      : []),
    ...(isMore ? ['Whether older open runs wait for you was not looked at: there are too many that are open.'] : []),
  ];
}
