import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where a program of this machine is: by its path, or on PATH. Undefined where it is not, or may not be started. */
export async function locateProgram(program: string): Promise<string | undefined> {
  const candidates = program.includes('/')
    ? [program]
    : (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, program));
  for (const candidate of candidates) {
    const found = await access(candidate, constants.X_OK).then(
      () => realpath(candidate),
      () => undefined,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}
