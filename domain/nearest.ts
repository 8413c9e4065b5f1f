/** Number of insertions, deletions, replacements and swaps of neighbours between two short words. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** The known word that was probably meant, if one is close: one change for short words, up to three for long ones. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 64) return undefined;
  const allowed = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  const scored = known
    .filter((candidate) => candidate.length <= 64)
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance);
  return scored[0]?.candidate;
}

/** The few that are most like it, the likest first: of a list that is not ours to show whole. */
export function likest(word: string, known: readonly string[], most: number): string[] {
  const distances = new Map(known.map((one) => [one, editDistance(word.slice(0, 64), one.slice(0, 64))]));
  return [...distances.keys()]
    .sort((a, b) => distances.get(a)! - distances.get(b)! || a.localeCompare(b))
    .slice(0, most);
}

/** "did you mean …?" when a known word is close, else the list of known words while it is short. */
export function hintFor(word: string, known: readonly string[]): string | undefined {
  const meant = nearest(word, known);
  if (meant !== undefined) return `did you mean \`${meant}\`?`;
  if (known.length === 0 || known.length > 20) return undefined;
  return `known here: ${known.map((name) => `\`${name}\``).join(', ')}`;
}
