import { constants } from 'node:fs';
import { lstat, open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { sep } from 'node:path';
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
    if (!(await isBeneath(directory, path, file))) return { unread: 'absent' };
    const bytes = await readAtMost(file, found.size, mostBytes);
    return bytes === undefined ? { unread: 'too large' } : { bytes };
  } finally {
    await file.close();
  }
}

/**
 * Whether what was opened lies beneath the directory: a directory on the way may have become a link before it was opened. The kernel says where
 * it is: a name that is asked for once more may lead elsewhere once more.
 */
async function isBeneath(directory: string, path: string, file: FileHandle): Promise<boolean> {
  if (process.platform !== 'linux') return isStillNamed(directory, path, file);
  const place = await readlink(`/proc/self/fd/${file.fd}`).catch(() => undefined);
  return place !== undefined && place.startsWith(`${await realpath(directory)}${sep}`) && !place.endsWith(' (deleted)');
}

/** Elsewhere nobody says where it is, but only what has that name by now. Strangers' code does not run there beside it. */
async function isStillNamed(directory: string, path: string, file: FileHandle): Promise<boolean> {
  const again = await confinedPath(directory, path);
  const [found, named] = await Promise.all([
    file.stat(),
    again === undefined ? undefined : lstat(again).catch(() => undefined),
  ]);
  return named?.ino === found.ino && named.dev === found.dev;
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
