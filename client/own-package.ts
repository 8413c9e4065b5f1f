import { readFileSync } from 'node:fs';

/** What this installation is. */
export interface OwnPackage {
  version: string;
  /** The commit that it was made of, where that is known: exactly that, and nothing beside it. */
  commit?: string;
}

/** From package.json: a folder higher than the sources and than the package of the command alone, two higher than what is compiled. */
export function ownPackage(): OwnPackage {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const { version, gitHead } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as {
        version: string;
        gitHead?: string;
      };
      return { version, ...(gitHead && { commit: gitHead }) };
    } catch {
      continue;
    }
  }
  return { version: 'unknown' };
}
