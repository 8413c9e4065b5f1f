import { z } from 'zod';
import { findingsOf } from './issues.ts';
import type { Finding, Path } from './problem.ts';

const ignorable = z.object({ mayIgnore: z.array(z.string()).catch([]) }).catch({ mayIgnore: [] });

/**
 * The value without the keys that the schema does not know and that the file itself, in `mayIgnore`, lets older versions ignore. Only whoever
 * writes a key can say whether a process that does not know it may go on without it: another key may be what forbids something. What was
 * left out goes to `ignored`.
 */
export function withoutIgnorable(schema: z.ZodType, value: unknown, ignored: Finding[]): unknown {
  const patterns = ignorable.parse(value).mayIgnore.map((pattern) => pattern.split('.'));
  if (patterns.length === 0) return value;
  const issues = schema.safeParse(value, { reportInput: true }).error?.issues ?? [];
  const unknown = issues.filter((issue) => issue.code === 'unrecognized_keys');
  const copy = structuredClone(value);
  for (const finding of findingsOf(schema, unknown, { value, written: () => undefined })) {
    if (!patterns.some((pattern) => fits(pattern, finding.path))) continue;
    remove(copy, finding.path);
    ignored.push({
      ...finding,
      hint: undefined,
      message: `${finding.message}, which this version ignores: the file says that it may`,
    });
  }
  return copy;
}

function fits(pattern: readonly string[], path: Path): boolean {
  return pattern.length === path.length && pattern.every((part, index) => part === '*' || part === String(path[index]));
}

function remove(value: unknown, path: Path): void {
  const [key, ...rest] = path;
  if (value === null || typeof value !== 'object' || key === undefined) return;
  if (rest.length > 0) return remove((value as Record<string, unknown>)[key], rest);
  Reflect.deleteProperty(value, key);
}
