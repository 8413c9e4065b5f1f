import { LineCounter, parseDocument } from 'yaml';
import { checkNodes } from './document-rules.ts';
import type { Mistake } from './layout.ts';
import { placesOf, positionAt } from './places.ts';
import type { Places } from './places.ts';
import { problemsOf, withAdvice } from './problem.ts';
import type { Finding, Problem } from './problem.ts';
import { mistakeOf } from './syntax.ts';
import { readText } from './text.ts';
import { foreignFile } from './foreign-files.ts';
import { numberedLines } from './numbered-lines.ts';
import type { WorkBound } from './work-bound.ts';

/** A parsed file: plain data, and the way back from a path in it to a line and column. */
export interface ParsedFile extends Places {
  file: string;
  value: unknown;
  /** Texts that no value may have. The rest is as it will be once they are right. */
  texts: Finding[];
}

const tooDeep = 'nested too deeply to be read';

export type ParseResult = { ok: true; parsed: ParsedFile } | { ok: false; problems: Problem[] };

/** What a file should be. */
export interface Wanted {
  kind: 'pipeline' | 'policy';
  bound: WorkBound;
  /** Its schema, as JSON Schema; asked only where the text is no YAML. */
  shape: () => unknown;
}

/** Reads one YAML document of plain maps, lists, texts, numbers and booleans. Never throws. */
export function parseFile(source: string | Uint8Array, file: string, wanted: Wanted): ParseResult {
  const read = readText(source, file, wanted.bound);
  if (!read.ok) return read;
  try {
    return parseText(read.text, file, wanted);
  } catch (error) {
    // The parser recurses: deep nesting exhausts the stack before any rule of ours sees the document.
    const message = error instanceof RangeError ? tooDeep : 'not readable as YAML';
    return { ok: false, problems: [{ file, line: 1, column: 1, path: '', message }] };
  }
}

function parseText(text: string, file: string, { kind, shape }: Wanted): ParseResult {
  const lines = new LineCounter();
  // Duplicate keys are found by our own rules: the parser's search is quadratic (80,000 keys took 90 s).
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2' });
  const refused = (mistakes: Mistake[]): ParseResult => ({
    ok: false,
    problems: mistakes.map(({ hint, ...mistake }) => withAdvice({ file, path: '', ...mistake }, hint)),
  });
  const whole = foreignFile(text, kind) ?? numberedLines(text);
  if (whole !== undefined) return refused([whole]);
  const { errors, contents } = document;
  const deep = errors.find((error) => error.message.includes('call stack'));
  if (deep !== undefined) return refused([{ ...positionAt(lines, deep.pos[0]), message: tooDeep }]);
  // A tab where spaces belong makes everything after it wrong too.
  const tabs = errors.filter((error) => error.code === 'TAB_AS_INDENT').slice(0, 20);
  if (tabs.length > 0) {
    const told = { message: 'a tab is used for indentation', hint: 'indent with spaces' };
    return refused(tabs.map((error) => ({ ...positionAt(lines, error.pos[0]), ...told })));
  }
  if (errors[0] !== undefined) return refused([mistakeOf({ text, document, lines, error: errors[0], shape: shape() })]);
  if (contents === null || contents.range[1] === contents.range[0]) {
    return refused([{ line: 1, column: 1, message: 'the file is empty' }]);
  }
  const findings = checkNodes(document);
  if (findings.some(({ inText }) => !inText)) {
    const at = (offset: number) => positionAt(lines, offset);
    const problems = findings.flatMap(({ offset, finding }) => problemsOf(file, [finding], () => at(offset)));
    return { ok: false, problems };
  }
  const value: unknown = document.toJS({ maxAliasCount: 1_000 });
  const texts = findings.map(({ finding }) => finding);
  return { ok: true, parsed: { file, value, texts, ...placesOf(document, lines, text) } };
}
