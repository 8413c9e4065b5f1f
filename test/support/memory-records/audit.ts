import type { AuditRow, Records } from '../../../activities/records/port.ts';
import { sha256 } from '../../../activities/shared/sha256.ts';
import { chainEntry, chainStart, followsInChain } from '../../../domain/audit-chain.ts';
import { answering, copy } from './stored.ts';

export function memoryAudit(): Records['audit'] {
  const all = new Map<string, AuditRow[]>();
  const rowsOf = (lane: string) => all.get(lane) ?? [];
  return {
    append: answering((entry) => {
      const rows = rowsOf(entry.lane);
      if (rows.some(({ key }) => key === entry.key)) return;
      all.set(entry.lane, [...rows, chainEntry(rows.at(-1) ?? chainStart, entry, sha256)]);
    }),
    list: answering((lane, limit) => copy([...rowsOf(lane)].reverse().slice(0, limit))),
    after: answering((lane, n, limit) =>
      copy(
        rowsOf(lane)
          .filter((row) => row.n > n)
          .slice(0, limit),
      ),
    ),
    ends: answering(() =>
      [...all]
        .map(([lane, rows]) => ({ lane, n: rows.length, hash: rows.at(-1)!.hash }))
        .sort((a, b) => (a.lane < b.lane ? -1 : 1)),
    ),
    firstBroken: answering((lane) =>
      rowsOf(lane).find((row, i, rows) => !followsInChain(rows[i - 1] ?? chainStart, row, sha256)),
    ),
  };
}
