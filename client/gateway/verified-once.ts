import { sha256 } from '../../activities/shared/sha256.ts';
import type { Verifier } from '../../activities/shared/signatures.ts';

/** About 100 bytes each. */
const mostKept = 20_000;

type Asked = Pick<Verifier, 'verifyOrder' | 'keyIds'>;

/**
 * The same verifier, which looks at each order once: what is signed never changes, and of a page of a hundred lanes that somebody has open
 * thousands of signatures would be worked out every few seconds. Kept by the whole of what was signed, with its signature.
 */
export function verifiedOnce({ verifyOrder, keyIds }: Asked): Asked {
  const known = new Map<string, boolean>();
  return {
    keyIds,
    verifyOrder(signed) {
      const name = sha256(JSON.stringify(signed));
      const before = known.get(name);
      if (before !== undefined) return before;
      if (known.size >= mostKept) known.clear();
      const holds = verifyOrder(signed);
      known.set(name, holds);
      return holds;
    },
  };
}
