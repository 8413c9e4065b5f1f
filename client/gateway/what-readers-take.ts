import { weigh } from '../../domain/weight.ts';
import { Refused } from './errors.ts';

/** Throws 400 for what is signed and stored, and counted, but read by nobody: who makes it must not be told that it counts. */
export function requireRead<Signed>(signed: Signed, most: Parameters<typeof weigh>[1]): Signed {
  const why = weigh(signed, most);
  if (why !== undefined) throw new Refused(400, 'bad-request', `nothing was stored, as nobody would read it: ${why}`);
  return signed;
}
