import { existsSync, readFileSync } from 'node:fs';

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
    const text = textOf(new URL(path, import.meta.url));
    if (text === undefined) continue;
    const { version, gitHead, engines } = JSON.parse(text) as Described;
    return { version, ...(gitHead && { commit: gitHead }), oldestNode: Number(/\d+/.exec(engines?.node ?? '0')) };
  }
  return { version: 'unknown', oldestNode: 0 };
}

interface Described {
  version: string;
  gitHead?: string;
  engines?: { node?: string };
}

function textOf(file: URL): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
