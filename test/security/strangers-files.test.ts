import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ESLint, type Linter } from 'eslint';
import { checkBuild } from '../../activities/shared/checked-build.ts';
import { checkLayout } from '../../activities/images/built-layout.ts';
import { createFingerprints } from '../../activities/scan/fingerprints.ts';
import { readGitleaksReport } from '../../activities/scan/gitleaks-report.ts';
import { readStrangersFile } from '../../activities/shared/strangers-file.ts';
import { checkComposeFile } from '../../activities/tests/compose-check.ts';
import { readReports } from '../../activities/tests/test-reports.ts';
import { aCacheOwner } from '../support/cache-owner.ts';

/** What strangers wrote is read in one way: no link is followed out, nothing is waited for, and no more is held than is meant to be read. */

let directory: string;
let outside: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-strangers-'));
  outside = await mkdtemp(join(tmpdir(), 'slipway-outside-'));
  await writeFile(join(outside, 'secret'), 'hunter22');
});
afterEach(async () => {
  await rm(directory, { recursive: true });
  await rm(outside, { recursive: true });
});

const at = (name: string) => join(directory, name);
/** Large, and nothing on the disk. */
async function hole(name: string, bytes: number): Promise<void> {
  await writeFile(at(name), '');
  await truncate(at(name), bytes);
}
/** Bytes by which the most that this process has ever held has grown. */
async function heldBy(work: () => Promise<unknown>): Promise<number> {
  const before = process.resourceUsage().maxRSS;
  await work().catch(() => {});
  return (process.resourceUsage().maxRSS - before) * 1_024;
}

describe('a file of strangers', () => {
  it('is read up to its bound, and not at all beyond', async () => {
    await writeFile(at('a'), '12345');
    expect(await readStrangersFile(directory, 'a', 5)).toEqual({ bytes: Buffer.from('12345') });
    expect(await readStrangersFile(directory, 'a', 4)).toEqual({ unread: 'too large' });
  });

  it.each([
    ['a link out', () => symlink(join(outside, 'secret'), at('f'))],
    ['a link to a directory outside', () => symlink(outside, at('f')), 'f/secret'],
    ['nothing', async () => {}],
    ['a link to itself', () => symlink('f', at('f'))],
  ])('is not there where its name is %s', async (_what, make, path = 'f') => {
    await make();
    expect(await readStrangersFile(directory, path, 100)).toEqual({ unread: 'absent' });
  });

  it.each(['/etc/hostname', '../x', 'd/../../x'])('is not there by the name %s', async (path) => {
    await mkdir(at('d'));
    expect(await readStrangersFile(directory, path, 100)).toEqual({ unread: 'absent' });
  });

  it('may be reached by a link that stays inside', async () => {
    await writeFile(at('a'), 'x');
    await symlink('a', at('f'));
    expect(await readStrangersFile(directory, 'f', 100)).toEqual({ bytes: Buffer.from('x') });
  });

  it('is not waited for where it is a pipe, and is none where it is a directory', async () => {
    execFileSync('sh', ['-c', 'mkfifo pipe'], { cwd: directory });
    await mkdir(at('d'));
    for (const name of ['pipe', 'd'])
      expect(await readStrangersFile(directory, name, 100)).toEqual({ unread: 'not a file' });
  });

  it('is never what lies outside, however often a directory on its way becomes a link and back', async () => {
    execFileSync('sh', ['-c', 'mkdir -p in/d; echo inside > in/d/secret; ln -s "$1" away', 'sh', outside], {
      cwd: directory,
    });
    const swap = 'while :; do mv in/d in/e; mv away in/d; mv in/d away; mv in/e in/d; done 2>/dev/null';
    const swapping = spawn('sh', ['-c', swap], { cwd: directory, detached: true });
    try {
      const seen = new Set<string>();
      for (let n = 0; n < 3_000; n += 1) {
        const read = await readStrangersFile(directory, 'in/d/secret', 100);
        seen.add('bytes' in read ? read.bytes.toString() : read.unread);
      }
      expect([...seen]).not.toContain('hunter22');
    } finally {
      process.kill(-swapping.pid!, 'SIGKILL');
    }
  });
});

describe('a large file', () => {
  const gigabyte = 1_000_000_000;
  const build = {
    directory: '',
    context: '.',
    dockerfile: 'Dockerfile',
    repository: 'h.example/a',
    args: {},
    labels: {},
    ownImages: [],
    cachesOf: aCacheOwner(),
  };

  it.each<[string, string, () => Promise<unknown>, RegExp]>([
    ['a Dockerfile', 'Dockerfile', () => checkBuild({ ...build, directory }), /SLIP-IMG-6.*more than 262144 bytes/s],
    ['a .dockerignore', '.dockerignore', () => checkBuild({ ...build, directory }), /SLIP-IMG-6.*more than 262144/s],
    [
      'a .dockerignore beside a Dockerfile',
      'Dockerfile.dockerignore',
      () => checkBuild({ ...build, directory }),
      /SLIP-IMG-6.*more than 262144/s,
    ],
    [
      'a compose file',
      'compose.yaml',
      () => checkComposeFile(directory, at('compose.yaml'), { variables: [], allowed: [] }),
      /SLIP-TEST-3.*is larger than/s,
    ],
    ['a test report', 'a.xml', () => readReports(directory, ['a.xml'], true), /SLIP-TEST-3.*not a file of at most/s],
    ['the report of a scanner', 'report', () => readGitleaksReport(at('report')), /more than 64000000 bytes/],
    [
      'the manifest of a built image',
      'manifest.json',
      () => checkLayout(directory, gigabyte),
      /SLIP-IMG-1.*sane size/s,
    ],
  ])('is refused without being read: %s', async (_what, name, read, words) => {
    await writeFile(at('Dockerfile'), 'FROM scratch\n');
    await hole(name, gigabyte);
    const held = await heldBy(read);
    await expect(read()).rejects.toThrow(words);
    expect(held).toBeLessThan(gigabyte / 2);
  });

  it('in which a secret was found is excused by nothing', async () => {
    await hole('f', gigabyte);
    expect(await createFingerprints(directory)({ rule: 'r', path: 'f', lines: [1, 1] })).toBe('');
  });
});

describe('a finding of very many lines', () => {
  it('is excused by nothing, and costs no object for each line', async () => {
    await writeFile(at('f'), '\n'.repeat(3_999_999));
    const fingerprintOf = createFingerprints(directory);
    const finding = { rule: 'r', path: 'f', lines: [1, 3_999_999] as [number, number] };
    expect(await heldBy(() => fingerprintOf(finding))).toBeLessThan(200_000_000);
    expect(await fingerprintOf(finding)).toBe('');
  });

  it('has the same fingerprint wherever its lines stand', async () => {
    await writeFile(at('f'), 'x\nsecret\nmore\n');
    const before = await createFingerprints(directory)({ rule: 'r', path: 'f', lines: [2, 3] });
    await writeFile(at('f'), 'secret\nmore');
    expect(await createFingerprints(directory)({ rule: 'r', path: 'f', lines: [1, 2] })).toBe(before);
    expect(before).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('the linter', () => {
  it.each([
    "import { readFile } from 'node:fs/promises'; void readFile;",
    "import { createReadStream } from 'node:fs'; void createReadStream;",
    "import * as files from 'node:fs/promises'; void files;",
    "import { promises } from 'fs'; void promises;",
    "import files from 'node:fs'; void files;",
  ])('refuses another way where the files of strangers are: %s', async (text) => {
    const { rules } = (await new ESLint().calculateConfigForFile('activities/tests/port.ts')) as Linter.Config;
    const only = new ESLint({
      overrideConfigFile: true,
      overrideConfig: { rules: { 'no-restricted-imports': rules?.['no-restricted-imports'] ?? 'off' } },
    });
    const [result] = await only.lintText(text);
    expect(result?.messages.map(({ message }) => message).join()).toContain('readStrangersFile');
  });
});
