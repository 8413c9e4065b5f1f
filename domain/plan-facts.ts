import { canonicalJson } from './canonical.ts';
import { parsePinnedImage, isPinnedImage } from './images.ts';
import { needsOf } from './plan-needs.ts';
import { inOrder, inWords } from './plan-words.ts';
import type { Spoken } from './plan-words.ts';
import { inQuotes, quoted, quotedItem } from './visible.ts';

/** One thing that a plan says. Together they say all of it: every leaf is in one of them. */
export interface PlanFact extends Spoken {
  /** Names, not positions, wherever the entries of a list have names. */
  path: string[];
  /** As text for people, on one line; different values are different texts. */
  text: string;
  /** Those of a list, one by one; of a command, the words mean nothing apart. */
  items?: string[];
  value: unknown;
}

/** What entries of a list are called by, where all have it and no two the same. */
const nameKeys = ['name', 'deployment', 'database', 'gate'];

/**
 * A plan taken apart, in the order of its sections. It goes by what is there, not by what it knows: a field that was added later, or that
 * should not be there, is a fact as well.
 */
export function factsOf(plan: unknown): PlanFact[] {
  const { rest, needs } = apart(plan);
  return inOrder([...factsAt(rest, []), ...needs], ({ section }) => section);
}

/** What must be understood follows from all the rest: it is a fact of its own only where it is anything else than what follows. */
function apart(plan: unknown): { rest: unknown; needs: PlanFact[] } {
  if (!isRecord(plan)) return { rest: plan, needs: [] };
  const { needs, ...rest } = plan;
  const follows = needsOf(rest);
  const path = ['needs'];
  if (needs === undefined) return { rest, needs: follows.length === 0 ? [] : [aFact(path, undefined, '{not said}')] };
  const isAsItFollows = follows.length > 0 && canonicalJson(needs) === canonicalJson(follows);
  return { rest, needs: isAsItFollows ? [] : factsAt(needs, path) };
}

export function keyOf({ path }: Pick<PlanFact, 'path'>): string {
  return JSON.stringify(path);
}

function factsAt(value: unknown, path: string[]): PlanFact[] {
  if (Array.isArray(value)) return factsOfList(value, path);
  if (value === null || typeof value !== 'object') return factsOfScalar(value, path);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  if (entries.length === 0) return [aFact(path, value, '{}')];
  return entries.flatMap(([key, inner]) => factsAt(inner, [...path, key]));
}

function factsOfList(list: unknown[], path: string[]): PlanFact[] {
  if (list.every((one) => one === null || typeof one !== 'object')) {
    const spoken = inWords(path);
    const isCommand = /\.commands\.|\.command$/.test(spoken.pattern ?? '');
    const items = list.map((one) => (typeof one === 'string' ? quotedItem(one) : scalarText(one, '')));
    const text = items.join(isCommand ? ' ' : ', ') || noneIn(spoken.pattern);
    return [{ ...spoken, path, value: list, text, ...(!isCommand && { items }) }];
  }
  const key = nameKeys.find((name) => isNameOf(list, name));
  if (key === undefined) {
    const inner = list.flatMap((one, at) => factsAt(one, [...path, `#${at + 1}`]));
    return [aFact(path, list, String(list.length)), ...inner];
  }
  const named = (list as Record<string, unknown>[]).map(({ [key]: name, ...rest }) => ({ name: name as string, rest }));
  const items = named.map(({ name }) => quotedItem(name));
  return [
    { ...inWords(path), path, value: named.map(({ name }) => name), text: items.join(', '), items },
    ...named.flatMap(({ name, rest }) =>
      Object.entries(rest).flatMap(([inner, value]) =>
        value === undefined ? [] : factsAt(value, [...path, name, inner]),
      ),
    ),
  ];
}

/** Of a list of what is taken away it is said that nothing is: that is what somebody asks. */
function noneIn(pattern: string | undefined): string {
  return pattern === 'migrations.*.contracting' ? 'nothing' : 'none';
}

function isNameOf(list: unknown[], key: string): boolean {
  const names = list.map((one) => (isRecord(one) ? one[key] : undefined));
  return names.every((name) => typeof name === 'string' && name !== '') && new Set(names).size === names.length;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An image is two things: whose it is, and which one. */
function factsOfScalar(value: unknown, path: string[]): PlanFact[] {
  if (path.at(-1) !== 'image' || typeof value !== 'string' || !isPinnedImage(value))
    return [aFact(path, value, scalarText(value, path.at(-1) ?? ''))];
  const parts = Object.entries(parsePinnedImage(value));
  return parts.map(([part, text]) => aFact([...path, part], text, quoted(text)));
}

function aFact(path: string[], value: unknown, text: string): PlanFact {
  return { ...inWords(path), path, value, text };
}

function scalarText(value: unknown, key: string): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return key.endsWith('Ms') ? inQuotes(value) : quoted(value);
  if (typeof value === 'number' && key.endsWith('Ms')) return exactly(value);
  return String(value);
}

const units = [
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A time without rounding: in the largest unit that holds it a whole number of times. */
export function exactly(ms: number): string {
  const unit = Number.isSafeInteger(ms) && ms !== 0 ? units.find(([, size]) => ms % size === 0) : undefined;
  if (!unit) return `${ms} ms`;
  const [name, size] = unit;
  const count = ms / size;
  return `${count} ${name === 'days' && count === 1 ? 'day' : name}`;
}
