interface Most {
  values: number;
  characters: number;
}

/** A lane in which five hundred wait, behind fifty closures, is far below. */
export const ofStep: Most = { values: 100_000, characters: 4_000_000 };
/** Of what a run is started with, and keeps: no more than Temporal takes, which is the state of one with some five thousand places. */
export const ofRun: Most = { values: 100_000, characters: 2_000_000 };
/** Of what is signed and sent to a run or a lane: it is handed on to a step as it came, and what cannot be handed on would stop the run. */
export const ofMessage: Most = { values: 5_000, characters: 200_000 };
/** Of a decision on record: room for a thousand groups of whoever has made it, and as many addresses. Who is in more decides nothing, and is told so. */
export const ofDecision: Most = { values: 2_500, characters: 70_000 };
/** Of an order on record. */
export const ofOrder: Most = { values: 40, characters: 10_000 };
/** Of what steps take nothing is nested deeper than nine. */
const deepest = 20;

/**
 * Why this is more than is read; undefined when it is not. Before anything looks at what it says: whatever goes through a value of a
 * million parts, or down ten thousand levels, keeps its worker from everything else meanwhile.
 */
export function weigh(value: unknown, most = ofStep): string | undefined {
  let values = 0;
  let characters = 0;
  for (let level = [value], depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return `it is nested deeper than ${deepest}`;
    const next: unknown[] = [];
    for (const each of level) {
      values += 1;
      if (typeof each === 'string') characters += each.length;
      else if (Array.isArray(each)) {
        if (values + each.length > most.values) return `it has more than ${most.values} parts`;
        for (const item of each) next.push(item);
      } else if (typeof each === 'object' && each !== null) {
        for (const key in each) {
          characters += key.length;
          next.push((each as Record<string, unknown>)[key]);
        }
      }
      if (values + next.length > most.values) return `it has more than ${most.values} parts`;
      if (characters > most.characters) return `it has more than ${most.characters} characters`;
    }
    level = next;
  }
  return undefined;
}
