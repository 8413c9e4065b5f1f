import type { Severity } from './contract/release.ts';
import { compareSeverity, worstOf } from './severity.ts';

export interface ScanFinding {
  /** CVE-…, GHSA-…; for a secret, or what a gate of the policy has found, `rule:path:fingerprint`. */
  id: string;
  /** Its names in other databases. */
  aliases?: readonly string[];
  severity: Severity;
  where: string;
  fixedIn?: string;
}

/** A vulnerability or secret in one place, under every name that it was found by. */
export interface NamedFinding extends ScanFinding {
  names: string[];
}

/**
 * Each thing once per place, whoever found it and by whichever name, with the worst severity that anybody gives it. Two findings are the
 * same thing when they have the same CVE; one without a CVE belongs to the only CVE that shares a name with it. An advisory about several
 * CVEs stays one of its own: it is none of them.
 */
export function distinctFindings(found: readonly ScanFinding[]): NamedFinding[] {
  const cvesByName = new Map<string, Set<string>>();
  for (const finding of found) {
    const cves = cvesOf(finding);
    if (cves.length !== 1) continue;
    for (const name of namesOf(finding)) cvesByName.set(name, (cvesByName.get(name) ?? new Set()).add(cves[0]!));
  }
  const namesByKey = new Map<string, Set<string>>();
  const keyed = found.map((finding) => {
    const key = keyOf(finding, cvesByName);
    namesByKey.set(key, new Set([...(namesByKey.get(key) ?? []), ...namesOf(finding)]));
    return { key, finding };
  });
  const merged = new Map<string, NamedFinding>();
  for (const { key, finding } of keyed) {
    const place = `${key}\n${finding.where}`;
    merged.set(place, merge(merged.get(place), finding, [...namesByKey.get(key)!]));
  }
  return [...merged.values()];
}

/**
 * Whether an exception for this id is about the finding. Any of its names will do; but who accepts one vulnerability has not accepted the
 * others of an advisory that is about several.
 */
export function isNamed(finding: NamedFinding, excepted: (id: string) => boolean): boolean {
  const cves = finding.names.filter(isCve);
  const others = finding.names.filter((name) => !cves.includes(name));
  return others.some(excepted) || (cves.length > 0 && cves.every(excepted));
}

/** The worst first, then by name and place. */
export function worstFirst(a: ScanFinding, b: ScanFinding): number {
  return compareSeverity(a.severity, b.severity) || compare(a.id, b.id) || compare(a.where, b.where);
}

function keyOf(finding: ScanFinding, cvesByName: ReadonlyMap<string, ReadonlySet<string>>): string {
  const [cve, ...more] = cvesOf(finding);
  if (more.length > 0) return namesOf(finding).toSorted(compare).join(' ');
  if (cve !== undefined) return cve;
  const known = new Set(namesOf(finding).flatMap((name) => [...(cvesByName.get(name) ?? [])]));
  return known.size === 1 ? [...known][0]! : namesOf(finding).toSorted(compare)[0]!;
}

function merge(before: NamedFinding | undefined, finding: ScanFinding, names: string[]): NamedFinding {
  if (before === undefined) return { ...finding, names };
  const fixedIn = before.fixedIn ?? finding.fixedIn;
  const id = [before.id, finding.id].find(isCve) ?? before.id;
  const severity = worstOf([before.severity, finding.severity]);
  return { ...before, id, severity, ...(fixedIn === undefined ? {} : { fixedIn }) };
}

const isCve = (name: string) => /^CVE-\d/.test(name);
const namesOf = (finding: ScanFinding) => [...new Set([finding.id, ...(finding.aliases ?? [])])];
const cvesOf = (finding: ScanFinding) => namesOf(finding).filter(isCve);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
