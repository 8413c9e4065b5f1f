import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { execa } from 'execa';

const order = resolve(import.meta.dirname, '../../scripts/test-order.mjs');

/** The order of these files, `took` seconds last time where that is known. Asked of a plain Node, as jest asks. */
async function inOrder(files: Record<string, number | undefined>): Promise<string[]> {
  const program = `
    const { turnOf } = await import(${JSON.stringify(order)});
    const files = Object.entries(JSON.parse(process.argv[1]));
    const turns = files.map(([path, took]) => ({ path, turn: turnOf(path, took ?? undefined) }));
    turns.sort((a, b) => (a.turn < b.turn ? -1 : a.turn > b.turn ? 1 : 0));
    console.log(JSON.stringify(turns.map(({ path }) => path)));`;
  const known = Object.fromEntries(Object.entries(files).map(([path, took]) => [path, took ?? null]));
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program, JSON.stringify(known)]);
  return JSON.parse(stdout) as string[];
}

describe('the order of the test files', () => {
  it('begins with what needs nothing, however long it took', async () => {
    expect(await inOrder({ 'test/chaos/a.test.ts': 90, 'test/domain/b.test.ts': 2 })).toEqual([
      'test/domain/b.test.ts',
      'test/chaos/a.test.ts',
    ]);
  });

  it('goes on with the longest, so that none begins when the rest is done', async () => {
    const files = { 'test/contract/a.test.ts': 3, 'test/workflows/b.test.ts': 40, 'test/e2e/c.test.ts': 12 };
    expect(await inOrder(files)).toEqual(['test/workflows/b.test.ts', 'test/e2e/c.test.ts', 'test/contract/a.test.ts']);
  });

  it('knows on a fresh machine which folders take long', async () => {
    const files = {
      'test/workers/a.test.ts': undefined,
      'test/lab/demo.test.ts': undefined,
      'test/chaos/c.test.ts': 120,
    };
    expect(await inOrder(files)).toEqual(['test/chaos/c.test.ts', 'test/lab/demo.test.ts', 'test/workers/a.test.ts']);
  });

  it('is the one that jest is told to use', async () => {
    const config = await readFile(resolve(import.meta.dirname, '../../jest.config.js'), 'utf8');
    expect(config).toContain("testSequencer: './scripts/test-order.mjs'");
  });
});
