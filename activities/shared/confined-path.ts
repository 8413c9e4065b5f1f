import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

/**
 * The real path of something inside `directory`, after every link is followed. Undefined when it leads out or is not there:
 * paths come from a repository, and must not reach the worker's own files.
 */
export async function confinedPath(directory: string, path: string): Promise<string | undefined> {
  if (isAbsolute(path)) return undefined;
  const root = await realpath(directory);
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (real === undefined) return undefined;
  const way = relative(root, real);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? undefined : real;
}
