import { hintFor, nearest } from '../domain/nearest.ts';
import { withoutLineNumber } from './numbered-lines.ts';
import type { Finding, Path } from './problem.ts';

/**
 * A key that is written wrongly is unknown, and the key that was meant is missing: one mistake, told where it is written. What was meant is
 * the missing one, also where another known word is as near.
 */
export function withoutFollowers(all: readonly Finding[]): Finding[] {
  const findings = withoutUses(withoutSettled(withKindsTogether(withContents(all))));
  const unknown = findings.filter((finding) => finding.unknownKey);
  if (unknown.length === 0) return findings;
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
      : { ...finding, hint: hintFor(withoutLineNumber(String(finding.path.at(-1))), [key]), correction: key };
  });
}

/** All keys of other kinds in one place are one mistake, and so is what is missing beside them. */
function withKindsTogether(findings: readonly Finding[]): Finding[] {
  const places = Map.groupBy(findings, ({ path, ofOtherKinds }) =>
    ofOtherKinds ? JSON.stringify(path.slice(0, -1)) : undefined,
  );
  return findings.flatMap((finding) => {
    if (!finding.ofOtherKinds) return [finding];
    const together = places.get(JSON.stringify(finding.path.slice(0, -1)))!;
    return finding === together[0] ? [ofOtherKinds(together)] : [];
  });
}

function ofOtherKinds(together: readonly Finding[]): Finding {
  const [first] = together as [Finding];
  const { kind, missing } = first.ofOtherKinds!;
  const others = together
    .map((one) => one.ofOtherKinds!.others)
    .reduce((all, some) => all.filter((one) => some.includes(one)));
  const isOne = together.length === 1;
  const keys = together.map(({ path }) => `\`${String(path.at(-1))}\``).join(', ');
  const kinds = others.length > 0 ? `\`kind: ${others.join('`, `')}\`` : 'other kinds';
  const instead =
    missing.length > 0 ? `; \`kind: ${kind}\` has ${missing.map((key) => `\`${key}\``).join(' and ')}` : '';
  return {
    ...first,
    message: `unknown ${isOne ? 'key' : 'keys'} ${keys}`,
    hint: `${isOne ? 'it belongs' : 'they belong'} to ${kinds}${instead}`,
    settles: missing,
  };
}

function withoutSettled(findings: readonly Finding[]): Finding[] {
  const isSettled = ({ path, missing }: Finding) =>
    missing && findings.some((one) => one.settles?.includes(String(path.at(-1))) && sameParent(one.path, path));
  return findings.filter((finding) => !isSettled(finding));
}

/** What should be below a key and is beside it, is unknown there, and the key is empty. */
function withContents(findings: readonly Finding[]): Finding[] {
  const beside = (empty: Finding) =>
    findings.filter(
      ({ unknownKey, ofOtherKinds, path }) =>
        (unknownKey ?? (empty.emptyTable && ofOtherKinds)) && sameParent(path, empty.path),
    );
  const told = findings.filter((finding) => finding.empty && beside(finding).length > 0);
  // Of several empty keys nobody can tell which one is meant.
  if (told.length !== 1) return [...findings];
  const [empty] = told as [Finding];
  const outside = beside(empty);
  const names = outside.map(({ path }) => `\`${String(path.at(-1))}\``).join(', ');
  const hint = `indent what belongs to it further: ${names}`;
  return findings.flatMap((finding) =>
    finding === empty ? [{ ...empty, hint }] : outside.includes(finding) ? [] : [finding],
  );
}

/** A name that is written wrongly where it is given is used in the same way: told where it is given. */
function withoutUses(findings: readonly Finding[]): Finding[] {
  const uses = Map.groupBy(findings, ({ wrongName, atKey }) => (atKey ? undefined : wrongName));
  const given = new Set(
    findings.flatMap(({ wrongName, atKey }) => (atKey && wrongName !== undefined ? [wrongName] : [])),
  );
  return findings.flatMap((finding) => {
    const { wrongName, atKey, hint } = finding;
    if (wrongName === undefined || !given.has(wrongName)) return [finding];
    if (!atKey) return [];
    const isUsed = uses.has(wrongName) && typeof hint === 'string';
    return [isUsed ? { ...finding, hint: `${hint}, and the same wherever it is named` } : finding];
  });
}

function sameParent(one: Path, other: Path): boolean {
  return JSON.stringify(one.slice(0, -1)) === JSON.stringify(other.slice(0, -1));
}

function misspells(unknown: Path, missing: Path): boolean {
  if (!sameParent(unknown, missing)) return false;
  return nearest(withoutLineNumber(String(unknown.at(-1))), [String(missing.at(-1))]) !== undefined;
}
