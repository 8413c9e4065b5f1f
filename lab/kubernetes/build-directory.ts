import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

const prefix = '.building-';
const halves = '.go'; // Go looks for no packages where the name begins with a dot

/**
 * A directory for one build beside its result, which is renamed into its place. What builds that were killed have left there is removed: hold
 * the place's lock.
 */
export async function makeBuildDirectory(place: string): Promise<string> {
  for (const left of await readdir(place)) {
    if (left.startsWith(prefix)) await rm(join(place, left), { recursive: true, force: true });
  }
  const directory = await mkdtemp(join(place, prefix));
  await mkdir(join(directory, halves));
  return directory;
}

/** Environment by which Go keeps its halves in a build's own directory: ended by a signal, it removes none of them itself. */
export function goWorksIn(directory: string): { TMPDIR: string; GOTMPDIR: string } {
  return { TMPDIR: join(directory, halves), GOTMPDIR: join(directory, halves) };
}
