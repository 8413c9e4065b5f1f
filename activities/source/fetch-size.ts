import { join } from 'node:path';
import { failure } from '../../domain/errors/catalogue.ts';
import { watchSize, type SizeWatch } from '../shared/size-watch.ts';

/** Of one fetch. git 2.39 has no such limit for what it is sent: what arrives is looked at while it does. */
export const mostFetchedBytes = 8_000_000_000;

/** Watches the packs of a mirror while something is fetched into it. Throws SLIP-SRC-10. */
export function watchPacks(gitDirectory: string, most = mostFetchedBytes): Promise<SizeWatch> {
  const tooMuch = () => failure('SLIP-SRC-10', `more than ${most} bytes came from the server`);
  return watchSize([join(gitDirectory, 'objects', 'pack')], most, tooMuch);
}
