import type { JsonScalar } from '../../domain/contract/release.ts';
import { namesSecret } from '../../domain/secret-shapes.ts';
import { head } from '../../domain/whole-text.ts';

/** Whose a value is. */
export interface Source {
  isInside: boolean;
}

/** The first of the expected values, by dotted path, that is another; undefined where all are there. */
export function otherValue(data: unknown, expected: Record<string, JsonScalar>, source: Source): string | undefined {
  for (const [path, wanted] of Object.entries(expected)) {
    const found = valueAt(data, path);
    if (found !== wanted) return `${path} is ${shownAs(path, found, source)} instead of ${shown(wanted)}`;
  }
  return undefined;
}

/** `products.0.name` leads through objects and arrays, by their own fields only. */
function valueAt(data: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((place, step) => {
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, step)) return undefined;
    return (place as Record<string, unknown>)[step];
  }, data);
}

/** A value whose name says that it is to be kept secret is not told, nor is any of an address inside: a path to it is easily guessed. */
export function shownAs(name: string, value: unknown, { isInside }: Source): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[-.]/g, '_');
  const isKept = isInside || namesSecret(words) || /^(?:set-)?cookie$/i.test(name);
  return isKept && value !== undefined ? 'another value' : shown(value);
}

/** Of a list or an object the kind alone: it may be nested deeper than a stack. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${head(text, 80)}…` : text;
}
