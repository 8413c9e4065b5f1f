/** A lane in which twenty thousand wait is far below. */
const mostValues = 100_000;
const mostCharacters = 4_000_000;
/** Of what steps take nothing is nested deeper than nine. */
const deepest = 20;

/**
 * Why this is more than a step reads; undefined when it is not. Before anything looks at what it says: whatever goes through a value of a
 * million parts, or down ten thousand levels, keeps its worker from everything else meanwhile.
 */
export function weigh(value: unknown): string | undefined {
  let values = 0;
  let characters = 0;
  for (let level = [value], depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return `it is nested deeper than ${deepest}`;
    const next: unknown[] = [];
    for (const each of level) {
      values += 1;
      if (typeof each === 'string') characters += each.length;
      else if (Array.isArray(each)) {
        if (values + each.length > mostValues) return `it has more than ${mostValues} parts`;
        for (const item of each) next.push(item);
      } else if (typeof each === 'object' && each !== null) {
        for (const key in each) {
          characters += key.length;
          next.push((each as Record<string, unknown>)[key]);
        }
      }
      if (values + next.length > mostValues) return `it has more than ${mostValues} parts`;
      if (characters > mostCharacters) return `it has more than ${mostCharacters} characters`;
    }
    level = next;
  }
  return undefined;
}
