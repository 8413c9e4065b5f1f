import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { execa } from 'execa';

const verify = (...args: string[]) =>
  execa(process.execPath, [join(import.meta.dirname, '../../scripts/verify.mjs'), ...args], { reject: false });

it('the verification shows its help, and runs nothing for it', async () => {
  const { exitCode, stdout } = await verify('--help');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/--without-tests/);
  expect(stdout).not.toContain('format …');
});

it.each([[['--frobnicate']], [['now']], [['--json']]])(
  'the verification refuses %j with exit code 2, and runs nothing',
  async (args) => {
    const { exitCode, stdout, stderr } = await verify(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('next: npm run verify -- --help');
  },
);
