import { imagePath, namesRegistry } from './fields.ts';
import { forms } from './forms.ts';
import {
  argumentsMeant,
  booleanMeant,
  dateMeant,
  durationMeant,
  entriesMeant,
  hostAndPort,
  hostMeant,
  nameMeant,
  withPlainHyphens,
} from './meant.ts';
import type { Path } from './problem.ts';
import { keysAt } from './shapes.ts';
import { quoted, writtenList, writtenText, writtenValue } from './written.ts';

/** A value that has the wrong form. */
export interface Wrong {
  path: Path;
  input: unknown;
  /** As the file has it: `3.10` is not the number that it is read as. */
  written?: string | undefined;
  /** The schema of the file, as JSON Schema. */
  shape: unknown;
}

/** A value to put in the place of the wrong one, or what to do where the value itself cannot be known. */
export interface Advice {
  correction?: string | undefined;
  hint?: string | undefined;
}

/** What belongs in the place of a value that is no `expected` (in zod's words). */
export function adviceOnType(expected: string, wrong: Wrong): Advice {
  const { input, written } = wrong;
  if (tooLong(input)) return {};
  switch (expected) {
    case 'boolean':
      return { correction: booleanMeant(input) };
    case 'string':
      return typeof input === 'number' || typeof input === 'boolean'
        ? { correction: quoted(written ?? String(input)) }
        : {};
    case 'array':
      return listAdvice(wrong);
    case 'object':
    case 'record':
      if (expected === 'object' && takesRecords(wrong))
        return { correction: writtenValue({ oneOf: recordsMeant(input) }) };
      if (Array.isArray(input)) return { hint: withoutDash(keyOfFirst(input)) };
      return groupAdvice(wrong) ?? { correction: tableMeant(wrong) };
    default:
      return {};
  }
}

/** For entries of a list where there should be keys. */
export function withoutDash(line: string | undefined): string {
  return `write each as a key, without \`-\`${line === undefined ? '' : `: \`${line}\``}`;
}

function keyOfFirst([first]: readonly unknown[]): string | undefined {
  if (typeof first === 'string') return `${writtenText(first)}:`;
  if (first === null || typeof first !== 'object') return undefined;
  const [entry] = Object.entries(first);
  return entry && `${writtenText(entry[0])}:${typeof entry[1] === 'object' ? '' : ` ${writtenValue(entry[1])}`}`;
}

/** What belongs in the place of a value that has not the form asked for. */
export function correctionOfForm(form: string, input: unknown): string | undefined {
  if (tooLong(input)) return undefined;
  return valueMeant(form, typeof input === 'string' ? withPlainHyphens(input) : input);
}

function valueMeant(form: string, input: unknown): string | undefined {
  switch (form) {
    case forms.name:
      return nameMeant(input);
    case forms.duration:
    case forms.durationOrOff:
      return durationMeant(input);
    case forms.date:
      return dateMeant(input);
    case forms.image:
    case forms.imageHost:
      return imageMeant(input);
    case forms.url:
      return addressMeant(input);
    case forms.hostName:
    case forms.domainName:
      return hostMeant(input);
    case forms.registry:
      return registryMeant(input);
    case forms.endpointHost:
      return allowedHostMeant(input);
    case forms.pathPrefix:
      return typeof input === 'string' ? /^([\w./-]+\/)\*{1,2}(\/\*)?$/.exec(input)?.[1] : undefined;
    case forms.wholeNumber:
      return typeof input === 'string' && /^[0-9]{1,9}$/.test(input) ? String(Number(input)) : undefined;
    case forms.version:
      return '1';
    default:
      return undefined;
  }
}

/** What to do where the right value is not known. */
export function hintOfForm(form: string, input: unknown): string | undefined {
  switch (form) {
    case forms.doubleStar:
      return "write one entry for each depth, such as `'*'` and `'*/*'`";
    case forms.noSecret:
      return 'take it out and have it replaced, since others may have seen it; programs get secrets from Kubernetes when they run';
    case forms.headerValue:
      return typeof input === 'number' || typeof input === 'boolean' ? 'put it in quotes' : undefined;
    case forms.duration:
      return typeof input === 'number' ? 'write a unit behind the number: `s`, `m`, `h` or `d`' : undefined;
    default:
      return undefined;
  }
}

/** Nobody means such a value, and looking for what it could be takes time. */
function tooLong(input: unknown): boolean {
  return typeof input === 'string' && input.length > 500;
}

/** The registry of the environment goes before the repository, and the engine sets tags itself. */
function imageMeant(input: unknown): string | undefined {
  if (typeof input !== 'string') return undefined;
  const address = input.replace(/^[a-z]{1,10}:\/\//, '');
  const path = namesRegistry(address) ? address.slice(address.indexOf('/') + 1) : address;
  const [tagged = ''] = path.split('@');
  const colon = tagged.lastIndexOf(':');
  const bare = (colon > tagged.lastIndexOf('/') ? tagged.slice(0, colon) : tagged).toLowerCase();
  return imagePath.test(bare) ? bare : undefined;
}

function registryMeant(input: unknown): string | undefined {
  if (typeof input !== 'string') return undefined;
  return /^https?:\/\/[^/]/.test(input) ? input.replace(/^https?:\/\//, '').toLowerCase() : undefined;
}

/** The host alone: whichever address of it is asked is for slipway.yaml to say. */
function allowedHostMeant(input: unknown): string | undefined {
  const found =
    typeof input === 'string' ? /^(?:https?:\/\/)?((?:\*\.)?[a-z0-9.-]+)(?::[0-9]+)?(?:\/\S*)?$/i.exec(input) : null;
  return found?.[1] && writtenText(found[1].toLowerCase());
}

function addressMeant(input: unknown): string | undefined {
  if (typeof input !== 'string' || !/^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)+(:[0-9]+)?(\/\S*)?$/i.test(input))
    return undefined;
  return quoted(`https://${input}`);
}

function listAdvice({ path, input, written, shape }: Wrong): Advice {
  if (typeof input === 'string') {
    if (path.includes('commands')) {
      const words = argumentsMeant(input);
      if (words) return { correction: writtenList(words) };
      return { hint: 'no shell reads it: write the program and each of its arguments as an entry of a list' };
    }
    const entries = entriesMeant(input);
    if (!entries) return { hint: 'write a list: `[…, …]`' };
    if (keysAt(shape, [...path, 0]).length === 0) return { correction: writtenList(entries) };
    const tables = entries.map((entry) => tableMeant({ path: [...path, 0], input: entry, shape }));
    return tables.every((table) => table !== undefined) ? { correction: `[${tables.join(', ')}]` } : {};
  }
  if (typeof input === 'object') return entriesInBraces(input) ?? { hint: 'begin each entry with `- `' };
  return typeof input === 'number' ? { correction: `[${quoted(written ?? String(input))}]` } : {};
}

/** `{a, b}` is read as keys that have no values. */
function entriesInBraces(input: object | null): Advice | undefined {
  const entries = Object.entries(input ?? {});
  const areNames = entries.length > 0 && entries.every(([, value]) => value === null);
  return areNames ? { correction: writtenList(entries.map(([name]) => name)) } : undefined;
}

/** Keys and values for which somebody wrote the one value that everything turns on. */
function tableMeant({ path, input, shape }: Wrong): string | undefined {
  if (typeof input !== 'string') return undefined;
  const keys = keysAt(shape, path);
  const text = writtenText(input);
  const has = (...names: string[]) => names.every((name) => keys.includes(name));
  if (has('deployment', 'containers')) return `{ deployment: ${text}, containers: [${text}] }`;
  if (has('regions', 'bake')) return `{ regions: [${text}] }`;
  if (has('dockerfile', 'context')) return `{ context: ${text} }`;
  if (has('partial', 'confirm')) return `{ partial: ${text} }`;
  if (has('timeout', 'imagePull')) return `{ timeout: ${text} }`;
  if (!has('kind', 'url', 'status')) return undefined;
  const listening = hostAndPort(input);
  if (listening && ['tcp', 'grpc'].includes(listening.scheme))
    return `{ kind: ${listening.scheme}, host: ${listening.host}, port: ${listening.port} }`;
  if (/^https?:\/\//.test(input)) return `{ kind: http, url: ${quoted(input)} }`;
  return undefined;
}

/** What a name must be, where it is looked up. */
function takesRecords({ path, input, shape }: Wrong): boolean {
  const keys = keysAt(shape, path);
  const isText = (one: unknown) => typeof one === 'string';
  return keys.includes('oneOf') && (isText(input) || (Array.isArray(input) && input.length > 0 && input.every(isText)));
}

function recordsMeant(input: unknown): unknown[] {
  return Array.isArray(input) ? input : [input];
}

/** Who may approve cannot be told from a word. */
function groupAdvice({ path, input, shape }: Wrong): Advice | undefined {
  if (!keysAt(shape, path).includes('quorum')) return undefined;
  if (booleanMeant(input) === 'false' || input === 'none' || input === 'auto') {
    return { correction: '{ required: false }' };
  }
  const key = String(path.at(-1));
  return { hint: `write \`${key}: { required: true, groups: [...] }\`, with the groups whose people may approve` };
}
