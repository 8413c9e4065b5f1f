import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const script = resolve(import.meta.dirname, '../../scripts/ci-summary.mjs');
const green = {
  numPassedTests: 3,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  success: true,
  wasInterrupted: false,
};
const none = { ...green, numPassedTests: 0 };
const checks = [{ name: 'lint', passed: true }];

async function summaryOf(files: Record<string, unknown>) {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-summary-'));
  try {
    for (const [name, content] of Object.entries(files))
      if (content !== undefined) await writeFile(join(folder, name), JSON.stringify(content));
    const { stdout, exitCode } = await execa(process.execPath, [script, folder], { reject: false });
    const lines = stdout.split('\n');
    return { lines, last: lines.at(-1), exitCode };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const all = {
  ...{ 'unit.json': green, 'chaos.json': green, 'browser.json': green, 'cluster.json': green },
  'checks.json': checks,
};

describe("the continuous integration's last line", () => {
  it.each<[string, Record<string, unknown>, string, number]>([
    ['adds all suites', all, '12 passed, 0 failed', 0],
    [
      'counts failed tests',
      { ...all, 'unit.json': { ...green, numFailedTests: 2, success: false } },
      '12 passed, 2 failed',
      1,
    ],
    [
      'counts a suite that could not be loaded',
      { ...all, 'unit.json': { ...green, numRuntimeErrorTestSuites: 1, success: false } },
      '12 passed, 1 failed',
      1,
    ],
    [
      'counts an interrupted suite',
      { ...all, 'unit.json': { ...green, wasInterrupted: true } },
      '12 passed, 1 failed',
      1,
    ],
    ['counts a suite without results', { ...all, 'chaos.json': undefined }, '9 passed, 1 failed', 1],
    ['counts a failed check', { ...all, 'checks.json': [{ name: 'lint', passed: false }] }, '12 passed, 1 failed', 1],
    ['counts checks that left no result', { ...all, 'checks.json': undefined }, '12 passed, 1 failed', 1],
    [
      'does not accept that no test ran',
      { 'unit.json': none, 'chaos.json': none, 'browser.json': none, 'cluster.json': none, 'checks.json': checks },
      '0 passed, 0 failed',
      1,
    ],
  ])('%s', async (_name, files, last, exitCode) => {
    expect(await summaryOf(files)).toMatchObject({ last, exitCode });
  });

  it('comes after what failed and why, and after how many passed on the second try, and which', async () => {
    const assertionResults = [
      { fullName: 'a lane lets one go first', status: 'passed', invocations: 2 },
      { fullName: 'a run ends', status: 'passed', invocations: 1 },
      {
        ...{ fullName: 'a run is held', status: 'failed', invocations: 2 },
        failureMessages: ['\u001b[31mError: it was not\u001b[39m\n    at line 1'],
      },
      { fullName: 'of an older runner', status: 'passed' },
    ];
    const testResults = [{ name: resolve('test/a.test.ts'), message: '', assertionResults }];
    const unit = { ...green, numFailedTests: 1, success: false, testResults };
    expect((await summaryOf({ ...all, 'unit.json': unit })).lines).toEqual([
      'failed: test/a.test.ts: a run is held',
      '    Error: it was not',
      '        at line 1',
      'passed on the second try: a lane lets one go first',
      '1 on the second try',
      '12 passed, 1 failed',
    ]);
    const broken = { ...unit, testResults: [{ ...testResults[0], message: 'cannot find it', assertionResults: [] }] };
    expect((await summaryOf({ ...all, 'unit.json': broken })).lines.slice(0, 2)).toEqual([
      'failed: test/a.test.ts: outside of its tests',
      '    cannot find it',
    ]);
    expect((await summaryOf(all)).lines).toEqual(['0 on the second try', '12 passed, 0 failed']);
  });
});
