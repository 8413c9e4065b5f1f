import { mostBytesOfEvidence } from '../../domain/contract/evidence-bundle.ts';
import type { Missing } from '../../domain/contract/evidence-bundle.ts';

/** For what is around the parts, and for what names those that are missing. */
const aroundBytes = 1_000_000;

/** How much of the file is left. What does not fit is named, and so is what was not there to begin with. */
export interface Room {
  /** The value where it fits; undefined where it does not, which is named then. */
  take<Value>(what: string, value: Value): Value | undefined;
  /** Of several as many as fit, from the first on: what is behind one that does not is not taken either. */
  takeFirst<Value>(what: string, values: readonly Value[]): Value[];
  lacks(what: string, why: string): void;
  readonly missing: Missing[];
}

export function roomFor(most = mostBytesOfEvidence - aroundBytes): Room {
  const missing: Missing[] = [];
  let left = most;
  const fits = (value: unknown) => {
    const bytes = Buffer.byteLength(JSON.stringify(value)) + 1;
    if (bytes > left) return false;
    left -= bytes;
    return true;
  };
  const lacks = (what: string, why: string) => void missing.push({ what, why });
  const full = `a file of evidence has ${mostBytesOfEvidence} bytes at most, and this one is full`;
  return {
    missing,
    lacks,
    take(what, value) {
      if (fits(value)) return value;
      lacks(what, full);
      return undefined;
    },
    takeFirst(what, values) {
      const end = values.findIndex((value) => !fits(value));
      if (end >= 0) lacks(`${what}: ${values.length - end} of ${values.length}`, full);
      return end < 0 ? [...values] : values.slice(0, end);
    },
  };
}
