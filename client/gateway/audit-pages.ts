import type { Audit, AuditRow } from '../../activities/records/port.ts';

/** Bytes of JSON. A row may have thirteen thousand: by their number alone a page has no bound that a process can count on. */
const mostBytes = 1_000_000;
/** So few are read at once. */
const readAtOnce = 100;

/** Rows after this number, in their order: as many as a page holds, and one at least, so that whoever goes on after its last comes to all. */
export async function pageAfter(audit: Audit, lane: string, after: number, limit: number): Promise<AuditRow[]> {
  const page: AuditRow[] = [];
  for (let last = after, bytes = 0; page.length < limit;) {
    const wanted = Math.min(readAtOnce, limit - page.length);
    const rows = await audit.after(lane, last, wanted);
    for (const row of rows) {
      bytes += bytesOf(row);
      if (bytes > mostBytes && page.length > 0) return page;
      page.push(row);
    }
    if (rows.length < wanted) return page;
    last = page.at(-1)!.n;
  }
  return page;
}

/** The newest rows, in their order, as many as a page holds. */
export async function newestPage(audit: Audit, lane: string, limit: number): Promise<AuditRow[]> {
  const rows = await audit.list(lane, Math.min(limit, readAtOnce));
  let bytes = 0;
  const held = rows.findIndex((row, at) => (bytes += bytesOf(row)) > mostBytes && at > 0);
  return (held < 0 ? rows : rows.slice(0, held)).reverse();
}

function bytesOf(row: AuditRow): number {
  return Buffer.byteLength(JSON.stringify(row)) + 1;
}
