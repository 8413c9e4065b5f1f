import { setImmediate } from 'node:timers/promises';
import { canonicalSlices } from '../../domain/canonical.ts';

/** Lets everything else go on that has come meanwhile. */
export const turn = (): Promise<void> => setImmediate();

/** The canonical JSON of something large, made beside all else: nobody waits for more than a part of it. */
export async function canonicalBytes(value: unknown): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const slice of canonicalSlices(value)) {
    parts.push(Buffer.from(slice));
    await turn();
  }
  return Buffer.concat(parts);
}
