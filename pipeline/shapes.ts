import type { Path } from './problem.ts';

type Shape = Record<string, unknown>;

/** Keys that the schema (as JSON Schema) knows at a path. */
export function keysAt(shape: unknown, path: Path): string[] {
  const reached = path.reduce<Shape[]>(
    (shapes, step) => shapes.flatMap((inner) => stepInto(inner, step)),
    alternatives(shape),
  );
  return [...new Set(reached.flatMap((inner) => Object.keys((inner['properties'] as Shape | undefined) ?? {})))];
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
