import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findGitBound, ranOutOfMemory } from '../../activities/source/git-memory.ts';
import { createGitSource } from '../../activities/source/git-source.ts';
import { staysInside } from '../../activities/source/git-tree.ts';
import { aRepository, type TestRepository } from '../support/git-repository.ts';

const someCommit = '0123456789abcdef0123456789abcdef01234567';

describe('git source', () => {
  let cacheDirectory: string;
  let repository: TestRepository;
  beforeEach(async () => {
    cacheDirectory = await mkdtemp(join(tmpdir(), 'slipway-mirrors-'));
    repository = await aRepository();
  });
  afterEach(async () => {
    await rm(cacheDirectory, { recursive: true, force: true });
    await repository.remove();
  });
  const local = () => createGitSource({ cacheDirectory, allowedProtocols: ['file'] });

  it.each([
    '--upload-pack=touch /tmp/pwned',
    '-u',
    'ext::sh -c true',
    'fd::17',
    'https://user:password@example.invalid/a.git',
    'relative/path',
    'https://-oProxyCommand=x/a',
    '-oProxyCommand=x@host:path',
    'ssh://-oProxyCommand=x/a',
    'http://example.invalid/a.git',
    'https://example.invalid/a b',
    '',
  ])('refuses the repository %j before git sees it', async (bad) => {
    const source = createGitSource({ cacheDirectory });
    await expect(source.confirm({ repository: bad, branch: 'main', commit: someCommit })).rejects.toThrow(/SLIP-SRC-4/);
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  it('never shows a password that was put into the URL', async () => {
    const attempt = createGitSource({ cacheDirectory }).confirm({
      repository: 'https://me:hunter22@example.invalid/a',
      branch: 'main',
      commit: someCommit,
    });
    await expect(attempt).rejects.not.toThrow(/hunter22/);
  });

  it('reads a path of this machine only where that is allowed', async () => {
    const commit = await repository.commit({ files: { a: '1' } });
    const at = { repository: repository.directory, commit, path: 'a', maxBytes: 10 };
    await expect(createGitSource({ cacheDirectory }).read(at)).rejects.toThrow(/SLIP-SRC-4.*file.*allows https, ssh/s);
    await expect(local().read(at)).resolves.toBe('1');
  });

  it.each(['-x', '--all', '', 'a..b', 'a b', 'a:b', 'refs/*', 'a@{1}', '/a', 'a/', '.a', 'a.lock', 'a\\b', 'a\nb'])(
    'refuses the branch %j',
    async (branch) => {
      await expect(local().confirm({ repository: repository.directory, branch, commit: someCommit })).rejects.toThrow(
        /SLIP-SRC-4/,
      );
    },
  );

  it.each([
    'main',
    'HEAD',
    someCommit.slice(1),
    someCommit.toUpperCase().replace('0', 'A'),
    `-${someCommit.slice(1)}`,
    `${someCommit}^`,
  ])('refuses the commit %j, which is not one exact commit', async (commit) => {
    await expect(local().confirm({ repository: repository.directory, branch: 'main', commit })).rejects.toThrow(
      /SLIP-SRC-4/,
    );
  });

  it.each(['../a', '/etc/passwd', 'a//b', './a', 'a/', ''])('refuses the path %j', async (path) => {
    const commit = await repository.commit({ files: { a: '1' } });
    await expect(local().read({ repository: repository.directory, commit, path, maxBytes: 10 })).rejects.toThrow(
      /SLIP-SRC-4/,
    );
  });

  it('accepts branches as people name them', async () => {
    await repository.commit({ files: { a: '1' } });
    await repository.branch('release/2026-11_v1.2+fix');
    const commit = await repository.commit({ files: { a: '2' } });
    await expect(
      local().confirm({ repository: repository.directory, branch: 'release/2026-11_v1.2+fix', commit }),
    ).resolves.toBeUndefined();
  });

  it('makes the mirror again when a killed git left it unusable', async () => {
    const first = await repository.commit({ files: { a: '1' } });
    await local().confirm({ repository: repository.directory, branch: 'main', commit: first });
    const [mirror] = await readdir(cacheDirectory);
    await writeFile(join(cacheDirectory, mirror!, 'HEAD'), '');
    const second = await repository.commit({ files: { a: '2' } });
    await expect(
      local().confirm({ repository: repository.directory, branch: 'main', commit: second }),
    ).resolves.toBeUndefined();
    expect(await readdir(cacheDirectory)).toEqual([mirror]);
  });

  it('lets two workers with one cache meet at a repository new to both', async () => {
    const commit = await repository.commit({ files: { a: '1' } });
    const at = { repository: repository.directory, commit, path: 'a', maxBytes: 10 };
    expect(await Promise.all([local(), local(), local()].map((source) => source.read(at)))).toEqual(['1', '1', '1']);
    expect(await readdir(cacheDirectory)).toHaveLength(1);
  });

  it('goes on without a bound on memory where none can be set, and says why', async () => {
    const commit = await repository.commit({ files: { a: '1' } });
    const programs = join(cacheDirectory, 'programs');
    await mkdir(programs);
    for (const name of ['git', 'sh']) await symlink(`/usr/bin/${name}`, join(programs, name));
    const path = process.env['PATH'];
    process.env['PATH'] = programs;
    try {
      expect(await findGitBound()).toEqual({ missing: expect.stringMatching(/^prlimit is not on PATH/) });
      const at = { repository: repository.directory, commit, path: 'a', maxBytes: 10 };
      expect(await local().read(at)).toBe('1');
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('sets a bound where prlimit is there', async () => {
    expect(await findGitBound(1e9)).toEqual({ prefix: ['prlimit', '--data=1000000000', '--'] });
  });

  it.each([
    ['fatal: Out of memory, malloc failed (tried to allocate 1509949350 bytes)', true],
    ['fatal: mmap failed: Cannot allocate memory', true],
    ['remote: fatal: Out of memory, malloc failed', false],
    ['fatal: couldn’t find remote ref out-of-memory', false],
  ])('knows by its own words alone that git has run out of memory: %s', (said, expected) => {
    expect(ranOutOfMemory({ tail: `some line\n${said}\nfatal: the end` })).toBe(expected);
  });

  it('says refused for a repository that is not there, and unreachable for a server that is not', async () => {
    const at = { branch: 'main', commit: someCommit };
    await expect(local().confirm({ ...at, repository: join(cacheDirectory, 'none') })).rejects.toThrow(/SLIP-SRC-8/);
    const nobody = createGitSource({ cacheDirectory, allowedProtocols: ['http'] });
    await expect(nobody.confirm({ ...at, repository: 'http://127.0.0.1:1/a.git' })).rejects.toThrow(/SLIP-SRC-2/);
  });
});

describe('staysInside', () => {
  it.each([
    ['a', 'b', true],
    ['a', './b/c', true],
    ['a/b', '../c', true],
    ['a/b/c', '../../d/e', true],
    ['a/b', '..', true],
    ['a', '..', false],
    ['a/b', '../../c', false],
    ['a', '/b', false],
    ['a', 'b/../c', false],
    ['a/b', '../c/../../d', false],
    ['a', '', false],
  ])('%s → %s: %s', (path, target, expected) => expect(staysInside(path, target)).toBe(expected));
});
