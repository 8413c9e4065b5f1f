import { beforeAll } from '@jest/globals';
import { ensurePrograms } from '../../lab/kubernetes/packages.ts';

const mostMinutes = 10;

/** Installs the Debian packages of these programs, where they are missing and we may, before the file's first test; told on stderr. */
export function usePrograms(...programs: string[]): void {
  beforeAll(() => ensurePrograms(programs, tell), mostMinutes * 60_000);
}

/** Progress of what takes minutes the first time: nobody should wonder whether anything happens. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
