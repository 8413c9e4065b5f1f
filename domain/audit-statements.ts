import { isDate, type ChainedEntry } from './audit-chain.ts';
import type { LaneEnd, SignedChainEnds } from './contract/evidence.ts';

/** Statements as they were found outside. */
export interface FoundStatements {
  all: SignedChainEnds[];
  /** Lines that are no statement, as a process that was killed leaves half of one. What they said is missed by its number. */
  unread: number;
}

/** One a line, as the gateway sends them. */
export function statementsIn(texts: readonly string[]): FoundStatements {
  const lines = linesOf(texts);
  // A log of the gateway has them behind a word.
  const all = lines.map((line) => parsed(line.slice(Math.max(0, line.indexOf('{"statement"'))))).filter(isStatement);
  return { all, unread: lines.length - all.length };
}

export function linesOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '');
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether it has the form of a row, whatever it says. */
export function isRow(value: unknown): value is ChainedEntry {
  const row = value as Partial<ChainedEntry> | null | undefined;
  const texts = [row?.lane, row?.key, row?.what, row?.who, row?.previous, row?.hash];
  const isWhole = texts.every((text) => typeof text === 'string') && typeof row?.facts === 'object';
  return isWhole && Number.isInteger(row?.n) && Number.isFinite(row?.at);
}

function isStatement(value: unknown): value is SignedChainEnds {
  const { statement, keyId, signature } = (value ?? {}) as Partial<SignedChainEnds>;
  return (
    typeof keyId === 'string' &&
    typeof signature === 'string' &&
    Number.isInteger(statement?.n) &&
    isDate(statement?.at) &&
    Array.isArray(statement.ends) &&
    statement.ends.every(isEnd)
  );
}

function isEnd(value: unknown): value is LaneEnd {
  const { lane, n, hash } = (value ?? {}) as Partial<LaneEnd>;
  return typeof lane === 'string' && Number.isInteger(n) && typeof hash === 'string';
}
