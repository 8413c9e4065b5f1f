import { isAbsolute, posix } from 'node:path';

/** Where a tool ran, as it saw that. */
export interface Seen {
  tree: string;
  work: string;
}

/** A file that a report names: relative to the tree, or as the report has it where it is not in there. */
export interface SarifPlace {
  path: string;
  inside: boolean;
  /** As the report has it, where it may be encoded or not: `a%41.ts` is that, or `aA.ts`. */
  written?: string;
}

/**
 * Tools write the same file as `file:///tree/a%20b.ts`, as `/tree/a b.ts`, relative to the tree, to a base that the report defines, or to
 * where they ran. Pure: nothing is looked up on the disk.
 */
export function placeIn({ tree, work }: Seen, uri: string, base?: string): SarifPlace {
  const path = pathOf(uri);
  if (path === undefined) return { path: uri, inside: false };
  // Only what says that it is a URI is surely encoded: most tools write a plain path.
  const isOpen = path !== uri && !/^file:/i.test(uri);
  const from = base === undefined ? undefined : pathOf(base);
  const candidates = isAbsolute(path)
    ? [path]
    : [
        ...(from !== undefined && isAbsolute(from) ? [posix.join(from, path)] : []),
        ...[tree, work, '/'].map((at) => posix.join(at, path)),
      ];
  // A relative path is in the tree, wherever it is relative to: so it is only outside when it leads out from everywhere.
  const inside = candidates.map((one) => beneath(tree, one)).find((one) => one !== undefined);
  const place = inside === undefined ? { path, inside: false } : { path: again(tree, inside), inside: true };
  return { ...place, ...(isOpen && { written: uri }) };
}

/** Some leave out the slash in front of an absolute path. */
function again(tree: string, path: string): string {
  return beneath(tree, posix.join('/', path)) ?? path;
}

function beneath(tree: string, path: string): string | undefined {
  const relative = posix.relative(tree, posix.normalize(path));
  if (relative === '') return '.';
  return relative === '..' || relative.startsWith('../') ? undefined : relative;
}

/** Undefined for what is no file: `https:…`, and others' schemes. */
function pathOf(uri: string): string | undefined {
  const file = /^file:(?:\/\/[^/]*)?(\/.*)$/is.exec(uri)?.[1];
  if (file === undefined && /^[a-z][a-z0-9+.-]*:/i.test(uri)) return undefined;
  try {
    return decodeURIComponent(file ?? uri);
  } catch {
    // A path that is no URI, such as `100%.ts`.
    return file ?? uri;
  }
}
