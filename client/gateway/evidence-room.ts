import { canonicalSlices } from '../../domain/canonical.ts';
import { partsOf } from '../../activities/shared/json-parts.ts';
import { mostBytesOfEvidence, mostPartsOfEvidence, noRoom } from '../../domain/contract/evidence-bundle.ts';
import type { Missing } from '../../domain/contract/evidence-bundle.ts';
import { turn } from './turns.ts';

/** For what is around the parts, and for what names those that are missing. */
const around = { bytes: 1_000_000, parts: 20_000 };
const all = { bytes: mostBytesOfEvidence - around.bytes, parts: mostPartsOfEvidence - around.parts };

/** Bytes that are weighed while nothing else goes on. */
const atOnce = 200_000;

/** How much of the file is left. What does not fit is named, and so is what was not there to begin with. */
export interface Room {
  /** The value where it fits; undefined where it does not, which is named then. */
  take<Value>(what: string, value: Value): Promise<Value | undefined>;
  /** Of several as many as fit, from the first on: what is behind one that does not is not taken either. */
  takeFirst<Value>(what: string, values: readonly Value[]): Promise<Value[]>;
  lacks(what: string, why: string): void;
  readonly missing: Missing[];
}

export function roomFor({ bytes, parts } = all): Room {
  const missing: Missing[] = [];
  const left = { bytes, parts };
  let weighed = 0;
  const fits = async (value: unknown) => {
    const wants = { bytes: 1, parts: 1 };
    for (const slice of canonicalSlices(value)) {
      const json = Buffer.from(slice);
      wants.bytes += json.length;
      wants.parts += partsOf(json);
      weighed += json.length;
      if (wants.bytes > left.bytes || wants.parts > left.parts) return false;
      if (weighed < atOnce) continue;
      weighed = 0;
      await turn();
    }
    left.bytes -= wants.bytes;
    left.parts -= wants.parts;
    return true;
  };
  const lacks = (what: string, why: string) => void missing.push({ what, why });
  return {
    missing,
    lacks,
    async take(what, value) {
      if (await fits(value)) return value;
      lacks(what, noRoom);
      return undefined;
    },
    async takeFirst(what, values) {
      for (const [end, value] of values.entries()) {
        if (await fits(value)) continue;
        lacks(`${what}: ${values.length - end} of ${values.length}`, noRoom);
        return values.slice(0, end);
      }
      return [...values];
    },
  };
}
