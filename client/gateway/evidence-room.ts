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
  take<Value>(what: string, value: Value): Value | undefined;
  /** Of several as many as fit, from the first on: what is behind one that does not is not taken either. */
  takeFirst<Value>(what: string, values: readonly Value[]): Promise<Value[]>;
  lacks(what: string, why: string): void;
  readonly missing: Missing[];
}

export function roomFor({ bytes, parts } = all): Room {
  const missing: Missing[] = [];
  const left = { bytes, parts };
  let weighed = 0;
  const fits = (value: unknown) => {
    const json = Buffer.from(JSON.stringify(value));
    const [wantsBytes, wantsParts] = [json.length + 1, partsOf(json) + 1];
    weighed += wantsBytes;
    if (wantsBytes > left.bytes || wantsParts > left.parts) return false;
    left.bytes -= wantsBytes;
    left.parts -= wantsParts;
    return true;
  };
  const lacks = (what: string, why: string) => void missing.push({ what, why });
  return {
    missing,
    lacks,
    take(what, value) {
      if (fits(value)) return value;
      lacks(what, noRoom);
      return undefined;
    },
    async takeFirst(what, values) {
      for (const [end, value] of values.entries()) {
        if (weighed > atOnce) {
          weighed = 0;
          await turn();
        }
        if (fits(value)) continue;
        lacks(`${what}: ${values.length - end} of ${values.length}`, noRoom);
        return values.slice(0, end);
      }
      return [...values];
    },
  };
}
