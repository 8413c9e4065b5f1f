import type { ErrorCode } from 'yaml';
import type { Mistake } from './layout.ts';
import { quoted } from './written.ts';

/** Where the parser gave up, and the text of that line. */
interface Stop {
  line: number;
  column: number;
  text: string;
}

type Words = Pick<Mistake, 'message' | 'hint' | 'endColumn' | 'correction'>;

/** What each of the parser's codes means for who wrote the file. The parser's own words are about its inner workings. */
const byCode: Record<ErrorCode, (rest: string, stop: Stop) => Words> = {
  ALIAS_PROPS: () => ({ message: 'an anchor or tag before an alias', hint: 'write the alias (`*name`) alone' }),
  BAD_ALIAS: (rest, stop) => mark(rest, stop),
  BAD_COLLECTION_TYPE: () => tag,
  BAD_DIRECTIVE: () => ({ message: 'a `%` directive', hint: 'remove it: the file is plain YAML 1.2' }),
  BAD_DQ_ESCAPE: (rest) => ({
    message: `\`${rest.slice(0, 2)}\` means nothing in double quotes`,
    hint: 'write the text in single quotes, which take a backslash as it is',
  }),
  BAD_INDENT: () => ({ message: 'the indentation fits nothing above', hint: 'indent it like its neighbours' }),
  BAD_PROP_ORDER: () => ({ message: 'an anchor or tag before `-`, `?` or `:`', hint: 'write it behind' }),
  BAD_SCALAR_START: (rest, { text }) => ({
    message: `a text cannot begin with ${rest.startsWith('`') ? 'a backtick' : `\`${rest[0]}\``}`,
    hint: `write it in quotes: \`${withQuotes(text, rest)}\``,
  }),
  BLOCK_AS_IMPLICIT_KEY: (rest, { text }) => colon(text, rest),
  BLOCK_IN_FLOW: (rest, { text }) => commaOrColon(text, rest),
  DUPLICATE_KEY: () => ({ message: 'a key is here twice', hint: 'keep one of them' }),
  IMPOSSIBLE: () => general,
  KEY_OVER_1024_CHARS: () => ({ message: 'a key of more than 1,024 characters' }),
  MISSING_CHAR: (rest, stop) => missingCharacter(rest, stop),
  MULTILINE_IMPLICIT_KEY: (_, { text }) => noKey(text),
  MULTIPLE_ANCHORS: () => ({ message: 'two anchors for one value', hint: 'keep one of them' }),
  MULTIPLE_DOCS: () => ({
    message: 'a second document begins here',
    hint: 'keep one document in the file: remove the `---`',
  }),
  MULTIPLE_TAGS: () => tag,
  NON_STRING_KEY: () => ({ message: 'a key that is not plain text', hint: 'put the key in quotes' }),
  RESOURCE_EXHAUSTION: () => ({ message: 'nested too deeply to be read' }),
  TAB_AS_INDENT: () => ({ message: 'a tab is used for indentation', hint: 'indent with spaces' }),
  TAG_RESOLVE_FAILED: () => tag,
  UNEXPECTED_TOKEN: (rest, stop) => unexpected(rest, stop),
};

const tag: Words = { message: 'a tag (`!…`)', hint: 'remove it: values are plain text, numbers and booleans' };

/** For codes of a newer parser, too. */
const general = {
  message: 'this line cannot be read as YAML',
  hint: 'compare its indentation, colons, brackets and quotes with the lines around it',
};

export function mistakeOfCode(code: string, stop: Stop): Mistake {
  const { line, column, text } = stop;
  const words = Object.hasOwn(byCode, code) ? byCode[code as ErrorCode] : () => general;
  const place = /^\s*$/.test(text.slice(0, column - 1)) ? text.length - text.trimStart().length + 1 : column;
  return { line, column: place, ...words(text.slice(place - 1), { ...stop, column: place }) };
}

function mark(rest: string, { text }: Stop): Words {
  const sign = rest[0] === '&' ? '&' : '*';
  const meaning = sign === '*' ? 'refers to an anchor' : 'names an anchor';
  return {
    message: `\`${sign}\` ${meaning} where it begins a value, and no name follows`,
    hint: `as a text it needs quotes: \`${withQuotes(text, rest)}\``,
  };
}

/** The value that begins `rest`: up to the next mark where it stands between brackets, up to a comment elsewhere. */
function valueIn(text: string, rest: string): string {
  const comment = rest.search(/\s#/);
  const line = comment < 0 ? rest : rest.slice(0, comment);
  const before = text.slice(0, text.length - rest.length);
  const depth = before.split(/[[{]/).length - before.split(/[\]}]/).length;
  return (depth > 0 ? /^[^,\]}]*/.exec(line)![0] : line).trimEnd();
}

/** The line with the value that begins `rest` in quotes. */
function withQuotes(text: string, rest: string): string {
  const value = valueIn(text, rest);
  const at = text.length - rest.length;
  return `${text.slice(0, at)}${quoted(value)}${rest.slice(value.length)}`.trim();
}

/** A colon and a space make a key of what stands before them, also in the middle of a text. */
function colon(text: string, rest: string) {
  const value = valueIn(text, rest);
  return {
    message: 'a `: ` inside of a text: YAML takes what stands before it for a key',
    hint: `write the text in quotes: \`${keyBefore(text, rest)}${quoted(value)}\``,
    endColumn: text.length - rest.length + value.length + 1,
    correction: quoted(value),
  };
}

/** Between brackets it may be the comma before the next key that is missing. */
function commaOrColon(text: string, rest: string): Words {
  const { correction, ...words } = colon(text, rest);
  const [first, second] = valueIn(text, rest).split(/\s+/, 2);
  if (!second?.endsWith(':')) return { ...words, correction };
  return { ...words, hint: `${words.hint}; or a comma where one is missing: \`${first}, ${second}\`` };
}

function keyBefore(text: string, rest: string): string {
  return /[\w-]{1,100}:\s{1,20}$/.exec(text.slice(0, text.length - rest.length))?.[0] ?? '';
}

function noKey(text: string): Words {
  const line = text.trim();
  const message = 'this line is neither `key: value` nor an entry of a list (`- …`)';
  const glued = /^([\w-]+):(\S.*)$/.exec(line);
  if (glued) return { message: 'a space is missing after the colon', hint: `write \`${glued[1]}: ${glued[2]}\`` };
  const [key = '', value] = line.split('=', 2).map((part) => part.trim());
  if (value !== undefined && /^[\w-]+$/.test(key)) return { message, hint: `write \`${key}: ${value}\`` };
  return /^[\w-]+$/.test(line) ? { message, hint: `write \`${line}: \` and its value` } : { message };
}

function missingCharacter(rest: string, stop: Stop): Words {
  if (rest.startsWith('#')) return { message: 'a space is missing before `#`', hint: 'without it, this is no comment' };
  if (/^[^\s:]+$/.test(rest)) return noKey(stop.text);
  return { message: 'a comma, colon, dash or space is missing here', hint: general.hint };
}

function unexpected(rest: string, { text }: Stop): Words {
  const before = text.slice(0, text.length - rest.length);
  if (/^[\]}]/.test(rest))
    return { message: `\`${rest[0]}\` closes nothing here`, hint: 'remove it, or open it before' };
  if (rest.startsWith(',')) return { message: 'a comma with nothing before it', hint: 'remove it' };
  if (/:\s+$/.test(before) && /^-\s/.test(rest)) {
    const key = before.trim();
    return {
      message: 'a list cannot begin on the line of its key',
      hint: `write \`${key} [${rest.slice(2).trim()}]\``,
    };
  }
  if (/[|>][-+0-9]{0,2}\s+$/.test(before)) {
    return { message: 'text on the line of `|` or `>`', hint: 'begin the text on the next line, indented' };
  }
  if (/['"]\s*$/.test(before)) {
    return { message: 'text after the closing quote', hint: 'put all of the text in one pair of quotes' };
  }
  return general;
}
