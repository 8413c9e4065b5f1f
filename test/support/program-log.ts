import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { requireProgram } from './registry.ts';

export interface ProgramLog {
  /** Every argument of every call, one a line; for git also those of the programs that it started itself. */
  arguments(): Promise<string>;
  remove(): Promise<void>;
}

/** Until it is removed, these programs are found on PATH behind a script that writes their arguments down, and work as always. */
export async function logArguments(...programs: string[]): Promise<ProgramLog> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-arguments-'));
  const log = join(directory, 'log');
  const before = process.env['PATH'];
  await mkdir(join(directory, 'bin'));
  for (const program of programs) {
    const real = await requireProgram(program);
    const script = join(directory, 'bin', program);
    await writeFile(
      script,
      `#!/bin/sh\nprintf '%s\\n' ${program} "$@" >> ${log}\nGIT_TRACE=${log} exec ${real} "$@"\n`,
    );
    await chmod(script, 0o755);
  }
  process.env['PATH'] = [join(directory, 'bin'), before].join(delimiter);
  return {
    arguments: () => readFile(log, 'utf8'),
    async remove() {
      process.env['PATH'] = before;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
