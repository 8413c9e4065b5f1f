import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { readStrangersFile } from '../shared/strangers-file.ts';
import { CouldNotScan } from './scan-tool.ts';

export interface Leak {
  rule: string;
  /** Relative to the tree. */
  path: string;
  /** The first and the last, from 1. */
  lines: [number, number];
  /** What is said of them, where that tells one from others on the same lines. */
  said?: string;
}

const lineFeed = 0x0a;
/** Of a larger file nothing is excused: nobody has looked at all of it. */
const mostBytes = 4_000_000;
/** Of the lines of one finding. No key is as long, and a rule may match from one end of a file to the other. */
const mostFoundBytes = 100_000;
const derive = promisify<string | Buffer, string, number, Buffer>(scrypt);

/**
 * Sixteen hexadecimal characters for the lines of a file that hold a secret. They stay the same where the lines move, and are others as
 * soon as anything on them is: an exception goes with what somebody has looked at. Plans and logs show them, so they are made by a slow
 * hash (scrypt), by which nobody gets from them to a password that can be guessed. Empty for a file, or a finding, that is too large.
 */
export function createFingerprints(directory: string): (leak: Leak) => Promise<string> {
  let last: { path: string; lines: Lines | undefined } | undefined;
  return async ({ rule, path, lines: [first, end], said }) => {
    // Findings come file by file: one of them in memory is enough.
    if (last?.path !== path) last = { path, lines: await readLines(directory, path) };
    const { lines } = last;
    const found = lines?.from(first, Math.max(first, end));
    if (found === 'no such line') throw new CouldNotScan(`${path} has no line ${first}, where ${rule} found a secret`);
    if (found === undefined) return '';
    return fingerprintOf(found, { rule, path, ...(said !== undefined && { said }) });
  };
}

/** The same of any text that a finding is about. */
export async function fingerprintOf(of: string | Buffer, { rule, path, said }: Omit<Leak, 'lines'>): Promise<string> {
  const about = [rule, path, ...(said === undefined ? [] : [said])].join('\n');
  return (await derive(of, about, 8)).toString('hex');
}

interface Lines {
  /** The first to the last, without their ends; undefined where they are more than anybody looks at. */
  from(first: number, last: number): Buffer | 'no such line' | undefined;
}

async function readLines(directory: string, path: string): Promise<Lines | undefined> {
  // The scanner names it, and has read what strangers wrote.
  const read = await readStrangersFile(directory, path, mostBytes);
  if ('bytes' in read) return linesOf(read.bytes);
  if (read.unread === 'too large') return undefined;
  throw new CouldNotScan(`${path} cannot be read again, though a secret was found in it`);
}

function linesOf(bytes: Buffer): Lines {
  const begins = beginsOf(bytes);
  const count = begins.length - 1;
  return {
    from(first, last) {
      if (first < 1 || first > count) return 'no such line';
      const found = bytes.subarray(begins[first - 1], begins[Math.min(last, count)]! - 1);
      return found.length > mostFoundBytes ? undefined : Buffer.from(found.filter((byte) => byte !== lineFeed));
    },
  };
}

/** Where each line begins, and where one more would. Numbers of four bytes: a file may be nothing but line breaks. */
function beginsOf(bytes: Buffer): Uint32Array {
  let breaks = 0;
  for (const byte of bytes) if (byte === lineFeed) breaks += 1;
  const begins = new Uint32Array(breaks + 2);
  let line = 0;
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] === lineFeed) begins[(line += 1)] = at + 1;
  begins[breaks + 1] = bytes.length + 1;
  return begins;
}
