import { createHash } from 'node:crypto';

/**
 * The name of a bundle of workflow code: the hash of what is executed. That is our own code, with domain/, and what it uses of the SDK,
 * whose version is part of the bundle. Not the source map, which has the paths of this machine, and not the order of modules, which
 * depends on them.
 */
export function buildIdOf(code: string): string {
  const executed = code.replaceAll(/^\/\/# sourceMappingURL=.*$/gm, '');
  const hash = createHash('sha256');
  for (const part of executed.split(betweenModules).map(trimmed).sort()) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

/** The bundler begins each module with the line of its name and ends it with a brace, both marked by the same comment. */
const betweenModules = /^(?=\/\*{3}\/ ")|(?<=^\/\*{3}\/ \}),?$/m;

function trimmed(part: string): string {
  return part.trim();
}
