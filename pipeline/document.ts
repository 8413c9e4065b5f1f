import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, YAMLError } from 'yaml';
import { checkNodes } from './document-rules.ts';
import { problemsOf } from './problem.ts';
import type { Path, Position, Problem } from './problem.ts';
import { readText } from './text.ts';
import type { WorkBound } from './work-bound.ts';

/** A parsed file: plain data, and the way back from a path in it to a line and column. */
export interface ParsedFile {
  file: string;
  value: unknown;
  /** Where the value at `path` is (or its key); for something that is missing, the key it is missing from. */
  locate(path: Path, atKey?: boolean): Position;
}

const tooDeep = 'nested too deeply to be read';

export type ParseResult = { ok: true; parsed: ParsedFile } | { ok: false; problems: Problem[] };

/** Reads one YAML document of plain maps, lists, texts, numbers and booleans. Never throws. */
export function parseFile(source: string | Uint8Array, file: string, bound: WorkBound): ParseResult {
  const read = readText(source, file, bound);
  if (!read.ok) return read;
  try {
    return parseText(read.text, file);
  } catch (error) {
    // The parser recurses: deep nesting exhausts the stack before any rule of ours sees the document.
    const message = error instanceof RangeError ? tooDeep : 'not readable as YAML';
    return { ok: false, problems: [{ file, line: 1, column: 1, path: '', message }] };
  }
}

function parseText(text: string, file: string): ParseResult {
  const lines = new LineCounter();
  // Duplicate keys are found by our own rules: the parser's search is quadratic (80,000 keys took 90 s).
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2' });
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const deep = document.errors.find((error) => error.message.includes('call stack'));
  if (deep !== undefined) {
    return { ok: false, problems: [{ file, ...at(deep.pos[0]), path: '', message: tooDeep }] };
  }
  // A tab where spaces belong makes everything after it wrong too.
  const tabs = document.errors.filter((error) => error.code === 'TAB_AS_INDENT');
  const errors = tabs.length > 0 ? tabs : document.errors;
  const syntax = errors.slice(0, 20).map((error) => syntaxProblem(error, file, at(error.pos[0])));
  if (syntax.length > 0) return { ok: false, problems: syntax };
  if (document.contents === null || document.contents.range[1] === document.contents.range[0]) {
    return { ok: false, problems: [{ file, line: 1, column: 1, path: '', message: 'the file is empty' }] };
  }
  const locate = (path: Path, atKey = false): Position => at(offsetOf(document, path, atKey));
  const findings = checkNodes(document);
  if (findings.length > 0) {
    const problems = findings.flatMap(({ offset, finding }) => problemsOf(file, [finding], () => at(offset)));
    return { ok: false, problems };
  }
  return { ok: true, parsed: { file, value: document.toJS({ maxAliasCount: 1_000 }), locate } };
}

function syntaxProblem(error: YAMLError, file: string, position: Position): Problem {
  const base = { file, ...position, path: '' };
  if (error.code === 'TAB_AS_INDENT') {
    return { ...base, message: 'a tab is used for indentation', hint: 'indent with spaces' };
  }
  if (error.code === 'MULTIPLE_DOCS') {
    return {
      ...base,
      message: 'a second document begins here',
      hint: 'keep one document in the file: remove the `---`',
    };
  }
  return { ...base, message: `not valid YAML: ${error.message}` };
}

function offsetOf(document: Document.Parsed, path: Path, atKey: boolean): number {
  let node: unknown = document.contents;
  let value = startOf(node) ?? 0;
  let key = value;
  for (const step of path) {
    const found = childOf(isAlias(node) ? node.resolve(document) : node, step);
    if (found === undefined) return key;
    key = startOf(found.key) ?? startOf(found.value) ?? key;
    // An empty value has a place, but nothing is there to be seen: its key is the better place to point to.
    value = isEmpty(found.value) ? key : (startOf(found.value) ?? key);
    node = found.value;
  }
  return atKey ? key : value;
}

function childOf(node: unknown, step: string | number): { key: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    const value = typeof step === 'number' ? node.items[step] : undefined;
    return value === undefined ? undefined : { key: undefined, value };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
  return pair && { key: pair.key, value: pair.value };
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}
