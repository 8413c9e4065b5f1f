import type { RunFacts } from '../../../domain/insights/run-facts.ts';
import { commitToProduction, verifiedAt } from '../../../domain/insights/durations.ts';
import { head } from '../../../domain/whole-text.ts';

const columns = [
  ...['release', 'number', 'service', 'environment', 'commit', 'asked_by', 'committed_at', 'asked_at', 'verified_at'],
  ...['ended_at', 'outcome', 'undoes', 'before_ms', 'machines_ms', 'people_ms', 'lane_ms', 'failure', 'summary'],
];

const longestCell = 300;
/** At the beginning of a cell, whatever such programs pass over before. */
const formulas = /(^|;)([\s"]*)(?=[=+\-@＝＋－＠])/gu;

/** A row for each release and rollback that was looked at (RFC 4180), with what the medians are made of. Times are ISO 8601 in UTC, durations ms. */
export function csvOf(runs: readonly RunFacts[]): string {
  return [columns, ...runs.map(cellsOf)].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

function cellsOf(run: RunFacts): (string | number | undefined)[] {
  const { runId, number, service, environment, commit, askedBy, committedAt, askedAt, endedAt, outcome, undoes } = run;
  const way = commitToProduction(run);
  return [
    ...[runId, number, service, environment, commit, askedBy, time(committedAt), time(askedAt), time(verifiedAt(run))],
    ...[time(endedAt), outcome, undoes, way?.beforeMs, way?.machinesMs, way?.peopleMs, way?.laneMs],
    ...[run.failure?.code, run.summary],
  ];
}

/** Whatever is no time of a calendar is left out. */
function time(at: number | undefined): string | undefined {
  return at === undefined || Math.abs(at) > 8.64e15 ? undefined : new Date(at).toISOString();
}

/**
 * What others have written is a text, on one line and in quotes: no program that opens it takes it for a formula, nor what follows a semicolon in
 * it, which parts cells where a comma parts decimals.
 */
function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const line = head(value.replaceAll(/\p{Cc}+/gu, ' '), longestCell);
  const text = line.replaceAll(formulas, "$1$2'");
  return `"${text.replaceAll('"', '""')}"`;
}
