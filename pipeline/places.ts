import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, LineCounter, Node } from 'yaml';
import type { Path, Position } from './problem.ts';

/** From an offset in a text to what editors show. */
export function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/** The way back from a path in a parsed file to where that stands. */
export interface Places {
  /** Where the value at `path` is (or its key); for something that is missing, the key it is missing from. */
  locate(path: Path, atKey?: boolean): Position;
  /** The text of the value at `path`; undefined where there is none. */
  written(path: Path): string | undefined;
}

export function placesOf(document: Document.Parsed, lines: LineCounter, text: string): Places {
  return {
    locate(path, atKey = false) {
      const { key, value } = find(document, path);
      const [start, end] = atKey ? key : value;
      const place = positionAt(lines, start);
      const last = positionAt(lines, end);
      return last.line === place.line && end > start ? { ...place, endColumn: last.column } : place;
    },
    written(path) {
      const { value, found } = find(document, path);
      return found ? text.slice(...value) : undefined;
    },
  };
}

function find(document: Document.Parsed, path: Path): { key: Range; value: Range; found: boolean } {
  let node: unknown = document.contents;
  const top = rangeOf(node)?.[0] ?? 0;
  let key: Range = [top, top];
  let value = key;
  for (const step of path) {
    const child = childOf(isAlias(node) ? node.resolve(document) : node, step);
    if (child === undefined) return { key, value: key, found: false };
    key = rangeOf(child.key) ?? rangeOf(child.value) ?? key;
    // An empty value has a place, but nothing is there to be seen: its key is the better place to point to.
    value = isEmpty(child.value) ? key : (rangeOf(child.value) ?? key);
    node = child.value;
  }
  return { key, value, found: true };
}

type Range = [start: number, end: number];

function childOf(node: unknown, step: string | number): { key: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    const value = typeof step === 'number' ? node.items[step] : undefined;
    return value === undefined ? undefined : { key: undefined, value };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
  return pair && { key: pair.key, value: pair.value };
}

function rangeOf(node: unknown): Range | undefined {
  const range = (node as Node | null | undefined)?.range;
  return range ? [range[0], range[1]] : undefined;
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}
