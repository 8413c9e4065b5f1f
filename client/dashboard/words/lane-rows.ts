import type { LaneView, LeftBehind, ReleaseRow } from '../../../domain/contract/gateway.ts';
import type { VerifiedRelease } from '../../../domain/contract/release.ts';
import { shortDigest } from '../../../domain/images.ts';
import { leftInWords } from '../../../domain/left-behind.ts';
import { shortName } from '../../../domain/short-names.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence } from '../../../domain/whole-text.ts';
import { plural } from '../../cli/words.ts';
import { byInWords } from './lane-closed.ts';
import { claimersOf, isLetPast, runInWords } from './lane-now.ts';
import type { LaneNow } from './lane-now.ts';
import { shownRecord, shownRun, unknown } from './states.ts';
import type { Shown } from './states.ts';

/** A run in the queue: what the list of open runs says of it beside its place. */
export interface QueueRow {
  place: number;
  releaseId: string;
  name: string;
  commit?: string;
  by?: string;
  shown: Shown;
  waitsFor: string;
  who?: string;
  until?: number;
  since?: number;
}

/** In the order in which the lane lets them in, as far as they have claimed it. */
export function queueRows(lane: LaneNow, open: readonly ReleaseRow[]): QueueRow[] {
  const rows = new Map(open.map((row) => [row.releaseId, row]));
  // Those who have only a place are let in by nobody yet.
  const claimers = claimersOf(lane);
  const queue = [...claimers, ...lane.queue.filter(({ isClaiming }) => !isClaiming)];
  return queue.map(({ releaseId, isClaiming, joinedAt }, at) => {
    const row = rows.get(releaseId);
    const { waitingFor: waiting, doing } = row?.state ?? {};
    // Of one that has claimed the lane it is known here what keeps it out.
    const waitingFor = isClaiming ? undefined : waiting;
    const own = isClaiming ? keptOutBy(lane, releaseId) : (waitingFor?.what ?? doing ?? 'on its way');
    return {
      place: at + 1,
      releaseId,
      name: row ? shortName(row) : runInWords(releaseId),
      ...(row && { commit: row.commit, by: visible(row.requestedBy) }),
      shown: shownRun({ ...row, open: true }),
      waitsFor: visible(firstSentence(own)),
      ...(waitingFor && { who: visible(waitingFor.who) }),
      ...(waitingFor?.until !== undefined && { until: waitingFor.until }),
      ...(joinedAt !== undefined && { since: joinedAt }),
    };
  });
}

/** What a run that is ready waits for, in the order in which it goes. */
function keptOutBy(lane: LaneNow, releaseId: string): string {
  const { closures, holder } = lane;
  const closing = closures.filter((one) => !isLetPast(releaseId, [one]));
  const [ahead] = claimersOf(lane);
  const before = ahead && ahead.releaseId !== releaseId ? [runInWords(ahead.releaseId)] : [];
  // Whom nothing closes out goes whatever becomes of what does so to others.
  const isPast = ahead !== undefined && isLetPast(ahead.releaseId, closures);
  const all = [
    ...(holder ? [`${runInWords(holder.releaseId)} to leave`] : []),
    ...(isPast ? before : []),
    ...closing.map((one) =>
      one.kind === 'hold' ? `the hold after ${byInWords(one)}` : `the ${one.kind} of ${byInWords(one)}`,
    ),
    ...(isPast ? [] : before),
  ];
  return all.length === 0 ? 'ready: it begins in a moment' : `ready; waits for ${[...new Set(all)].join(', then ')}`;
}

/** What is verified in a region: its components together where one release has verified all of them. */
export interface VerifiedRow {
  region: string;
  /** The component, or how many. */
  what: string;
  commit: string;
  releaseId: string;
  since: number;
  shown: Shown;
  /** Why nobody can say that this is what runs. */
  note?: string;
}

export function verifiedRows({ inventory, leftBehind = [] }: LaneView): VerifiedRow[] {
  const leftOf = ({ region, component }: VerifiedRelease) =>
    leftBehind.find((one) => one.region === region && one.component === component);
  const regions = Map.groupBy(inventory, ({ region }) => region);
  return [...regions.values()].flatMap((rows) => {
    const alike = Map.groupBy(rows, (row) =>
      JSON.stringify([row.releaseId, row.state, row.unseen, leftOf(row)?.releaseId, leftOf(row)?.outcome]),
    );
    return [...alike.values()].map((own) =>
      verifiedRow(own, { isAll: own.length === rows.length, left: own.flatMap((row) => leftOf(row) ?? []) }),
    );
  });
}

/** `own`: rows of a region that say the same, and have the same left behind. */
function verifiedRow(own: VerifiedRelease[], { isAll, left }: { isAll: boolean; left: LeftBehind[] }): VerifiedRow {
  const { region, commit, releaseId, state, unseen } = own[0]!;
  const note = left.length > 0 ? leftNote(left) : unseen && 'scaled to zero: no pod was seen that runs it';
  return {
    ...{ region, commit, releaseId },
    what: isAll && own.length > 1 ? plural(own.length, 'component') : own.map(({ component }) => component).join(', '),
    since: Math.max(...own.map(({ verifiedAt }) => verifiedAt)),
    shown: note ? unknown : shownRecord(state),
    ...(note && { note }),
  };
}

/** Of several components not each image. */
function leftNote(left: readonly LeftBehind[]): string {
  const [first] = left as [LeftBehind];
  const { image: _image, artifact: _artifact, ...several } = first;
  return leftShort(left.length > 1 ? several : first);
}

function leftShort(left: LeftBehind): string {
  return visible(leftInWords({ ...left, releaseId: runInWords(left.releaseId) }, shortDigest));
}

/** Left behind where nothing is verified: no row of the inventory tells it. */
export function leftElsewhere({ inventory, leftBehind = [] }: LaneView): string[] {
  return leftBehind
    .filter((left) => !inventory.some((row) => row.region === left.region && row.component === left.component))
    .map((left) => `${visible(`${left.component} in ${left.region}`)} ${leftShort(left)}`);
}
