import { z } from 'zod';
import { hintFor, nearest } from '../domain/nearest.ts';
import { adviceOnType, correctionOfForm, hintOfForm } from './corrections.ts';
import type { Wrong } from './corrections.ts';
import { forms } from './forms.ts';
import { hasForeignHyphen, hostAndPort, plainlyTyped } from './meant.ts';
import { misplacedKeys } from './misplaced.ts';
import { withoutLineNumber } from './numbered-lines.ts';
import { problemLimit } from './problem.ts';
import type { Finding, Path } from './problem.ts';
import { keysAt, kindsAt } from './shapes.ts';
import { valueAt } from './value-at.ts';
import { togetherByList, wrongEntries } from './wrong-entries.ts';
import { writtenText } from './written.ts';

/** What a file says: as it was read, and the text that it was read from. */
export interface Said {
  value: unknown;
  written(path: Path): string | undefined;
}

/** Says each of zod's issues in plain words, with what was probably meant where that can be told. */
export function findingsOf(schema: z.ZodType, issues: readonly z.core.$ZodIssue[], said: Said): Finding[] {
  const shape = z.toJSONSchema(schema, { io: 'input' });
  const found = togetherByList(issues.slice(0, problemLimit)).flatMap((group) => {
    if (group.length === 1) return findings(shape, group[0]!, said);
    const list = pathOf(group[0]!).slice(0, -1);
    return [wrongEntries(group as z.core.$ZodIssueInvalidValue[], list, valueAt(said.value, list))];
  });
  const misplaced = misplacedKeys(shape, said.value, found);
  return misplaced.length > 0 ? misplaced : found;
}

export function pathOf({ path }: z.core.$ZodIssue): Path {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}

function findings(shape: unknown, issue: z.core.$ZodIssue, said: Said): Finding[] {
  const path = pathOf(issue);
  const { input } = issue;
  const wrong: Wrong = { path, input, written: said.written(path), shape };
  const mistyped = typeof input === 'string' && issue.code !== 'invalid_key' ? mistypedText(path, input) : undefined;
  if (mistyped) return [mistyped];
  switch (issue.code) {
    case 'unrecognized_keys':
      return unknownKeys(issue.keys.slice(0, problemLimit), wrong);
    case 'invalid_key':
      return [wrongKey(path, issue.issues[0]?.message ?? 'is not a valid key')];
    case 'invalid_type':
      return [wrongType(issue, wrong)];
    case 'invalid_value':
      return [wrongWord(path, issue.values.map(String), input, issue.message)];
    case 'invalid_union':
      return meantForm(issue)?.flatMap((inner) => findings(shape, inner, said)) ?? [wrongUnion(path, issue)];
    default:
      return [wrongForm(path, issue.message, input)];
  }
}

/** Of a value with several forms, what is wrong in the one that was meant: the only one of its kind. */
function meantForm({ path, errors }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  const isOtherKind = ({ code, path: inner }: z.core.$ZodIssue) =>
    inner.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
  const [meant, ...others] = errors.filter((issues) => issues.length > 0 && !issues.some(isOtherKind));
  if (!meant || others.length > 0) return undefined;
  return meant.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
}

function unknownKeys(keys: string[], { path, input, shape }: Wrong): Finding[] {
  const table = input as Record<string, unknown>;
  const kinds = kindsAt(shape, path);
  const here = kinds.find(({ kind }) => kind === table['kind']);
  const known = here?.keys ?? keysAt(shape, path);
  return keys.map((key) => {
    const others = here ? kinds.filter((other) => other.keys.includes(key)).map(({ kind }) => kind) : [];
    const missing = here?.required.filter((one) => !Object.hasOwn(table, one)) ?? [];
    return {
      path: [...path, key],
      message: `unknown key \`${key}\``,
      atKey: true,
      ...(here && others.length > 0
        ? { ofOtherKinds: { others, kind: here.kind, missing } }
        : { hint: () => hintFor(withoutLineNumber(key), known), unknownKey: true }),
    };
  });
}

function wrongKey(path: Path, message: string): Finding {
  const key = String(path.at(-1));
  const meant = correctionOfForm(message, key);
  return {
    path,
    message: `\`${key}\` ${meant !== undefined && hasForeignHyphen(key) ? foreignHyphen : message}`,
    atKey: true,
    hint: meant && `write \`${meant}:\``,
    correction: meant,
    ...(message === forms.name && { wrongName: key }),
  };
}

function mistypedText(path: Path, input: string): Finding | undefined {
  const typed = plainlyTyped(input);
  if (!typed) return undefined;
  const { text, message } = typed;
  const correction = /^(true|false|[0-9]+)$/.test(text) ? text : writtenText(text);
  return { path, message: `${subjectOf(path)} ${message}`, correction };
}

function subjectOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? 'the entry' : `\`${last}\``;
}

const foreignHyphen = 'has a dash that looks like `-` and is another character';

/** Messages that begin with a verb get their subject; whole sentences stay as they are. */
function wrongForm(path: Path, form: string, input: unknown): Finding {
  const correction = correctionOfForm(form, input);
  const says = correction !== undefined && hasForeignHyphen(input) ? foreignHyphen : form;
  const message = /^(must|looks|has) /.test(says) ? `${subjectOf(path)} ${says}` : says;
  if (correction === undefined && form === forms.hostName) {
    const written = hostAndPort(input);
    if (written) {
      const hint = `write \`host: ${written.host}\` and \`port: ${written.port}\``;
      return { path, message, hint, settles: ['port'] };
    }
  }
  const hint = correction === undefined ? hintOfForm(form, input) : undefined;
  const wrongName = form === forms.name && typeof input === 'string' ? { wrongName: input } : {};
  return { path, message, correction, hint, ...wrongName };
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

function missing(path: Path): Finding {
  return { path, message: `${subjectOf(path)} is missing`, missing: true };
}

function wrongType({ expected, message }: z.core.$ZodIssueInvalidType, wrong: Wrong): Finding {
  const { path, input } = wrong;
  const wanted = words[expected] ?? expected;
  if (input === undefined) return missing(path);
  if (input === null)
    return {
      path,
      message: `${subjectOf(path)} is empty`,
      hint: `it must be ${wanted}`,
      empty: true,
      emptyTable: wanted === words['object'],
    };
  if (message.startsWith('must')) return wrongForm(path, message, input);
  const says = `${subjectOf(path)} must be ${wanted}, not ${kindOf(input)}`;
  return { path, message: says, ...adviceOnType(expected, wrong) };
}

function kindOf(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'string') return 'a text';
  if (typeof input === 'number') return 'a number';
  return typeof input === 'boolean' ? `${input}` : 'keys and values';
}

function wrongWord(path: Path, known: string[], input: unknown, form: string): Finding {
  if (input === undefined) return missing(path);
  if (form.startsWith('must')) return wrongForm(path, form, input);
  const list = known.map((word) => `\`${word}\``).join(', ');
  const near = typeof input === 'string' ? nearest(input, known) : undefined;
  const hint = near === undefined ? undefined : `did you mean \`${near}\`?`;
  return { path, message: `${subjectOf(path)} must be one of ${list}`, hint, correction: near };
}

function wrongUnion(path: Path, issue: z.core.$ZodIssueInvalidUnion): Finding {
  const { discriminator, options, input } = issue as { discriminator?: string; options?: unknown[]; input?: unknown };
  if (discriminator === undefined) return wrongForm(path, issue.message, input);
  const given = (input as Record<string, unknown>)[discriminator];
  const known = (options ?? []).map(String);
  const finding = wrongWord(path, known, given, '');
  return finding.missing
    ? { ...finding, hint: `it is one of ${known.map((kind) => `\`${kind}\``).join(', ')}` }
    : finding;
}
