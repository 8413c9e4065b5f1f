import { failure } from '../../domain/errors/catalogue.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import { isByUnknownKey } from '../shared/signatures.ts';
import type { Verifier } from '../shared/signatures.ts';

/**
 * Why what is on record is not believed, though it has a signature. Mostly this process has not been given the gateway's new key: told apart
 * (SLIP-REC-9) from a signature by a key that it has (SLIP-REC-6), which somebody has broken.
 */
export function notSigned(what: string, signed: { keyId: string }, verifier: Pick<Verifier, 'keyIds'>): Failure {
  if (!isByUnknownKey(signed, verifier)) return failure('SLIP-REC-6', `${what} has a signature that does not hold`);
  const known = verifier.keyIds.length === 0 ? 'none' : verifier.keyIds.join(', ');
  return failure('SLIP-REC-9', `${what} names ${signed.keyId} as the key that signed it; known here: ${known}`);
}
