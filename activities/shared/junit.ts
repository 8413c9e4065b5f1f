import { XMLParser } from 'fast-xml-parser';
import { head } from '../../domain/whole-text.ts';
import { apart } from './apart.ts';
import { redactedHead } from './redact.ts';
import { readStrangersFile, type StrangersFile } from './strangers-file.ts';

export interface JunitSummary {
  total: number;
  /** The first hundred, with as much of their messages as is looked at: secrets are still in them. */
  failed: { name: string; message: string }[];
}

type Node = Record<string, unknown>;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#text',
  parseTagValue: false,
  isArray: (name) => name === 'testsuite' || name === 'testcase',
});
const mostFailures = 100;
/** More than is shown, so that what a secret is known by is seen with it. */
const [nameCharacters, messageCharacters] = [1_024, 4_096];

/** A report, once read: its summary, and its text where that is small enough to be kept. */
export type ReadJunit =
  { summary: JunitSummary; bytes: number; text?: string } | Exclude<StrangersFile, { bytes: Buffer }>;

/** Of the file, and of a text that is answered. */
export interface JunitBounds {
  mostBytes: number;
  keptBytes: number;
}

/** Reads a file of the checkout in a thread of its own: a report is as large as its tests like. */
export const readJunitFile = apart<typeof readHere>(import.meta.url, 'readHere');

export async function readHere(
  directory: string,
  report: string,
  { mostBytes, keptBytes }: JunitBounds,
): Promise<ReadJunit> {
  const read = await readStrangersFile(directory, report, mostBytes);
  if ('unread' in read) return read;
  const bytes = read.bytes.length;
  const text = read.bytes.toString('utf8');
  return { summary: summaryOf(text), bytes, ...(bytes <= keptBytes ? { text } : {}) };
}

/** The same of a text. Throws an Error as `readJunit` does. */
export const readJunitText = apart<typeof summaryOf>(import.meta.url, 'summaryOf');

export function summaryOf(text: string): JunitSummary {
  const { total, failed } = readJunit(text);
  return { total, failed: failed.slice(0, mostFailures) };
}

const shownCharacters = 500;

/** As it may be kept and shown: without secrets, and short. */
export function shownOf({ total, failed }: JunitSummary): JunitSummary {
  const shown = (text: string) => redactedHead(text, shownCharacters);
  return { total, failed: failed.map(({ name, message }) => ({ name: shown(name), message: shown(message) })) };
}

/**
 * Counts test cases and names those with a `failure` or `error`, in suites nested as deep as they come. The numbers that some tools
 * write into the attributes are not believed. Throws an Error for text that is no JUnit report; entities of its own are refused.
 */
export function readJunit(text: string): JunitSummary {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new Error('a document type or entity has no place in a test report');
  const root = parser.parse(text, true) as Node;
  const suites = root['testsuites'] ?? root['testsuite'];
  if (suites === undefined) throw new Error('it has neither <testsuites> nor <testsuite>');
  const cases = listOf(suites).flatMap(casesIn);
  const failed = cases.flatMap((one) => {
    const problem = listOf(one['failure'])[0] ?? listOf(one['error'])[0];
    return problem === undefined ? [] : [{ name: nameOf(one), message: messageOf(problem) }];
  });
  return { total: cases.length, failed };
}

function casesIn(node: unknown): Node[] {
  if (!isNode(node)) return [];
  const own = listOf(node['testcase']).map((one) => (isNode(one) ? one : {}));
  return [...own, ...listOf(node['testsuite']).flatMap(casesIn)];
}

function nameOf(one: Node): string {
  const name = one['@name'];
  const place = one['@classname'];
  const parts = [place, name].filter((part): part is string => typeof part === 'string' && part !== '');
  return head(parts.join(' › '), nameCharacters) || 'a test without a name';
}

function messageOf(problem: unknown): string {
  const parts = isNode(problem) ? [problem['@message'], problem['#text']] : [problem];
  const text = parts
    .filter((part): part is string => typeof part === 'string' && part.trim() !== '')
    .map((part) => part.trim());
  return head(text.join('\n'), messageCharacters);
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
