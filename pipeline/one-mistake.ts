import { hintFor, nearest } from './nearest.ts';
import type { Finding, Path } from './problem.ts';

/**
 * A key that is written wrongly is unknown, and the key that was meant is missing: one mistake, told where it is written. What was meant is
 * the missing one, also where another known word is as near.
 */
export function withoutFollowers(findings: readonly Finding[]): Finding[] {
  const unknown = findings.filter((finding) => finding.unknownKey);
  if (unknown.length === 0) return [...findings];
  const meant = new Map<Finding, string>();
  const kept = findings.filter((finding) => {
    if (!finding.missing) return true;
    const cause = unknown.find((one) => !meant.has(one) && misspells(one.path, finding.path));
    if (cause !== undefined) meant.set(cause, String(finding.path.at(-1)));
    return cause === undefined;
  });
  return kept.map((finding) => {
    const key = meant.get(finding);
    return key === undefined
      ? finding
      : { ...finding, hint: hintFor(String(finding.path.at(-1)), [key]), correction: key };
  });
}

function misspells(unknown: Path, missing: Path): boolean {
  if (JSON.stringify(unknown.slice(0, -1)) !== JSON.stringify(missing.slice(0, -1))) return false;
  return nearest(String(unknown.at(-1)), [String(missing.at(-1))]) !== undefined;
}
