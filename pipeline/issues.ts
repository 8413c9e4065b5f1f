import { z } from 'zod';
import { hintFor } from '../domain/nearest.ts';
import { problemLimit } from './problem.ts';
import type { Finding, Path } from './problem.ts';

/** Says each of zod's issues in plain words, with a hint where a known word is close. */
export function findingsOf(schema: z.ZodType, issues: readonly z.core.$ZodIssue[]): Finding[] {
  const shape = z.toJSONSchema(schema, { io: 'input' });
  return issues.slice(0, problemLimit).flatMap((issue) => findings(shape, issue));
}

function findings(shape: unknown, issue: z.core.$ZodIssue): Finding[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const last = String(path.at(-1) ?? 'the file');
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, problemLimit).map((key) => ({
        path: [...path, key],
        message: `unknown key \`${key}\``,
        hint: () => keyHint(key, keysAt(shape, path)),
        atKey: true,
      }));
    case 'invalid_key':
      return [{ path, message: `\`${last}\` ${issue.issues[0]?.message ?? 'is not a valid key'}`, atKey: true }];
    case 'invalid_type':
      return [wrongType(path, last, issue)];
    case 'invalid_value':
      return [wrongWord(path, last, issue.values.map(String), issue.input, issue.message)];
    case 'invalid_union':
      return [wrongUnion(path, last, issue)];
    default:
      return [{ path, message: sentence(last, path, issue.message) }];
  }
}

function keyHint(key: string, known: string[]): string | undefined {
  return known.includes(key) ? 'it belongs to another `kind`' : hintFor(key, known);
}

/** Messages that begin with a verb get their subject; whole sentences stay as they are. */
function sentence(last: string, path: Path, message: string): string {
  if (!message.startsWith('must')) return message;
  return typeof path.at(-1) === 'number' ? `the entry ${message}` : `\`${last}\` ${message}`;
}

const words: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
};

function wrongType(path: Path, last: string, issue: z.core.$ZodIssueInvalidType): Finding {
  const { expected, input, message } = issue;
  const wanted = words[expected] ?? expected;
  const subject = typeof path.at(-1) === 'number' ? 'the entry' : path.length === 0 ? 'the file' : `\`${last}\``;
  if (input === undefined) return { path, message: `${subject} is missing` };
  if (input === null) return { path, message: `${subject} is empty`, hint: `it must be ${wanted}` };
  if (message.startsWith('must')) return { path, message: sentence(last, path, message) };
  const quotes = expected === 'string' && (typeof input === 'number' || typeof input === 'boolean');
  const hint = quotes ? 'put it in quotes' : undefined;
  return { path, message: `${subject} must be ${wanted}, not ${kindOf(input)}`, hint };
}

function kindOf(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'string') return 'a text';
  if (typeof input === 'number') return 'a number';
  return typeof input === 'boolean' ? `${input}` : 'keys and values';
}

function wrongWord(path: Path, last: string, known: string[], input: unknown, message: string): Finding {
  if (input === undefined) return { path, message: `\`${last}\` is missing` };
  if (message.startsWith('must')) return { path, message: sentence(last, path, message) };
  const list = known.map((word) => `\`${word}\``).join(', ');
  const subject = typeof path.at(-1) === 'number' ? 'the entry' : `\`${last}\``;
  const near = typeof input === 'string' ? hintFor(input, known) : undefined;
  return { path, message: `${subject} must be one of ${list}`, hint: near?.startsWith('did') ? near : undefined };
}

function wrongUnion(path: Path, last: string, issue: z.core.$ZodIssueInvalidUnion): Finding {
  const { discriminator, options, input } = issue as { discriminator?: string; options?: unknown[]; input?: unknown };
  if (discriminator === undefined) return { path, message: sentence(last, path, issue.message) };
  const given = (input as Record<string, unknown>)[discriminator];
  return wrongWord(path, last, (options ?? []).map(String), given, '');
}

type Shape = Record<string, unknown>;

/** Keys that the schema knows at a path. */
function keysAt(shape: unknown, path: Path): string[] {
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
