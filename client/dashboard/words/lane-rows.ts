import type { LaneView, LeftBehind, ReleaseRow } from '../../../domain/contract/gateway.ts';
import type { VerifiedRelease } from '../../../domain/contract/release.ts';
import { shortDigest } from '../../../domain/images.ts';
import { leftInWords } from '../../../domain/left-behind.ts';
import { shortName } from '../../../domain/short-names.ts';
import { visible } from '../../../domain/visible.ts';
import { firstSentence } from '../../../domain/whole-text.ts';
import { plural } from '../../cli/words.ts';
import { runInWords } from './lane-now.ts';
import type { LaneNow } from './lane-now.ts';
import { shownRun } from './states.ts';
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

export function queueRows({ queue }: LaneNow, open: readonly ReleaseRow[]): QueueRow[] {
  const rows = new Map(open.map((row) => [row.releaseId, row]));
  return queue.map(({ releaseId, isClaiming, joinedAt }, at) => {
    const row = rows.get(releaseId);
    const { waitingFor, doing } = row?.state ?? {};
    const own = waitingFor?.what ?? doing ?? (isClaiming ? 'ready, waits for the lane' : 'on its way');
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

const states: Record<VerifiedRelease['state'], Shown> = {
  verified: { icon: 'verified', tone: 'good', word: 'verified' },
  proven: { icon: 'proven', tone: 'good', word: 'proven' },
  revoked: { icon: 'revoked', tone: 'mute', word: 'revoked' },
};
const unknown: Shown = { icon: 'unknown', tone: 'mute', word: 'unknown' };

export function verifiedRows({ inventory, leftBehind = [] }: LaneView): VerifiedRow[] {
  const regions = Map.groupBy(inventory, ({ region }) => region);
  return [...regions].flatMap(([region, rows]) => {
    const same = Map.groupBy(rows, (row) => JSON.stringify([row.releaseId, row.state, noteOf(row, leftBehind) ?? '']));
    return [...same.values()].map((own): VerifiedRow => {
      const first = own[0]!;
      const note = noteOf(first, leftBehind);
      return {
        region,
        what:
          own.length === rows.length && own.length > 1
            ? plural(own.length, 'component')
            : own.map(({ component }) => component).join(', '),
        commit: first.commit,
        releaseId: first.releaseId,
        since: Math.max(...own.map(({ verifiedAt }) => verifiedAt)),
        shown:
          note === undefined
            ? ((states as Partial<typeof states>)[first.state] ?? { ...unknown, word: first.state })
            : unknown,
        ...(note !== undefined && { note }),
      };
    });
  });
}

function noteOf({ region, component, unseen }: VerifiedRelease, left: readonly LeftBehind[]): string | undefined {
  const own = left.find((one) => one.region === region && one.component === component);
  if (own) return visible(leftInWords(own, shortDigest));
  return unseen ? 'scaled to zero: no pod was seen that runs it' : undefined;
}

/** Left behind where nothing is verified: no row of the inventory tells it. */
export function leftElsewhere({ inventory, leftBehind = [] }: LaneView): string[] {
  return leftBehind
    .filter((left) => !inventory.some((row) => row.region === left.region && row.component === left.component))
    .map((left) => visible(`${left.component} in ${left.region} ${leftInWords(left, shortDigest)}`));
}
