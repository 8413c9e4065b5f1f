import { canonicalJson } from './canonical.ts';
import { weigh } from './weight.ts';

/** One thing that happened, and its place in the chain. */
export interface ChainedEntry {
  lane: string;
  key: string;
  at: number;
  what: string;
  who: string;
  facts: Record<string, unknown>;
  n: number;
  previous: string;
  hash: string;
}

/** The end of a chain: all that is needed to continue it, or to tell that its last rows are missing. */
export interface ChainEnd {
  n: number;
  hash: string;
}

/** sha256 of the text, as 64 hexadecimal characters. Given by the caller: rules compute nothing they could import. */
export type HashText = (text: string) => string;
/** The same, of whoever has to wait for it: browsers compute it beside the page. */
export type HashSoon = (text: string) => string | Promise<string>;

/** Before the first row. Of the length of a hash, so that no row's text can be mistaken for another's. */
export const chainStart: ChainEnd = { n: 0, hash: '0'.repeat(64) };

/** Each kind of login has a chain of its own in each lane, so that none waits for another: `shop/production@build`. */
export function chainOf(lane: string, kind: string): string {
  return kind === '' ? lane : `${lane}@${kind}`;
}

/** Whether a chain is one of that lane. */
export function isChainOf(lane: string, chain: string): boolean {
  return chain === lane || chain.startsWith(`${lane}@`);
}

/** What nobody of ours writes reads as this: it has another hash than its row says, and is found by that. */
const unreadable: Written = { at: 0, what: 'nothing that Slipway writes', who: '', facts: {} };

type Written = Pick<ChainedEntry, 'at' | 'what' | 'who' | 'facts'>;

/** What a row says, whatever somebody has put there: no row keeps others from being read and checked. */
export function writtenIn(entry: unknown): Written {
  if (weigh(entry) !== undefined) return unreadable;
  const { at, what, who, facts } = (entry ?? {}) as Partial<Record<keyof Written, unknown>>;
  const isFacts = typeof facts === 'object' && facts !== null && !Array.isArray(facts);
  if (!isDate(at) || typeof what !== 'string' || typeof who !== 'string' || !isFacts) return unreadable;
  return { at, what, who, facts: facts as Written['facts'] };
}

/** Of those that there are: ECMAScript's. */
export const isDate = (at: unknown): at is number => typeof at === 'number' && Math.abs(at) <= 8.64e15;

/** The entry as the row that follows `end`. Facts are taken as JSON writes them, as they are stored in that form. */
export function chainEntry(
  end: ChainEnd,
  entry: Omit<ChainedEntry, 'n' | 'previous' | 'hash'>,
  hash: HashText,
): ChainedEntry {
  const row = numbered(end, entry);
  return { ...row, previous: end.hash, hash: hash(textOf(end, row)) };
}

/** What the hash of a row that follows `end` is made of. */
export function hashedText(end: ChainEnd, entry: Omit<ChainedEntry, 'n' | 'previous' | 'hash'>): string {
  return textOf(end, numbered(end, entry));
}

function numbered(end: ChainEnd, entry: Omit<ChainedEntry, 'n' | 'previous' | 'hash'>) {
  const { lane, key, at, what, who } = entry;
  const facts = JSON.parse(JSON.stringify(entry.facts)) as Record<string, unknown>;
  return { lane, key, at, what, who, facts, n: end.n + 1 };
}

function textOf(end: ChainEnd, row: ReturnType<typeof numbered>): string {
  return end.hash + canonicalJson(row);
}

/** Whether the row is the unchanged successor of `end`. A row after a removed one is not. */
export function followsInChain(end: ChainEnd, row: ChainedEntry, hash: HashText): boolean {
  if (row.n !== end.n + 1 || row.previous !== end.hash) return false;
  return chainEntry(end, row, hash).hash === row.hash;
}
