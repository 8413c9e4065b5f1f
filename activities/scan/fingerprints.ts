import { scrypt } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { confinedPath } from '../shared/confined-path.ts';
import { CouldNotScan } from './scan-tool.ts';

export interface Leak {
  rule: string;
  /** Relative to the tree. */
  path: string;
  /** The first and the last, from 1. */
  lines: [number, number];
}

const lineFeed = 0x0a;
/** Of a larger file nothing is excused: nobody has looked at all of it. */
const mostBytes = 4_000_000;
const derive = promisify<string | Buffer, string, number, Buffer>(scrypt);

/**
 * Sixteen hexadecimal characters for the lines of a file that hold a secret. They stay the same where the lines move, and are others as
 * soon as anything on them is: an exception goes with what somebody has looked at. Plans and logs show them, so they are made by a slow
 * hash (scrypt), by which nobody gets from them to a password that can be guessed. Empty for a file that is too large.
 */
export function createFingerprints(directory: string): (leak: Leak) => Promise<string> {
  let last: { path: string; lines: Lines | undefined } | undefined;
  return async ({ rule, path, lines: [first, end] }) => {
    // Findings come file by file: one of them in memory is enough.
    if (last?.path !== path) last = { path, lines: await readLines(directory, path) };
    const { lines } = last;
    if (!lines) return '';
    const found = lines.from(first, Math.max(first, end));
    if (found === undefined) throw new CouldNotScan(`${path} has no line ${first}, where ${rule} found a secret`);
    return (await derive(found, `${rule}\n${path}`, 8)).toString('hex');
  };
}

interface Lines {
  /** The first to the last, without their ends; undefined where there is no such line. */
  from(first: number, last: number): Buffer | undefined;
}

async function readLines(directory: string, path: string): Promise<Lines | undefined> {
  const unreadable = () => new CouldNotScan(`${path} cannot be read again, though a secret was found in it`);
  // The scanner names it, and has read what strangers wrote.
  const file = await confinedPath(directory, path);
  const found = file === undefined ? undefined : await stat(file);
  if (file === undefined || !found?.isFile()) throw unreadable();
  if (found.size > mostBytes) return undefined;
  const bytes = await readFile(file);
  // Where each begins, and where one more would.
  const begins = [0];
  for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) begins.push(at + 1);
  begins.push(bytes.length + 1);
  const line = (n: number) => bytes.subarray(begins[n - 1], begins[n]! - 1);
  return {
    from: (first, last) => {
      if (first < 1 || first >= begins.length) return undefined;
      const length = Math.min(last, begins.length - 1) - first + 1;
      return Buffer.concat(Array.from({ length }, (_, n) => line(first + n)));
    },
  };
}
