import { hidden, knownSecrets } from './known-secrets.ts';
import { keyMark, privateKey } from './private-keys.ts';
import { tokenShapes } from '../../domain/secret-shapes.ts';
import { head } from '../../domain/whole-text.ts';

/**
 * Takes secrets out of text that the outside world wrote (logs, events, error bodies) before anybody stores or shows it: those that this
 * process knows, in whatever form they are written, and what has the shape of one. It cannot know a password of others that looks like a word.
 */
export function redact(text: string): string {
  return shapes.reduce(
    (clean, [pattern, replacement]) => clean.replace(pattern, replacement),
    knownSecrets.takeOut(text),
  );
}

/** Up to the end of the line where the quotes are not closed: half a value is as secret as the whole. */
const value = String.raw`\\{1,3}"[^"\n]*"?|"(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[^\s,;&"']+`;

/**
 * Each in time that grows with the text alone, whatever the text: a log is a stranger's, and may be one word of a megabyte. Hence no rule
 * can begin at every letter of a long word and read on to its end.
 */
const shapes: [RegExp, string][] = [
  [privateKey, keyMark],
  // user:password@ in any URL
  [/(:\/\/[^\s/:@]*):[^\s/"']+@/g, `$1:${hidden}@`],
  [/\b(authorization\\{0,3}["']?\s*[:=]\s*\\{0,3}["']?(?:(?:bearer|basic|token)\s+)?)[^\s"',\\]+/gi, `$1${hidden}`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${hidden}`],
  ...tokenShapes.map((shape): [RegExp, string] => [shape, hidden]),
  // webhooks of Slack
  [/(hooks\.slack\.com\/)[\w/-]+/g, `$1${hidden}`],
  [/([?&]X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s"']+/gi, `$1${hidden}`],
  // name=value and "name": "value", where the name says that the value is a secret
  [
    new RegExp(
      String.raw`((?:passw(?:or)?d|passphrase|secret|api[_-]?key|access[_-]?key|private[_-]?key|token|credential)[\w-]{0,64}\\{0,3}["']?\s*[=:]\s*)(?:${value})`,
      'gi',
    ),
    `$1${hidden}`,
  ],
];

/** More than what is shown is looked at, so that what a secret is known by is seen with it. */
const context = 16_384;
const keyBegin = '-----BEGIN PRIVATE KEY-----';

/** The end of a text, redacted, cut at a line where there is one: at most `maxBytes` bytes of UTF-8. Reads no more than it needs. */
export function redactedTail(text: string, maxBytes: number): string {
  const clean = redact(endOf(text, maxBytes + context));
  const bytes = Buffer.from(clean, 'utf8');
  if (bytes.length <= maxBytes) return clean;
  let start = bytes.length - maxBytes;
  // Never begin inside a character.
  while (start < bytes.length && (bytes[start]! & 0xc0) === 0x80) start += 1;
  const tail = bytes.subarray(start).toString('utf8');
  const line = tail.indexOf('\n');
  return line >= 0 && line < tail.length - 1 ? tail.slice(line + 1) : tail;
}

/** The beginning of a text, redacted: at most `maxCharacters`. Reads no more than it needs. */
export function redactedHead(text: string, maxCharacters: number): string {
  return head(redact(beginningOf(text, maxCharacters + context)), maxCharacters);
}

/** Begins with a whole word: half a secret has lost the mark by which it is known. So has the rest of a private key, which gets it back. */
function endOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const from = text.length - most;
  const space = text.slice(from).search(/\s/);
  const end = space < 0 ? oneWord(text) : text.slice(from + space);
  const before = text.slice(Math.max(0, from - longestKey), from + Math.max(0, space));
  const begun = before.lastIndexOf('-----BEGIN ');
  const inKey = begun >= 0 && before.indexOf('-----END ', begun) < 0 && before.includes('PRIVATE KEY-----', begun);
  return inKey ? `${keyBegin}${end}` : end;
}

/** Nobody has longer ones (RSA of 16384 bits: 13 kB). */
const longestKey = 65_536;

/** Ends with a whole word, for the same reason. */
function beginningOf(text: string, most: number): string {
  if (text.length <= most) return text;
  const beginning = text.slice(0, most);
  let end = beginning.length;
  while (end > 0 && /\S/.test(beginning[end - 1]!)) end -= 1;
  return end === 0 ? oneWord(text) : beginning.slice(0, end);
}

const oneWord = (text: string) => `(${text.length} characters without a space)`;
