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

/** No branch has it: a star alone can stand for it. */
const anything = '\u0000';

/**
 * Whether every branch that fits the pattern fits one of these as well. Exact: what takes the one word in which each star of the pattern has
 * become a letter that nothing else names can only take it by a star, and so takes all that the star stands for.
 */
export function patternWithin(pattern: string, wide: readonly string[]): boolean {
  const most = pattern.replaceAll('*', anything);
  return wide.some((other) => branchMatches(other, most));
}

/** A branch that fits both patterns, with each star as short as can be; undefined where there is none. */
export function commonBranch(one: string, other: string): string | undefined {
  const seen = new Map<number, string | undefined>();
  const from = (i: number, j: number): string | undefined => {
    const key = i * (other.length + 1) + j;
    if (!seen.has(key)) {
      seen.set(key, undefined);
      seen.set(key, step(i, j));
    }
    return seen.get(key);
  };
  const step = (i: number, j: number): string | undefined => {
    const [a, b] = [one[i], other[j]];
    if (a === undefined && b === undefined) return '';
    if (a === '*') return from(i + 1, j) ?? taken(b, from, i, j + 1);
    if (b === '*') return from(i, j + 1) ?? taken(a, from, i + 1, j);
    return a !== undefined && a === b ? prefixed(a, from(i + 1, j + 1)) : undefined;
  };
  return from(0, 0);
}

/** What a star takes of the other pattern: anything but `/`. */
function taken(
  letter: string | undefined,
  from: (i: number, j: number) => string | undefined,
  i: number,
  j: number,
): string | undefined {
  if (letter === undefined || letter === '/') return undefined;
  return letter === '*' ? from(i, j) : prefixed(letter, from(i, j));
}

function prefixed(letter: string, rest: string | undefined): string | undefined {
  return rest === undefined ? undefined : letter + rest;
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
