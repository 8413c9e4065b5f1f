import { writtenIn } from '../../domain/audit-chain.ts';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ChainedEntry } from '../../domain/audit-chain.ts';
import { isRow, linesOf, parsed, statementsIn } from '../../domain/audit-statements.ts';
import type { FoundStatements } from '../../domain/audit-statements.ts';
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

export async function statementsFrom(cwd: string, path: string): Promise<FoundStatements> {
  return statementsIn(await textsOf(cwd, path, /\.jsonl$/));
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
