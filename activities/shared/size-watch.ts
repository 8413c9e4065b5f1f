import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

const everyMs = 250;

export interface SizeWatch {
  /** Ends what fills the directories. Its reason is the one that was given. */
  signal: AbortSignal;
  /** Looks once more. Throws that reason. */
  end(): Promise<void>;
}

/** Watches how many bytes come to these directories, of what lies in them itself: for tools that write flat, and know no bound. */
export async function watchSize(
  directories: readonly string[],
  most: number,
  tooMuch: () => Error,
): Promise<SizeWatch> {
  const before = await bytesIn(directories);
  const controller = new AbortController();
  let looking = false;
  const look = async () => {
    if ((await bytesIn(directories)) - before > most) controller.abort(tooMuch());
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

export async function bytesIn(directories: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const directory of directories) {
    const names = await readdir(directory).catch(() => []);
    const sizes = names.map((name) =>
      stat(join(directory, name)).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      ),
    );
    bytes += (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  }
  return bytes;
}

/** Runs what is watched. Whatever ends it, the watch ends, too. */
export async function watched<Result>(
  watch: SizeWatch,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
) {
  try {
    return await work(AbortSignal.any([signal, watch.signal]));
  } finally {
    await watch.end();
  }
}
