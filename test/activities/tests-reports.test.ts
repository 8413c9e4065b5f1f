import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readReports } from '../../activities/tests/test-reports.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-reports-'));
});
afterEach(() => rm(directory, { recursive: true }));

const leave = (name: string, text: string) => writeFile(join(directory, name), text);
const suite = (...cases: string[]) => `<testsuite>${cases.join('')}</testsuite>`;
const failing = (name: string, message: string) =>
  `<testcase name="${name}"><failure message="${message}"/></testcase>`;

describe('reports of tests', () => {
  it('count together, and are kept as they were', async () => {
    await leave('a.xml', suite('<testcase name="one"/>', failing('two', 'boom')));
    await leave('b.xml', suite('<testcase name="three"/>'));
    const read = await readReports(directory, ['a.xml', 'b.xml'], true);
    expect(read).toMatchObject({ total: 3, failed: [{ name: 'two', message: 'boom' }] });
    expect(Object.keys(read.files)).toEqual(['a.xml', 'b.xml']);
  });

  it('show no secrets, and only the beginning of a long message and of a long name', async () => {
    const secret = 'https://me:hunter22@db/';
    await leave('a.xml', suite(failing(`${secret} ${'n'.repeat(9_000)}`, `${secret} ${'m'.repeat(9_000)}`)));
    const { failed, files } = await readReports(directory, ['a.xml'], true);
    expect(JSON.stringify([failed, files])).not.toContain('hunter22');
    expect([failed[0]?.name, failed[0]?.message].map((text) => text?.length)).toEqual([500, 500]);
  });

  it('name a hundred failures, however many there are', async () => {
    await leave('a.xml', suite(...Array.from({ length: 250 }, (_, n) => failing(`t${n}`, 'no'))));
    const read = await readReports(directory, ['a.xml', 'a.xml'], true);
    expect([read.total, read.failed.length]).toEqual([500, 100]);
  });

  it.each([
    ['something else', '<html/>', /is not a JUnit report: it has neither/],
    [
      'suites nested deeper than anybody reads',
      '<testsuite>'.repeat(100_000) + '</testsuite>'.repeat(100_000),
      /is not/,
    ],
  ])('with %s are refused, in words', async (_what, text, words) => {
    await leave('a.xml', text);
    await expect(readReports(directory, ['a.xml'], true)).rejects.toThrow(words);
  });

  it('are files of the checkout, and nothing that a link leads to', async () => {
    await symlink('/etc/hostname', join(directory, 'a.xml'));
    await expect(readReports(directory, ['a.xml'], true)).rejects.toThrow(/SLIP-TEST-3|left no report/);
  });
});
