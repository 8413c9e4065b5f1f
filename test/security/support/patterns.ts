import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const folders = ['activities', 'client', 'domain', 'pipeline', 'workers', 'workflows'];
const parsers = new Set(['parse', 'parseDocument', 'XMLParser']);

export interface SourceFacts {
  file: string;
  /** Every regular expression that is written in it. */
  patterns: RegExp[];
  /** Whether it parses JSON, YAML or XML. */
  parses: boolean;
}

/** What of the product may be slow for a text: read from its sources, so that nothing new is overlooked. */
export function sourceFacts(): SourceFacts[] {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  return [...files, 'temporal.config.ts'].sort().map(factsOf);
}

function factsOf(file: string): SourceFacts {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const facts: SourceFacts = { file, patterns: [], parses: false };
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) facts.patterns.push(patternOf(node.text));
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) facts.parses ||= parsers.has(calledBy(node, source));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return facts;
}

function patternOf(literal: string): RegExp {
  const end = literal.lastIndexOf('/');
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
}

function calledBy({ expression }: ts.CallExpression | ts.NewExpression, source: ts.SourceFile): string {
  const name = expression.getText(source);
  // `URL.parse` and a schema's `parse` take what somebody else has made of the text.
  return name === 'JSON.parse' ? 'parse' : name === 'parse' || name.includes('.') ? '' : name;
}

/** Texts that nearly fit: what the pattern itself names. */
export function literalsIn({ source }: RegExp): string[] {
  const plain = source.replaceAll(/\\([^\w])/g, '$1');
  return [...new Set(plain.match(/[\w :/"'=@.-]{2,40}/g) ?? [])];
}
