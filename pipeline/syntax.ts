import { isCollection, isScalar, visit } from 'yaml';
import type { Document, LineCounter, YAMLError } from 'yaml';
import { positionAt } from './places.ts';
import { dashInTable } from './dashes.ts';
import { wrongIndent } from './layout.ts';
import type { Mistake } from './layout.ts';
import { foreignIn } from './expressions.ts';
import { mistakeOfCode } from './syntax-words.ts';
import { wideSpaceAt } from './meant.ts';

/** A text that is no YAML, and where its parser gave up. */
export interface Unparsed {
  text: string;
  document: Document.Parsed;
  lines: LineCounter;
  error: YAMLError;
  /** The schema of the file, as JSON Schema. */
  shape: unknown;
}

/**
 * The one mistake that keeps a text from being YAML, by what most likely happened and not by what the parser stumbled over, which often is
 * lines away. One: whatever the parser says after the first is about a text that it has misread.
 */
export function mistakeOf(unparsed: Unparsed): Mistake {
  const { error, lines, text, shape } = unparsed;
  const at = positionAt(lines, error.pos[0]);
  return (
    foreignOn(text, at.line) ??
    wideSpaceBefore(text, at.line) ??
    slashesBefore(text, at.line) ??
    unclosedQuote(unparsed) ??
    unclosedBracket(unparsed) ??
    dashInTable(text, at.line + 1, shape) ??
    wrongIndent(text, at.line + 1) ??
    mistakeOfCode(error.code, { ...at, text: lineText(text, at.line) })
  );
}

function lineText(text: string, line: number): string {
  return (text.split('\n')[line - 1] ?? '').trimEnd();
}

function foreignOn(text: string, line: number): Mistake | undefined {
  const found = foreignIn(lineText(text, line));
  return found && { line, ...found };
}

/** Indentation and the space behind a colon must be plain spaces. */
function wideSpaceBefore(text: string, lastLine: number): Mistake | undefined {
  // The parser notices on the line itself or, where it is the indentation, on the next.
  for (const number of [lastLine - 1, lastLine]) {
    const line = text.split('\n')[number - 1] ?? '';
    const column = wideSpaceAt(line.replaceAll(/'[^']*'|"[^"]*"/g, (quoted) => 'x'.repeat(quoted.length)));
    if (column === undefined) continue;
    const corrected = line.replaceAll(/[\u00A0\u2000-\u200A\u202F\u3000]/g, ' ').trimEnd();
    return {
      line: number,
      column,
      endColumn: column + 1,
      message: 'a no-break space, which looks like a space and is none to YAML',
      hint: corrected === '' ? 'delete it' : `write \`${corrected.trim()}\` with plain spaces`,
      correction: ' ',
    };
  }
  return undefined;
}

/** Taken for the value of a key, so that what follows does not fit. */
function slashesBefore(text: string, lastLine: number): Mistake | undefined {
  for (const line of [lastLine - 1, lastLine]) {
    const found = /^\s*(?:- )?[\w-]+:\s+(?=\/\/)/.exec(lineText(text, line));
    if (!found) continue;
    const column = found[0].length + 1;
    const message = '`//` begins no comment in YAML';
    return { line, column, endColumn: column + 2, message, hint: 'write `#`', correction: '#' };
  }
  return undefined;
}

function unclosedQuote({ document, lines, error }: Unparsed): Mistake | undefined {
  const quote = /^Missing closing (.)/.exec(error.message)?.[1];
  if (quote === undefined) return undefined;
  let start: number | undefined;
  visit(document, (_, node) => {
    if (isScalar(node) && node.type?.startsWith('QUOTE') && node.range && node.range[0] < error.pos[0] + 1) {
      start = node.range[0];
    }
  });
  if (start === undefined) return undefined;
  const at = positionAt(lines, start);
  return {
    ...at,
    endColumn: at.column + 1,
    message: `the quote that begins here (${quote}) is not closed`,
    hint: `write a second ${quote} where the text ends`,
  };
}

/** The parser notices at the first line that cannot belong to what is in the brackets. */
function unclosedBracket({ document, lines, text, error }: Unparsed): Mistake | undefined {
  let start: number | undefined;
  visit(document, (_, node) => {
    if (!isCollection(node) || !node.flow || !node.range) return;
    const [from, to] = node.range;
    const closed = text[to - 1] === (text[from] === '[' ? ']' : '}') && to - from > 1;
    if (!closed && from <= error.pos[0]) start = from;
  });
  if (start === undefined) return undefined;
  const at = positionAt(lines, start);
  const [open, close] = text[start] === '[' ? ['[', ']'] : ['{', '}'];
  const line = lineText(text, at.line);
  const message = `the bracket \`${open}\` that is opened here is not closed`;
  const rest = line.slice(at.column - 1);
  const simple = /^[[{][^[\]{}'"#]*$/.test(rest) && !/,\s*$/.test(rest) && rest.length > 1;
  const spaced = open === '{' ? ` ${close}` : close;
  const hint = simple ? `write \`${line.trim()}${spaced}\`` : `write \`${close}\` where it ends`;
  return { ...at, endColumn: at.column + 1, message, hint };
}
