import { constants } from 'node:fs';
import { lstat, open, type FileHandle } from 'node:fs/promises';
import { confinedPath } from './confined-path.ts';

/** Bytes of a file, or why there are none. `absent` is also what a link leads to that leads out. */
export type StrangersFile = { bytes: Buffer } | { unread: 'absent' | 'not a file' | 'too large' };

/**
 * Reads what strangers wrote, or left, beneath `directory`: the one way by which this process does. No link is followed out, also not one
 * that is put there meanwhile; nothing is waited for that is no file; and no more than `mostBytes` are ever held, however the file grows.
 * `path` is relative to `directory`.
 */
export async function readStrangersFile(directory: string, path: string, mostBytes: number): Promise<StrangersFile> {
  const real = await confinedPath(directory, path);
  if (real === undefined) return { unread: 'absent' };
  // Opening a pipe would wait for whoever writes into it.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(real, flags).catch(() => undefined);
  if (file === undefined) return { unread: 'absent' };
  try {
    const found = await file.stat();
    if (!found.isFile()) return { unread: 'not a file' };
    // A directory on the way may have become a link between the two questions.
    const again = await confinedPath(directory, path);
    const named = again === undefined ? undefined : await lstat(again).catch(() => undefined);
    if (named?.ino !== found.ino || named.dev !== found.dev) return { unread: 'absent' };
    const bytes = await readAtMost(file, found.size, mostBytes);
    return bytes === undefined ? { unread: 'too large' } : { bytes };
  } finally {
    await file.close();
  }
}

/** Undefined where there is more. A file that grows is read no further than it went when it was opened. */
async function readAtMost(file: FileHandle, size: number, mostBytes: number): Promise<Buffer | undefined> {
  if (size > mostBytes) return undefined;
  const bytes = Buffer.alloc(size);
  let at = 0;
  while (at < size) {
    const { bytesRead } = await file.read(bytes, at, size - at, at);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return bytes.subarray(0, at);
}
