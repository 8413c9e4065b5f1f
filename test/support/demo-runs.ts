import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { execa } from 'execa';

const entry = join(import.meta.dirname, '..', '..', 'lab', 'demo.ts');

/** Runs the demo as a program of its own, which has a directory of the test file's for what it leaves. */
export function useDemo() {
  let temporary: string;
  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'demo-test-'));
    await execa('chmod', ['755', temporary]); // PostgreSQL's account must be able to enter
  });
  afterAll(() => rm(temporary, { recursive: true, force: true }));
  return {
    directory: () => temporary,
    demo: (args: string[], env: Record<string, string> = {}) =>
      execa(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
        env: { NODE_OPTIONS: '', TMPDIR: temporary, ...env },
        stdin: 'ignore',
        reject: false,
      }),
  };
}
