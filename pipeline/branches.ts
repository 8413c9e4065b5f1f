/** Whether a branch is the one named, or fits the pattern: `*` stands for any characters but `/`, and nothing else is special. */
export function branchMatches(pattern: string, branch: string): boolean {
  let p = 0;
  let b = 0;
  // The last `*` seen and how much it has taken: going back to it only ever moves forward, so that no pattern is slow.
  let star = -1;
  let taken = 0;
  while (b < branch.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p++;
      taken = b;
    } else if (p < pattern.length && pattern[p] === branch[b]) {
      p++;
      b++;
    } else if (star >= 0 && branch[taken] !== '/') {
      p = star + 1;
      b = ++taken;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** Names of the environments that a branch is released to, in the order of the file. */
export function environmentsOf(
  environments: Record<string, { branches: readonly string[] }>,
  branch: string,
): string[] {
  return Object.entries(environments)
    .filter(([, { branches }]) => branches.some((pattern) => branchMatches(pattern, branch)))
    .map(([name]) => name);
}
