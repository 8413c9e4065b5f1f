import type { Path } from './problem.ts';

type Shape = Record<string, unknown>;

/** Keys that the schema (as JSON Schema) knows at a path. */
export function keysAt(shape: unknown, path: Path): string[] {
  return [
    ...new Set(
      reachedAt(shape, path).flatMap((inner) => Object.keys((inner['properties'] as Shape | undefined) ?? {})),
    ),
  ];
}

/** One of several kinds of values that may stand at a path. */
export interface Kind {
  kind: string;
  keys: string[];
  /** Those that must be there. */
  required: string[];
}

/** By the `kind` that is written in them. Empty where there is only one. */
export function kindsAt(shape: unknown, path: Path): Kind[] {
  return reachedAt(shape, path).flatMap(({ properties = {}, required = [] }) => {
    const { kind } = properties as Record<string, Shape>;
    if (typeof kind?.['const'] !== 'string') return [];
    const keys = Object.keys(properties as Shape);
    return [{ kind: kind['const'], keys, required: required as string[] }];
  });
}

/** Whether keys and values, and nothing else, belong at a path. */
export function isTableAt(shape: unknown, path: Path): boolean {
  const reached = reachedAt(shape, path);
  return reached.length > 0 && reached.every(({ type }) => type === 'object');
}

function reachedAt(shape: unknown, path: Path): Shape[] {
  return path.reduce<Shape[]>((shapes, step) => shapes.flatMap((inner) => stepInto(inner, step)), alternatives(shape));
}

function stepInto(shape: Shape, step: string | number): Shape[] {
  if (typeof step === 'number') return alternatives(shape['items']);
  const properties = (shape['properties'] as Shape | undefined) ?? {};
  return alternatives(Object.hasOwn(properties, step) ? properties[step] : shape['additionalProperties']);
}

function alternatives(shape: unknown): Shape[] {
  if (shape === null || typeof shape !== 'object') return [];
  const inner = shape as Shape;
  const several = (inner['oneOf'] ?? inner['anyOf']) as unknown[] | undefined;
  return several ? several.flatMap(alternatives) : [inner];
}
