import { writtenIn } from '../../domain/audit-chain.ts';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ChainedEntry } from '../../domain/audit-chain.ts';
import type { SignedChainEnds } from '../../domain/contract/evidence.ts';
import { whyUnreadable } from '../../domain/unreadable.ts';
import { usageFailure } from './failures.ts';

/** Files by path, or all of a directory whose names end so. */
async function textsOf(cwd: string, path: string, ending: RegExp): Promise<string[]> {
  const at = resolve(cwd, path);
  try {
    if (!(await stat(at)).isDirectory()) return [await readFile(at, 'utf8')];
    const names = (await readdir(at)).filter((name) => ending.test(name)).sort();
    return await Promise.all(names.map((name) => readFile(join(at, name), 'utf8')));
  } catch (error) {
    throw usageFailure(`${path} cannot be read: ${whyUnreadable(error)}`, 'Name a file, or a directory of them.');
  }
}

export async function publicKeysFrom(cwd: string, path: string): Promise<string[]> {
  return textsOf(cwd, path, /\.pem$/);
}

/** `unread`: lines that are no statement, as a process that was killed leaves half of one. What they said is missed by its number. */
export async function statementsFrom(cwd: string, path: string): Promise<{ all: SignedChainEnds[]; unread: number }> {
  const lines = linesOf(await textsOf(cwd, path, /\.jsonl$/));
  // A log of the gateway has them behind a word.
  const all = lines.map((line) => parsed(line.slice(Math.max(0, line.indexOf('{"statement"'))))).filter(isStatement);
  return { all, unread: lines.length - all.length };
}

/** Rows of `slipway audit list --all --json`, or one row a line. */
export async function rowsFrom(cwd: string, path: string): Promise<ChainedEntry[]> {
  const [text = ''] = await textsOf(cwd, path, /./);
  const whole = parsed(text) as { rows?: unknown } | undefined;
  const found = Array.isArray(whole?.rows) ? (whole.rows as unknown[]) : linesOf([text]).map(parsed);
  const rows = found.map((row) => ({ ...(row as object | undefined), ...writtenIn(row) }));
  if (!rows.every(isRow))
    throw usageFailure(
      `${path} holds something that is no row of the audit`,
      'Make it with `slipway audit list --all --json`.',
    );
  return rows;
}

function linesOf(texts: string[]): string[] {
  return texts.flatMap((text) => text.split('\n')).filter((line) => line.trim() !== '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

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
    Array.isArray(statement?.ends)
  );
}
