import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../../domain/errors/catalogue.ts';

/** Of one fetch. git 2.39 has no such limit for what it is sent: what arrives is looked at while it does. */
export const mostFetchedBytes = 8_000_000_000;
const everyMs = 250;

export interface SizeWatch {
  /** Ends the fetch, with SLIP-SRC-10 as its reason. */
  signal: AbortSignal;
  /** Looks once more. Throws SLIP-SRC-10. */
  end(): Promise<void>;
}

/** Watches the packs of a mirror while something is fetched into it. */
export async function watchSize(gitDirectory: string, most = mostFetchedBytes): Promise<SizeWatch> {
  const packs = join(gitDirectory, 'objects', 'pack');
  const before = await bytesIn(packs);
  const controller = new AbortController();
  let looking = false;
  const look = async () => {
    const grown = (await bytesIn(packs)) - before;
    if (grown > most) controller.abort(failure('SLIP-SRC-10', `more than ${most} bytes came from the server`));
    looking = false;
  };
  const timer = setInterval(() => {
    if (!looking) void ((looking = true), look());
  }, everyMs);
  return {
    signal: controller.signal,
    async end() {
      clearInterval(timer);
      await look();
      controller.signal.throwIfAborted();
    },
  };
}

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(directory, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
