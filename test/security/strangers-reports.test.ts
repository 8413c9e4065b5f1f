import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readGitleaksReport } from '../../activities/scan/gitleaks-report.ts';
import { readOsvReport } from '../../activities/scan/osv-report.ts';
import { readTrivyReport } from '../../activities/scan/trivy-report.ts';
import { readJunit, readJunitFile } from '../../activities/shared/junit.ts';

/** A report has what strangers wrote, as much of it as they like: a build worker reads it in a thread that has nothing else to do. */

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-reports-'));
  path = join(directory, 'report');
});
afterEach(() => rm(directory, { recursive: true }));

/** Milliseconds of this thread's own work: neither other threads nor other programs count. */
async function ownWork(work: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

/** Two cases short of ten megabytes. */
const manyTests = `<testsuite>${'<testcase name="a"><failure>no</failure></testcase>'.repeat(190_000)}</testsuite>`;
const manyLeaks = JSON.stringify(
  Array.from({ length: 300_000 }, () => ({ RuleID: 'r', File: 'f', StartLine: 1, EndLine: 1 })),
);

describe('a report that takes long to read', () => {
  it('takes nothing from what else the worker does', async () => {
    await writeFile(path, manyTests);
    const bounds = { mostBytes: 10_000_000, keptBytes: 0 };
    await readJunitFile(directory, 'report', bounds);
    const here = await ownWork(() => readJunit(manyTests));
    const apart = await ownWork(() => readJunitFile(directory, 'report', bounds));
    expect(apart).toBeLessThan(here / 3);
  });

  it.each([
    ['gitleaks', readGitleaksReport, manyLeaks],
    [
      'OSV-Scanner',
      readOsvReport,
      JSON.stringify({
        results: [
          { packages: Array.from({ length: 60_000 }, () => ({ package: { name: 'p' }, groups: [{ ids: ['X'] }] })) },
        ],
      }),
    ],
    [
      'Trivy',
      readTrivyReport,
      JSON.stringify({
        SchemaVersion: 2,
        Results: [{ Vulnerabilities: Array.from({ length: 60_000 }, () => ({ VulnerabilityID: 'X', PkgName: 'p' })) }],
      }),
    ],
  ])('by %s, with more findings than anybody looks at, is no look', async (_scanner, read, text) => {
    await writeFile(path, text);
    await expect(read(path)).rejects.toThrow(/has \d+ findings; at most 20000 are looked at/);
  });

  it('fills the memory of its thread, and not of the worker', async () => {
    const deep = '['.repeat(30_000_000);
    await writeFile(path, deep);
    await expect(readGitleaksReport(path)).rejects.toThrow();
  });
});
