import { readFileSync } from 'node:fs';

/** What this installation is, by what it says of itself. */
export interface OwnVersion {
  version: string;
  /** The commit that it was made of, where that is known: exactly that, and nothing beside it. */
  commit?: string;
}

export interface OwnPackage extends OwnVersion {
  /** That runs it, by its major version: the command alone is bundled to run on older ones than the engine. */
  oldestNode: number;
}

/** From package.json: a folder higher than the sources and than the package of the command alone, two higher than what is compiled. */
export function ownPackage(): OwnPackage {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const { version, gitHead, engines } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
        version: string;
        gitHead?: string;
        engines: { node: string };
      };
      return { version, ...(gitHead && { commit: gitHead }), oldestNode: Number(/\d+/.exec(engines.node)) };
    } catch {
      continue;
    }
  }
  return { version: 'unknown', oldestNode: 0 };
}
