import type { Records } from '../../../activities/records/port.ts';
import type { SchemaChange, VerifiedRelease } from '../../../domain/contract/release.ts';
import { failure } from '../../../domain/errors/catalogue.ts';
import { answering, copy, laneName, storable } from './stored.ts';

type MemoryInventory = Records['inventory'] & {
  putBack(releaseId: string, region: string): void;
  /** All rows, the newest first. */
  rows(): VerifiedRelease[];
  whyRevoked(row: VerifiedRelease): string | undefined;
};

/** `outcomeOf` a run; `isOpenFor`: a place is being changed, or was put back by this run. */
export function memoryInventory({
  outcomeOf,
  isOpenFor,
  lastIn,
  begunBackIn,
}: {
  outcomeOf(releaseId: string): string | undefined;
  isOpenFor(releaseId: string, row: VerifiedRelease): boolean;
  lastIn(row: VerifiedRelease): number | undefined;
  begunBackIn(run: string): string[];
}): MemoryInventory {
  let all: VerifiedRelease[] = [];
  const because = new Map<string, string>();
  const isAt = (a: VerifiedRelease, b: Pick<VerifiedRelease, 'service' | 'environment' | 'region' | 'component'>) =>
    laneName(a) === laneName(b) && a.region === b.region && a.component === b.component;
  const content = ({ image, commit, planHash, artifact }: VerifiedRelease) =>
    JSON.stringify([image, commit, planHash, artifact.kind, artifact.digest]);
  const placeOf = ({ region, component }: VerifiedRelease) => `${region}\0${component}`;
  const find = (row: VerifiedRelease) => all.find((one) => isAt(one, row) && one.releaseId === row.releaseId);
  const put = (row: VerifiedRelease, state: VerifiedRelease['state']) => {
    all = all.map((one) => (one === row ? { ...row, state } : one));
  };
  const newestFirst = (rows: VerifiedRelease[]) =>
    rows.sort((a, b) => b.verifiedAt - a.verifiedAt || all.indexOf(b) - all.indexOf(a));
  const rowName = (row: VerifiedRelease) => JSON.stringify([row.releaseId, row.region, row.component]);
  const revoke = (releaseId: string, regions?: string[], reason?: string) => {
    for (const row of all) {
      if (row.state === 'revoked' || row.releaseId !== releaseId || !(regions?.includes(row.region) ?? true)) continue;
      put(row, 'revoked');
      if (reason !== undefined) because.set(rowName(row), storable(reason));
    }
  };
  return {
    rows: () => newestFirst([...all]),
    whyRevoked: (row) => because.get(rowName(row)),
    current: answering((lane) => {
      const rows = newestFirst(all.filter((row) => laneName(row) === laneName(lane) && row.state !== 'revoked'));
      const newest = rows.filter((row) => rows.find((one) => isAt(one, row)) === row);
      return newest.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    }),
    // Rows are only ever added.
    position: answering((lane) => all.findLastIndex((row) => laneName(row) === laneName(lane)) + 1),
    since: answering((lane, position) => all.slice(position).filter((row) => laneName(row) === laneName(lane))),
    ofCommit: answering((lane, commit) =>
      newestFirst(all.filter((row) => laneName(row) === laneName(lane) && row.commit === commit)).slice(0, 5_000),
    ),
    of: answering((releaseId) =>
      all
        .filter((row) => row.releaseId === releaseId && row.state !== 'revoked')
        .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1)),
    ),
    history: answering(({ limit, ...place }) => newestFirst(all.filter((row) => isAt(row, place))).slice(0, limit)),
    record: answering((rows, seenAfter = {}) => {
      for (const row of rows) {
        const known = find(row);
        if (!known && outcomeOf(row.releaseId) !== undefined)
          throw failure('SLIP-REC-2', `${row.releaseId} has ended: nothing more is verified by it`);
        if (!known && row.region in seenAfter && lastIn(row) !== seenAfter[row.region])
          throw failure('SLIP-REL-12', `${row.region}: it was changed since`);
        if (!known && isOpenFor(row.releaseId, row))
          throw failure('SLIP-REL-12', `${row.component} is being changed in ${row.region}, or was put back`);
        if (known && content(known) !== content(row))
          throw failure('SLIP-REC-2', `${row.releaseId} verified ${known.image} in ${row.region}, not ${row.image}`);
      }
      for (const row of rows) {
        if (!find(row)) all.push(copy(row));
      }
    }),
    revoke: answering((releaseId, reason, regions) => revoke(releaseId, regions, reason)),
    putBack: (releaseId, region) => revoke(releaseId, [region]),
    takeBack: answering(({ run, releaseId }, reason) => revoke(releaseId, begunBackIn(run), reason)),
  };
}

export function memorySchema(): Records['schema'] {
  let all: SchemaChange[] = [];
  type Change = Pick<SchemaChange, 'service' | 'environment' | 'database' | 'releaseId'>;
  const isSame = (a: Change, b: Change) =>
    laneName(a) === laneName(b) && a.database === b.database && a.releaseId === b.releaseId;
  return {
    record: answering((change) => {
      if (!all.some((one) => isSame(one, change))) all.push(copy(change));
    }),
    takeBack: answering((change) => {
      all = all.filter((one) => !isSame(one, change));
    }),
    list: answering((lane) => all.filter((one) => laneName(one) === laneName(lane))),
  };
}
