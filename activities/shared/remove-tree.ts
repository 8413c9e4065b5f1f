import { rm } from 'node:fs/promises';
import { describeResult, runCommand } from './run-command.ts';

/** Takes a directory away with all that strangers left in it: also paths that are longer than one can name, which Node cannot remove. */
export async function removeTree(directory: string): Promise<void> {
  try {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    // What is not ours to remove is not that of another program of ours either.
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw error;
    const result = await runCommand({ program: 'rm', args: ['-rf', '--', directory] });
    if (result.exitCode !== 0) throw new Error(describeResult('rm', result), { cause: error });
  }
}
