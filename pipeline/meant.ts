import { durationPattern } from './duration.ts';

/** What somebody most likely meant who wrote a value in the words of another tool. Undefined where that is anybody's guess. */

/** Longer or unbreakable than the one that a keyboard has, as word processors and web pages put in its place. */
const foreignHyphen = /[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/g;

export function hasForeignHyphen(input: unknown): boolean {
  return typeof input === 'string' && input.search(foreignHyphen) >= 0;
}

export function withPlainHyphens(text: string): string {
  return text.replaceAll(foreignHyphen, '-');
}

export function nameMeant(input: unknown): string | undefined {
  if (typeof input !== 'string' || input.length > 63) return undefined;
  const name = withPlainHyphens(input.toLowerCase()).replaceAll(/[ _.]/g, '-');
  return /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) ? name : undefined;
}

const yes = new Set(['yes', 'y', 'on', 'true', 'enabled', '1']);
const no = new Set(['no', 'n', 'off', 'false', 'disabled', '0']);

export function booleanMeant(input: unknown): string | undefined {
  const word = String(input).trim().toLowerCase();
  if (yes.has(word)) return 'true';
  return no.has(word) ? 'false' : undefined;
}

const units: Record<string, [seconds: number, unit: string]> = {
  ...named(1, 's', ['s', 'sec', 'secs', 'second', 'seconds']),
  ...named(60, 'm', ['m', 'min', 'mins', 'minute', 'minutes']),
  ...named(3_600, 'h', ['h', 'hr', 'hrs', 'hour', 'hours']),
  ...named(86_400, 'd', ['d', 'day', 'days']),
  ...named(604_800, 'w', ['w', 'week', 'weeks']),
};

function named(seconds: number, unit: string, words: readonly string[]): Record<string, [number, string]> {
  return Object.fromEntries(words.map((word) => [word, [seconds, unit]]));
}

/** A bare number counts seconds in most files of this kind; few of them could be any unit. */
const clearlySeconds = 60;

export function durationMeant(input: unknown): string | undefined {
  if (typeof input === 'number') return input >= clearlySeconds ? checked(`${input}s`) : undefined;
  if (typeof input !== 'string' || input.length > 40) return undefined;
  const text = input.trim().toLowerCase();
  if (/^[0-9]+$/.test(text)) return durationMeant(Number(text));
  const parts = [...text.matchAll(/([0-9]{1,9}(?:\.[0-9]{1,3})?)[ -]?([a-z]{1,10}) ?/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined;
  const known = parts.map(([, amount, word]) => ({ amount: Number(amount), unit: units[word!] }));
  if (known.some(({ unit }) => unit === undefined)) return undefined;
  const [only] = known;
  if (known.length === 1 && only!.unit![1] !== 'w' && Number.isInteger(only!.amount)) {
    return checked(`${only!.amount}${only!.unit![1]}`);
  }
  return inOneUnit(known.reduce((sum, { amount, unit }) => sum + amount * unit![0], 0));
}

function inOneUnit(seconds: number): string | undefined {
  const fitting = ['d', 'h', 'm', 's'].find((unit) => seconds % units[unit]![0] === 0);
  return fitting === undefined ? undefined : checked(`${seconds / units[fitting]![0]}${fitting}`);
}

function checked(text: string): string | undefined {
  return durationPattern.test(text) ? text : undefined;
}

/** Days before months, as with dots; with slashes only where the numbers leave one reading. */
export function dateMeant(input: unknown): string | undefined {
  if (typeof input !== 'string') return undefined;
  const first = /^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})$/.exec(input);
  if (first) return date(first[1]!, first[2]!, first[3]!);
  const last = /^([0-9]{1,2})([./-])([0-9]{1,2})[./-]([0-9]{4})$/.exec(input);
  if (!last) return undefined;
  const [, a = '', dot, b = '', year = ''] = last;
  if (dot === '.') return date(year, b, a);
  const readings = [date(year, b, a), date(year, a, b)].filter((one) => one !== undefined);
  return new Set(readings).size === 1 ? readings[0] : undefined;
}

function date(year: string, month: string, day: string): string | undefined {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  return new Date(time || 0).toISOString().startsWith(text) ? text : undefined;
}

/** A host with its port, as `host:port` or as an address. */
export function hostAndPort(input: unknown): { scheme: string; host: string; port: string } | undefined {
  if (typeof input !== 'string' || input.length > 300) return undefined;
  const found = /^(?:([a-z]{1,10}):\/\/)?([a-z0-9_][a-z0-9._-]*):([1-9][0-9]{0,4})\/?$/i.exec(input);
  return found ? { scheme: found[1] ?? '', host: found[2]!.toLowerCase(), port: found[3]! } : undefined;
}

/** The name of a host that was written in capitals, or as an address without a port. */
export function hostMeant(input: unknown): string | undefined {
  if (typeof input !== 'string' || input.length > 300) return undefined;
  const [, host] = /^(?:[a-z]{1,10}:\/\/)?([a-z0-9_][a-z0-9._-]*?)\.?(?:\/\S*)?$/i.exec(input) ?? [];
  return host?.includes('.') && /[a-z]/i.test(host) ? host.toLowerCase() : undefined;
}

/** Marks of shells, and quotes: splitting at spaces would not give the arguments that are meant. */
const shellMark = /["'`$|&;<>()\\{}[\]*?~#]/;

/** The arguments of a command that was written as one text; undefined where only a shell would know them. */
export function argumentsMeant(text: string): string[] | undefined {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return words.length === 0 || shellMark.test(text) ? undefined : words;
}

/** The entries of a list that was written as one text: `a`, `a, b`, `[a`, `(a, b)`, `- a`. */
export function entriesMeant(text: string): string[] | undefined {
  const bare = text.replace(/^[[(-]/, '').replace(/[\])]$/, '');
  const entries = bare.split(',').map((entry) => entry.trim());
  return entries.every((entry) => /^[^\s()[\]{}"']+$/.test(entry)) ? entries : undefined;
}

/** Quotes of typesetters, which YAML takes for letters, and spaces that do not break. */
const typeset = /[\u2018-\u201F\u00AB\u00BB\u2039\u203A]/g;
const wideSpace = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/g;

/** What is wrong with the characters of a text, and the text without that. */
export function plainlyTyped(text: string): { message: string; text: string } | undefined {
  if (/^[\u2018-\u201F\u00AB\u00BB\u2039\u203A]/.test(text)) {
    return {
      message: 'has quotes that YAML does not know (`“…”`): only `\'…\'` and `"…"` are quotes',
      text: text.replaceAll(typeset, ''),
    };
  }
  if (/[^,;][,;]$/.test(text)) {
    return { message: `ends with \`${text.at(-1)}\`, which is a part of the text here`, text: text.slice(0, -1) };
  }
  if (text.search(wideSpace) < 0) return undefined;
  return { message: 'has a no-break space in it', text: text.replaceAll(wideSpace, ' ').trim() };
}

/** Where, counted from 1, such a space stands for one that YAML reads: in the indentation, or behind a colon, dash, comma or bracket. */
export function wideSpaceAt(line: string): number | undefined {
  const found = /^ *(?=[\u00A0\u2000-\u200A\u202F\u3000])|(?<=[:,[{-])(?=[\u00A0\u2000-\u200A\u202F\u3000])/.exec(line);
  return found && !/^\s*#/.test(line) ? found.index + found[0].length + 1 : undefined;
}
