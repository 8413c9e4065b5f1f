import { z } from 'zod';
import { pipelineSchema } from './pipeline-schema.ts';
import { policySchema } from './policy-schema.ts';
import { pipelineExample, policyExample } from './schema-examples.ts';

/** JSON Schema (draft 2020-12) of `slipway.yaml`, for editors. Rules between values are only checked by the loader. */
export function pipelineJsonSchema(): Record<string, unknown> {
  return { ...withExamples(pipelineSchema, pipelineExample), title: 'slipway.yaml' };
}

/** The same for the operator's policy file. */
export function policyJsonSchema(): Record<string, unknown> {
  return { ...withExamples(policySchema, policyExample), title: 'Slipway policy' };
}

type Shape = Record<string, unknown>;

function withExamples(schema: z.ZodType, whole: unknown): Shape {
  const shape: Shape = z.toJSONSchema(schema, { io: 'input' });
  addExamples(shape, [whole]);
  return shape;
}

/** Gives every key below the shape an example: its first value among those that the whole example has in that place. */
function addExamples(shape: Shape, values: readonly unknown[]): void {
  for (const [key, inner] of Object.entries((shape['properties'] ?? {}) as Record<string, Shape>)) {
    const found = tables(values).flatMap((table) => (Object.hasOwn(table, key) ? [table[key]] : []));
    if (found.length > 0) inner['examples'] = [found[0]];
    addExamples(inner, found);
  }
  if (isShape(shape['additionalProperties'])) {
    addExamples(shape['additionalProperties'], tables(values).flatMap(Object.values));
  }
  if (isShape(shape['items'])) addExamples(shape['items'], values.filter(Array.isArray).flat());
  for (const other of ((shape['oneOf'] ?? shape['anyOf']) as Shape[] | undefined) ?? []) {
    const kind = (other['properties'] as Record<string, Shape> | undefined)?.['kind']?.['const'];
    addExamples(other, kind === undefined ? values : tables(values).filter((table) => table['kind'] === kind));
  }
}

function tables(values: readonly unknown[]): Shape[] {
  return values.filter(isShape);
}

function isShape(value: unknown): value is Shape {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
