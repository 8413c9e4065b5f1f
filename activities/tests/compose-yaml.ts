import {
  isAlias,
  isMap,
  isScalar,
  parseDocument,
  visit,
  type Document,
  type ParseOptions,
  type SchemaOptions,
} from 'yaml';
import { markBeyond, pipelineBound, type WorkBound } from '../../pipeline/work-bound.ts';

/** Compose writes everything out: aliases, defaults, what was taken in. */
const resolvedBound: WorkBound = { maxBytes: 3 * pipelineBound.maxBytes, maxMarks: 3 * pipelineBound.maxMarks };
/** The parser looks for the anchor of each in everything before it. */
const maxAliases = 500;
/** Of maps, keys and lists within each other: writing it again goes down as far. */
const maxDepth = 200;

/** Line breaks of YAML 1.1 that are none in 1.2, and characters that show as nothing. */
const odd =
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  /\r(?!\n)|[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028-\u202E\uFEFF]/;

export type ComposeData = { value: unknown } | { problem: string };
export type ComposeDocument = { document: Document; value: unknown } | { problem: string };

/**
 * A compose file as plain data. Compose reads it again with a parser of its own (1.29 with one for YAML 1.1), so whatever two parsers may
 * understand differently is refused: what is judged must be what runs. Anchors and merge keys are common in these files, and allowed.
 */
export function readComposeYaml(bytes: Uint8Array): ComposeData {
  const read = readDocument(bytes, pipelineBound, { merge: true });
  return 'problem' in read ? read : { value: read.value };
}

/**
 * What Compose has made of compose files, to be changed and handed back to it. Every value is a text, and stays as it is written: what is a
 * number is for Compose to say again.
 */
export function readResolvedYaml(bytes: Uint8Array): ComposeDocument {
  return readDocument(bytes, resolvedBound, { schema: 'failsafe' });
}

function readDocument(bytes: Uint8Array, bound: WorkBound, how: ParseOptions & SchemaOptions): ComposeDocument {
  if (bytes.length > bound.maxBytes) return { problem: `is larger than ${bound.maxBytes} bytes` };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (odd.test(text)) return { problem: 'holds an invisible or control character' };
    if (markBeyond(text, bound) !== undefined)
      return { problem: `has more than ${bound.maxMarks} values, brackets and lines` };
    return parse(text, how);
  } catch (error) {
    // not UTF-8; nested so deeply that the parser gives up; aliases that multiply
    return { problem: `cannot be read: ${(error as Error).message}` };
  }
}

function parse(text: string, how: ParseOptions & SchemaOptions): ComposeDocument {
  // the parser's own search for keys said twice is quadratic
  const document = parseDocument(text, { ...how, uniqueKeys: false, prettyErrors: false, version: '1.2' });
  const [error] = document.errors;
  if (error) return { problem: `is not valid YAML: ${error.message}` };
  if (document.directives.yaml.explicit) return { problem: 'has a `%` directive' };
  let problem: string | undefined;
  let aliases = 0;
  visit(document, {
    Node: (_key, node, path) => {
      if (path.length > maxDepth) problem ??= 'is nested too deeply';
      if (isAlias(node) && ++aliases > maxAliases) problem ??= `has more than ${maxAliases} aliases`;
      if (!isAlias(node) && node.tag !== undefined) problem ??= `has the tag ${node.tag}`;
      if (isMap(node)) problem ??= keyProblem(node.items.map(({ key }) => key));
      return problem === undefined ? undefined : visit.BREAK;
    },
  });
  if (problem !== undefined) return { problem };
  return { document, value: document.toJS({ maxAliasCount: maxAliases }) as unknown };
}

function keyProblem(keys: readonly unknown[]): string | undefined {
  const seen = new Set<string>();
  for (const key of keys) {
    if (!isScalar(key)) return 'has a key that is not plain text';
    const name = String(key.value);
    if (seen.has(name)) return `has the key ${name} twice in one place`;
    seen.add(name);
  }
  return undefined;
}
