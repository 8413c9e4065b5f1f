import { scrypt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CouldNotScan } from './scan-tool.ts';

export interface Leak {
  rule: string;
  /** Relative to the tree. */
  path: string;
  /** The first and the last, from 1. */
  lines: [number, number];
}

const lineFeed = 0x0a;
const derive = promisify<string | Buffer, string, number, Buffer>(scrypt);

/**
 * Sixteen hexadecimal characters for the lines of a file that hold a secret. They stay the same where the lines move, and are others as
 * soon as anything on them is: an exception goes with what somebody has looked at. Plans and logs show them, so they are made by a slow
 * hash (scrypt), by which nobody gets from them to a password that can be guessed.
 */
export function createFingerprints(directory: string): (leak: Leak) => Promise<string> {
  let last: { path: string; lines: Buffer[] } | undefined;
  return async ({ rule, path, lines: [first, end] }) => {
    // Findings come file by file: one of them in memory is enough.
    if (last?.path !== path) last = { path, lines: await linesOf(join(directory, path), path) };
    const found = last.lines.slice(first - 1, Math.max(first, end));
    if (found.length === 0) throw new CouldNotScan(`${path} has no line ${first}, where ${rule} found a secret`);
    return (await derive(Buffer.concat(found), `${rule}\n${path}`, 8)).toString('hex');
  };
}

async function linesOf(file: string, path: string): Promise<Buffer[]> {
  const bytes = await readFile(file).catch(() => {
    throw new CouldNotScan(`${path} cannot be read again, though a secret was found in it`);
  });
  const lines: Buffer[] = [];
  for (let from = 0; from <= bytes.length;) {
    const found = bytes.indexOf(lineFeed, from);
    const to = found < 0 ? bytes.length : found;
    lines.push(bytes.subarray(from, to));
    from = to + 1;
  }
  return lines;
}
