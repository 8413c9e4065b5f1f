import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Alias, Document, Node, Pair } from 'yaml';
import { expressionAdvice, holdsExpression, templateAdvice } from './expressions.ts';
import type { Finding, Path } from './problem.ts';
import { problemLimit } from './problem.ts';
import { unprintable } from './text.ts';

const maxDepth = 40;
const maxAliases = 100;
/** Values in the file after every alias has been replaced by what it stands for. */
const maxValues = 100_000;

/** Keys that JavaScript objects treat specially. */
const specialKeys = new Set(['__proto__', 'constructor', 'prototype']);

export interface Placed {
  offset: number;
  finding: Finding;
  /** Only this text is wrong: the rest of the file can be looked at as well. */
  inText?: true;
}

interface Walk {
  /** Where no more may be built of the file. */
  found: Placed[];
  /** Of texts alone: however many there are, they keep none of the others from being found. */
  inTexts: Placed[];
  /** Anchors seen so far, with the number of values each stands for; `open` while still inside. */
  anchors: Map<string, number | 'open'>;
  aliases: number;
}

/**
 * What YAML allows and we do not: directives, tags, keys that are not plain text, keys said twice, special keys, aliases that multiply
 * or refer to themselves, invisible characters by escape. Reads the syntax tree, so that nothing dangerous is ever built.
 */
export function checkNodes(document: Document.Parsed): Placed[] {
  const walk: Walk = { found: [], inTexts: [], anchors: new Map(), aliases: 0 };
  const { yaml, tags } = document.directives;
  if (yaml.explicit || Object.keys(tags).some((handle) => handle !== '!!')) {
    report(walk, 0, [], 'a `%` directive', 'remove it: the file is plain YAML 1.2');
  }
  const size = visit(walk, document.contents, [], 0);
  if (size > maxValues) report(walk, 0, [], `more than ${maxValues} values, counted with aliases replaced`);
  return [...walk.found, ...walk.inTexts].slice(0, problemLimit).sort((a, b) => a.offset - b.offset);
}

function report(walk: Walk, offset: number, path: Path, message: string, hint?: string): void {
  if (walk.found.length < problemLimit) walk.found.push({ offset, finding: { path, message, hint } });
}

/** Returns how many values the node stands for. */
function visit(walk: Walk, node: unknown, path: Path, depth: number): number {
  if (node === null || node === undefined) return 1;
  const offset = (node as Node).range?.[0] ?? 0;
  if (depth > maxDepth) {
    report(walk, offset, path, `nested more than ${maxDepth} levels deep`);
    return 1;
  }
  if (isAlias(node)) return visitAlias(walk, node, path, offset);
  const { anchor, tag } = node as { anchor?: string; tag?: string };
  const shown = tag?.replace('tag:yaml.org,2002:', '!!');
  if (shown !== undefined)
    report(walk, offset, path, `the tag \`${shown}\``, 'remove it: values are plain text, numbers and booleans');
  if (anchor !== undefined) walk.anchors.set(anchor, 'open');
  const size = 1 + inside(walk, node, path, depth, offset);
  if (anchor !== undefined) walk.anchors.set(anchor, size);
  return size;
}

function inside(walk: Walk, node: unknown, path: Path, depth: number, offset: number): number {
  if (isMap(node)) return visitMap(walk, node.items, path, depth);
  if (isSeq(node)) {
    return node.items.reduce<number>((sum, item, index) => sum + visit(walk, item, [...path, index], depth + 1), 0);
  }
  if (isScalar(node) && typeof node.value === 'string') textRules(walk, node.value, path, offset);
  return 0;
}

function textRules(walk: Walk, text: string, path: Path, offset: number): void {
  const wrong = [...(hidden(text) ? [invisible] : []), ...(holdsExpression(text) ? [expressionAdvice] : [])];
  for (const advice of wrong)
    if (walk.inTexts.length < problemLimit) walk.inTexts.push({ offset, finding: { path, ...advice }, inText: true });
}

const invisible = { message: 'the text holds an invisible or control character', hint: 'remove the escape' };

function hidden(text: string): boolean {
  return unprintable.test(text) || text.includes('\r') || /[\uFFFD\uD800-\uDFFF]/u.test(text);
}

function visitAlias(walk: Walk, alias: Alias, path: Path, offset: number): number {
  walk.aliases += 1;
  if (walk.aliases === maxAliases + 1) report(walk, offset, path, `more than ${maxAliases} aliases`);
  const size = walk.anchors.get(alias.source);
  if (size === undefined) {
    const hint = `as a text it needs quotes: \`'*${alias.source}'\``;
    report(walk, offset, path, `the alias \`*${alias.source}\` has no anchor before it`, hint);
  }
  if (size === 'open') report(walk, offset, path, `the alias \`*${alias.source}\` refers to itself`);
  return typeof size === 'number' ? size : 1;
}

function visitMap(walk: Walk, items: readonly Pair[], path: Path, depth: number): number {
  const seen = new Set<string>();
  let size = 0;
  for (const { key, value } of items) {
    const name = keyName(walk, key, path);
    if (name !== undefined) {
      if (seen.has(name)) report(walk, startOf(key), [...path, name], `\`${name}\` is here twice`, 'keep one of them');
      seen.add(name);
    }
    // What a merge key would merge is no matter: the key itself is told.
    size += name === '<<' ? 1 : 1 + visit(walk, value, [...path, name ?? '?'], depth + 1);
  }
  return size;
}

const notText = { message: 'a key that is not plain text', hint: 'put the key in quotes' };

function keyName(walk: Walk, key: unknown, path: Path): string | undefined {
  const offset = startOf(key);
  if (!isScalar(key) || typeof key.value !== 'string' || key.tag !== undefined || key.anchor !== undefined) {
    const { message, hint } = isMap(key) && key.flow ? templateAdvice : notText;
    report(walk, offset, path, message, hint);
    return undefined;
  }
  const name = key.value;
  if (hidden(name) || /[\n\t]/.test(name))
    report(walk, offset, path, 'the key holds an invisible or control character');
  if (specialKeys.has(name))
    report(walk, offset, [...path, name], `\`${name}\` cannot be a key`, 'choose another name');
  if (name === '<<') report(walk, offset, [...path, name], 'merge keys (`<<`) are not supported', 'write the keys out');
  return name;
}

function startOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}
