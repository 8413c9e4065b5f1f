import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { execa } from 'execa';
import { shared } from '../../jest.config.js';

const root = resolve(import.meta.dirname, '../..');

/** What jest says of each test of a file. */
async function resultsOf(source: string): Promise<Record<string, unknown>[]> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-second-try-'));
  try {
    await writeFile(join(folder, 'a.test.mjs'), source);
    const config = { ...shared, rootDir: root, roots: [folder], testMatch: ['**/*.test.mjs'] };
    const jest = join(root, 'node_modules/jest/bin/jest.js');
    const results = join(folder, 'results.json');
    const asked = ['--config', JSON.stringify(config), '--json', `--outputFile=${results}`];
    await execa(process.execPath, ['--experimental-vm-modules', jest, ...asked], { reject: false });
    const { testResults } = JSON.parse(await readFile(results, 'utf8')) as {
      testResults: { assertionResults: Record<string, unknown>[] }[];
    };
    return testResults.flatMap(({ assertionResults }) => assertionResults);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

it('a test is tried once more only by leave, and jest says so', async () => {
  const results = await resultsOf(`
    import { afterEach, it } from '@jest/globals';
    import { secondTryByLeave } from ${JSON.stringify(join(root, 'test/support/second-try.ts'))};
    const giveLeave = secondTryByLeave();
    let isLost = false;
    afterEach(() => isLost && giveLeave('the server has lost it'));
    const failsAt = (tries, { lost }) => {
      let tried = 0;
      return () => {
        isLost = lost && tried === 0;
        tried += 1;
        if (tries.includes(tried)) throw new Error('failed at ' + tried);
      };
    };
    it('holds', failsAt([], { lost: true }));
    it('hangs once', failsAt([1], { lost: true }));
    it('hangs once, and fails', failsAt([1, 2], { lost: true }));
    it('fails once', failsAt([1], { lost: false }));
    it('holds after it', failsAt([], { lost: false }));`);
  expect(results.map(({ title, status, invocations }) => [title, status, invocations])).toEqual([
    ['holds', 'passed', 1],
    ['hangs once', 'passed', 2],
    ['hangs once, and fails', 'failed', 2],
    ['fails once', 'failed', 2],
    ['holds after it', 'passed', 1],
  ]);
  const reasons = results
    .filter(({ status }) => status === 'failed')
    .map(({ failureMessages }) => String(failureMessages));
  expect(reasons).toEqual([expect.stringContaining('failed at 2'), expect.stringContaining('is not tried again')]);
});
