import { judgeScan, type ScanJudgement } from '../../domain/scan.ts';
import type { ScanReport } from '../scan/port.ts';

/** By what was read, as of this day. */
export function judged(
  reports: ScanReport[],
  scan: { failOn: readonly string[]; exceptions: Parameters<typeof judgeScan>[1]['exceptions'] },
  now: number,
): ScanJudgement {
  return judgeScan(reports, {
    failOn: [...scan.failOn] as Parameters<typeof judgeScan>[1]['failOn'],
    exceptions: scan.exceptions,
    today: new Date(now).toISOString().slice(0, 10),
  });
}
