import type { Problem } from './problem.ts';
import { markBeyond } from './work-bound.ts';
import type { WorkBound } from './work-bound.ts';

const maxLineLength = 4_000;

const byteOrderMark = '\uFEFF';

/**
 * Characters that show as nothing, or turn the reading direction: an approver would see another text than the engine.
 * Tab, line feed and carriage return are judged elsewhere.
 */
export const unprintable =
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]/;

export type TextResult = { ok: true; text: string } | { ok: false; problems: Problem[] };

/**
 * Turns a file as it was read (text, or better its bytes) into text that is safe to parse. A byte order mark at the start is dropped;
 * everything else that is not plain UTF-8 text of a sensible size is refused, before any parsing.
 */
export function readText(source: string | Uint8Array, file: string, bound: WorkBound): TextResult {
  const { maxBytes } = bound;
  if (source.length > maxBytes) return refused(tooLarge(file, bound));
  const decoded = typeof source === 'string' ? source : new TextDecoder('utf-8', { ignoreBOM: true }).decode(source);
  if (typeof source === 'string' && new TextEncoder().encode(source).length > maxBytes)
    return refused(tooLarge(file, bound));
  const text = decoded.startsWith(byteOrderMark) ? decoded.slice(1) : decoded;
  const problem = foreignCharacter(text, file) ?? longLine(text, file) ?? tooMuchWork(text, file, bound);
  return problem === undefined ? { ok: true, text } : refused(problem);
}

function refused(problem: Problem): TextResult {
  return { ok: false, problems: [problem] };
}

function tooLarge(file: string, { maxBytes }: WorkBound): Problem {
  return { file, line: 1, column: 1, path: '', message: `the file is larger than ${maxBytes / 1_024} KB` };
}

function foreignCharacter(text: string, file: string): Problem | undefined {
  const replaced = text.search(/\uFFFD|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/);
  if (replaced >= 0) {
    return {
      file,
      ...positionIn(text, replaced),
      path: '',
      message: 'the file is not UTF-8 text',
      hint: 'save it as UTF-8',
    };
  }
  const control = text.search(unprintable);
  if (control >= 0) {
    const code = text.charCodeAt(control).toString(16).toUpperCase().padStart(4, '0');
    return {
      file,
      ...positionIn(text, control),
      path: '',
      message: `invisible or control character U+${code}`,
      hint: 'delete it',
    };
  }
  const carriageReturn = text.search(/\r(?!\n)/);
  if (carriageReturn < 0) return undefined;
  const hint = 'save the file with LF or CRLF line ends';
  return {
    file,
    ...positionIn(text, carriageReturn),
    path: '',
    message: 'a carriage return without a line feed',
    hint,
  };
}

function longLine(text: string, file: string): Problem | undefined {
  const lines = text.split('\n');
  const long = lines.findIndex((line) => line.length > maxLineLength);
  if (long < 0) return undefined;
  return {
    file,
    line: long + 1,
    column: maxLineLength + 1,
    path: '',
    message: `a line of more than ${maxLineLength} characters`,
  };
}

function tooMuchWork(text: string, file: string, bound: WorkBound): Problem | undefined {
  const beyond = markBeyond(text, bound);
  if (beyond === undefined) return undefined;
  const message = `more than ${bound.maxMarks} values, brackets and lines`;
  return { file, ...positionIn(text, beyond), path: '', message };
}

function positionIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
