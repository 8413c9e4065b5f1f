import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { whyUnreadable } from '../../domain/unreadable.ts';
import type { Cli } from './cli.ts';
import { usageFailure } from './failures.ts';

/** A file that the command line names, from where the command was called. */
export async function namedFile(name: string, { io }: Cli, next: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(io.cwd, name));
  } catch (error) {
    throw usageFailure(`${name} cannot be read: ${whyUnreadable(error)}`, next);
  }
}
