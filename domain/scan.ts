import type { ScanException, Severity } from './contract/release.ts';
import type { Verdict } from './contract/verdicts.ts';

export interface ScanFinding {
  id: string;
  severity: Severity;
  where: string;
  fixedIn?: string;
}

/** What one scanner said of one image or tree. */
export type ScanResult =
  | { kind: 'scanned'; scanner: string; findings: ScanFinding[] }
  | { kind: 'unscanned'; scanner: string; reason: string };

export interface ScanRule {
  failOn: readonly Severity[];
  exceptions: readonly ScanException[];
  /** Date (UTC) in the form 2026-12-31. */
  today: string;
}

export interface ScanJudgement {
  verdict: Verdict;
  /** One line. */
  summary: string;
  /** What counts against the release: the worst first, at most 50. */
  findings: ScanFinding[];
  /** How many count, with those beyond the 50. */
  counted: number;
  /** Exceptions that would have excused something found, and are over. */
  expired: ScanException[];
}

const order: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'];
const shownFindings = 50;

/**
 * Judges all scans of a release together. A finding of a named severity without a living exception fails it, whatever else could not be
 * scanned; otherwise one scan that could not be made leaves it open; only a complete look that finds nothing passes.
 */
export function judgeScan(reports: readonly ScanResult[], rule: ScanRule): ScanJudgement {
  const found = distinct(reports.flatMap((report) => (report.kind === 'scanned' ? report.findings : [])));
  const matter = found.filter((finding) => rule.failOn.includes(finding.severity));
  const counting = matter.filter(
    (finding) => !rule.exceptions.some((exception) => exception.id === finding.id && isAlive(exception, rule.today)),
  );
  const expired = rule.exceptions.filter(
    (exception) => !isAlive(exception, rule.today) && counting.some((finding) => finding.id === exception.id),
  );
  const unscanned = reports.filter((report) => report.kind === 'unscanned');
  return {
    ...verdictOf({ reports, counting, unscanned, found, excused: matter.length - counting.length, expired }),
    findings: counting.toSorted(worstFirst).slice(0, shownFindings),
    counted: counting.length,
    expired,
  };
}

interface Seen {
  reports: readonly ScanResult[];
  counting: readonly ScanFinding[];
  unscanned: readonly { scanner: string; reason: string }[];
  found: readonly ScanFinding[];
  excused: number;
  expired: readonly ScanException[];
}

function verdictOf(seen: Seen): { verdict: Verdict; summary: string } {
  const missing = seen.unscanned.map((report) => `${report.scanner}: ${report.reason}`).join('; ');
  if (seen.counting.length > 0) {
    const worst = seen.counting.toSorted(worstFirst)[0]!;
    const late =
      seen.expired.length > 0
        ? `; expired exceptions: ${seen.expired.map((exception) => exception.id).join(', ')}`
        : '';
    return {
      verdict: 'fail',
      summary: `${countBySeverity(seen.counting)}, the worst ${worst.id} in ${worst.where}${late}`,
    };
  }
  if (seen.reports.length === 0) return { verdict: 'inconclusive', summary: 'nothing was scanned' };
  if (missing) return { verdict: 'inconclusive', summary: `could not scan: ${missing}` };
  const excused = seen.excused > 0 ? `, ${seen.excused} excused by exceptions` : '';
  return { verdict: 'pass', summary: `nothing that counts in ${seen.found.length} findings${excused}` };
}

/** Counts on its last day. A date that is none (`soon`) excuses nothing. */
function isAlive(exception: ScanException, today: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(exception.expires) && today <= exception.expires;
}

function distinct(findings: readonly ScanFinding[]): ScanFinding[] {
  return [...new Map(findings.map((finding) => [`${finding.id}\n${finding.where}`, finding])).values()];
}

function worstFirst(a: ScanFinding, b: ScanFinding): number {
  return order.indexOf(a.severity) - order.indexOf(b.severity) || compare(a.id, b.id) || compare(a.where, b.where);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function countBySeverity(findings: readonly ScanFinding[]): string {
  const counts = order.map((severity) => ({
    severity,
    n: findings.filter((finding) => finding.severity === severity).length,
  }));
  return counts
    .filter(({ n }) => n > 0)
    .map(({ severity, n }) => `${n} ${severity}`)
    .join(', ');
}
