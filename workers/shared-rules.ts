import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

/** An import of something that is there when the program runs. */
const imports = /^import (?!type )[^;']*'(\.[^']*)';/gm;

/**
 * Files of `domain/` that the workflows in `directory` use, sorted. Rules are pure and keep nothing between two calls, so all runs of a
 * worker can share them: the SDK freezes what they export.
 */
export async function rulesOf(directory: string): Promise<string[]> {
  const names = (await readdir(directory, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const files = names.map((name) => join(directory, name));
  const used = await Promise.all(
    files.map(async (file) =>
      [...(await readFile(file, 'utf8')).matchAll(imports)].map(([, to]) => join(dirname(file), to!)),
    ),
  );
  const rules = join(directory, '..', 'domain') + sep;
  return [...new Set(used.flat())].filter((file) => file.startsWith(rules)).sort();
}
