import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';

/** What the policy has by reference. Throws SLIP-NTF-3 (terminal) where that leads to nothing. */
export function knownOrRefused<Known>(looking: Promise<Known>): Promise<Known> {
  return looking.catch((error: unknown) => {
    if (error instanceof Failure) throw error;
    throw failure('SLIP-NTF-3', error instanceof Error ? error.message : 'the secret cannot be read');
  });
}
