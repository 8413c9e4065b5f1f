import type { Finding, Path } from './problem.ts';
import { keysAt } from './shapes.ts';
import { valueAt } from './value-at.ts';

/**
 * A key that stands a level too far out, among the names of what it belongs to (`regions` beside the environments), makes all that is in it
 * wrong: it is told alone.
 */
export function misplacedKeys(shape: unknown, value: unknown, findings: readonly Finding[]): Finding[] {
  const places = new Map<string, Path>();
  for (const { path } of findings) {
    const place = path.map((_, index) => path.slice(0, index + 1)).find((prefix) => isMisplaced(shape, value, prefix));
    if (place !== undefined) places.set(JSON.stringify(place), place);
  }
  return [...places.values()].map((path) => ({
    path,
    message: `\`${String(path.at(-1))}\` stands among the names in \`${String(path.at(-2))}\`, and is a key of what they name`,
    hint: 'indent it further, with all that is in it, below the name that it belongs to',
    atKey: true,
    misplaced: true,
  }));
}

/** A name may be a word that is a key as well: what is in it tells which is meant. */
function isMisplaced(shape: unknown, value: unknown, place: Path): boolean {
  const key = place.at(-1);
  const amongNames = place.length > 1 && keysAt(shape, place.slice(0, -1)).length === 0;
  if (!amongNames || typeof key !== 'string') return false;
  const known = keysAt(shape, place);
  const inside = valueAt(value, place);
  const table = inside !== null && typeof inside === 'object' && !Array.isArray(inside) ? Object.keys(inside) : [];
  return known.includes(key) && !table.some((name) => known.includes(name));
}
