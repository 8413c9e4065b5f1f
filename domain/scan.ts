import type { ScanException, Severity } from './contract/release.ts';
import type { Verdict } from './contract/verdicts.ts';
import { head } from './whole-text.ts';
import { distinctFindings, isNamed, worstFirst, type NamedFinding, type ScanFinding } from './findings.ts';

export type { ScanFinding } from './findings.ts';

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
  /** What would count but for an exception: the worst first, at most 50. */
  excused: ExcusedFinding[];
  /** Exceptions that would have excused something found, and are over. */
  expired: ScanException[];
}

export interface ExcusedFinding extends ScanFinding {
  by: ScanException;
}

const shownFindings = 50;
/** Characters: there may be hundreds of images that could not be scanned, and paths without end. */
const mostOfSummary = 4_000;
/** How many are named in the summary, by the id that an exception would need. */
const namedIds = 5;

/**
 * Judges all scans of a release together. A finding of a named severity without a living exception fails it, whatever else could not be
 * scanned; otherwise one scan that could not be made leaves it open; only a complete look that finds nothing passes.
 */
export function judgeScan(reports: readonly ScanResult[], rule: ScanRule): ScanJudgement {
  const found = distinctFindings(reports.flatMap((report) => (report.kind === 'scanned' ? report.findings : [])));
  const matter = found.filter((finding) => rule.failOn.includes(finding.severity));
  const living = new Map(
    rule.exceptions.filter((one) => isAlive(one, rule.today)).map((one) => [one.id, one] as const),
  );
  const byExcuse = Map.groupBy(matter, (finding) => isNamed(finding, (id) => living.has(id)));
  const [counting = [], excused = []] = [byExcuse.get(false), byExcuse.get(true)];
  const expired = rule.exceptions.filter(
    (exception) => !isAlive(exception, rule.today) && counting.some(({ names }) => names.includes(exception.id)),
  );
  const passed = found.filter(({ severity }) => severity === 'UNKNOWN' && !rule.failOn.includes(severity));
  const unscanned = reports.filter((report) => report.kind === 'unscanned');
  const { verdict, summary } = verdictOf({
    reports,
    counting,
    unscanned,
    found,
    passed,
    excused: excused.length,
    expired,
  });
  return {
    ...{ verdict, summary: head(summary, mostOfSummary) },
    findings: counting.toSorted(worstFirst).slice(0, shownFindings),
    counted: counting.length,
    excused: excused
      .toSorted(worstFirst)
      .slice(0, shownFindings)
      .flatMap((finding) => excusedBy(finding, living)),
    expired,
  };
}

function excusedBy({ names, ...finding }: NamedFinding, living: ReadonlyMap<string, ScanException>): ExcusedFinding[] {
  const by = names.map((name) => living.get(name)).find((one) => one !== undefined);
  return by ? [{ ...finding, by }] : [];
}

interface Seen {
  reports: readonly ScanResult[];
  counting: readonly NamedFinding[];
  unscanned: readonly { scanner: string; reason: string }[];
  found: readonly NamedFinding[];
  /** Of a severity that nobody knows, and let through because the policy says so. */
  passed: readonly NamedFinding[];
  excused: number;
  expired: readonly ScanException[];
}

function verdictOf(seen: Seen): { verdict: Verdict; summary: string } {
  const missing = seen.unscanned.map((report) => `${report.scanner}: ${report.reason}`).join('; ');
  if (seen.counting.length > 0) {
    const [worst, ...others] = seen.counting.toSorted(worstFirst);
    const late =
      seen.expired.length > 0
        ? `; expired exceptions: ${seen.expired.map((exception) => exception.id).join(', ')}`
        : '';
    const further = others.filter(({ id }) => id !== worst!.id);
    const ids = further.length > 0 ? `; then ${someIds(further)}` : '';
    return {
      verdict: 'fail',
      summary: `${countBySeverity(seen.counting)}, the worst ${worst!.id} in ${worst!.where}${ids}${late}`,
    };
  }
  if (seen.reports.length === 0) return { verdict: 'inconclusive', summary: 'nothing was scanned' };
  if (missing) return { verdict: 'inconclusive', summary: `could not scan: ${missing}` };
  const excused = seen.excused > 0 ? `, ${seen.excused} excused by exceptions` : '';
  const unknown =
    seen.passed.length > 0 ? `; of unknown severity, which the policy lets pass: ${someIds(seen.passed)}` : '';
  return { verdict: 'pass', summary: `nothing that counts in ${seen.found.length} findings${excused}${unknown}` };
}

/** Counts on its last day. A date that is none (`soon`) excuses nothing. */
function isAlive(exception: ScanException, today: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(exception.expires) && today <= exception.expires;
}

/** The ids as an exception needs them, each once: the same thing may be in several places. */
function someIds(findings: readonly ScanFinding[]): string {
  const ids = [...new Set(findings.map(({ id }) => id))];
  const more = ids.length > namedIds ? ` and ${ids.length - namedIds} more` : '';
  return `${ids.slice(0, namedIds).join(', ')}${more}`;
}

const severities: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'];

function countBySeverity(findings: readonly ScanFinding[]): string {
  const counts = severities.map((severity) => ({
    severity,
    n: findings.filter((finding) => finding.severity === severity).length,
  }));
  return counts
    .filter(({ n }) => n > 0)
    .map(({ severity, n }) => `${n} ${severity}`)
    .join(', ');
}
