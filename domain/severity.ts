import type { Severity } from './contract/release.ts';

const worstFirst: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'];

/** The words that databases of vulnerabilities use, in lower case. A word that is not here is no severity: UNKNOWN, which counts. */
const words: Record<string, Severity> = {
  critical: 'CRITICAL',
  high: 'HIGH',
  important: 'HIGH', // Red Hat, SUSE, Amazon
  serious: 'HIGH',
  severe: 'HIGH',
  medium: 'MEDIUM',
  moderate: 'MEDIUM', // GitHub, npm, Red Hat
  low: 'LOW',
  minor: 'LOW',
  negligible: 'LOW', // Ubuntu
  unimportant: 'LOW', // Debian
  informational: 'LOW',
};

export function severityOfWord(word: string): Severity {
  const key = word.trim().toLowerCase();
  return Object.hasOwn(words, key) ? words[key]! : 'UNKNOWN';
}

/** In the bands of the CVSS 3.1 specification (section 5). 0 and what is no number tell nothing. */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'CRITICAL';
  if (score >= 7) return 'HIGH';
  if (score >= 4) return 'MEDIUM';
  return score > 0 ? 'LOW' : 'UNKNOWN';
}

/** Of a CVSS vector of version 2 or 3. Those of version 4 need a table of 270 scores: scanners give the score beside them. */
export function severityOfVector(vector: string): Severity {
  const metrics = Object.fromEntries(vector.split('/').map((part) => part.split(':', 2) as [string, string]));
  if (/^CVSS:3\.[01]\//.test(vector)) return severityOfScore(scoreOf3(metrics));
  return /^\(?AV:/.test(vector) ? severityOfScore(scoreOf2(metrics)) : 'UNKNOWN';
}

/** The worst that is known; UNKNOWN only when none is. */
export function worstOf(severities: readonly Severity[]): Severity {
  return worstFirst.find((severity) => severities.includes(severity)) ?? 'UNKNOWN';
}

export function compareSeverity(a: Severity, b: Severity): number {
  return worstFirst.indexOf(a) - worstFirst.indexOf(b);
}

type Weights = Record<string, Record<string, number>>;

const weights3: Weights = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};
const privileges = { unchanged: { N: 0.85, L: 0.62, H: 0.27 }, changed: { N: 0.85, L: 0.68, H: 0.5 } };

/** Base score, CVSS 3.1 specification, section 7.1. NaN when a metric is missing or none. */
function scoreOf3(metrics: Record<string, string>): number {
  const weight = (name: string) => weights3[name]?.[metrics[name] ?? ''] ?? Number.NaN;
  const changed = metrics['S'] === 'C';
  const needed: Record<string, number> = changed ? privileges.changed : privileges.unchanged;
  const base = 1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A'));
  const impact = changed ? 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15 : 6.42 * base;
  const ease = 8.22 * weight('AV') * weight('AC') * (needed[metrics['PR'] ?? ''] ?? Number.NaN) * weight('UI');
  if (impact <= 0) return 0;
  return Math.ceil(Math.round(Math.min(changed ? 1.08 * (impact + ease) : impact + ease, 10) * 100_000) / 10_000) / 10;
}

const weights2: Weights = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  C: { N: 0, P: 0.275, C: 0.66 },
  I: { N: 0, P: 0.275, C: 0.66 },
  A: { N: 0, P: 0.275, C: 0.66 },
};

/** Base score, CVSS 2.0 guide, section 3.2.1. */
function scoreOf2(metrics: Record<string, string>): number {
  const plain = Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name.replace('(', ''), value]));
  const weight = (name: string) => weights2[name]?.[plain[name]?.replace(')', '') ?? ''] ?? Number.NaN;
  const impact = 10.41 * (1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A')));
  const ease = 20 * weight('AV') * weight('AC') * weight('Au');
  return Math.round((0.6 * impact + 0.4 * ease - 1.5) * (impact === 0 ? 0 : 1.176) * 10) / 10;
}
