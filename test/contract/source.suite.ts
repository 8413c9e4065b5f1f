import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lstat, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Source } from '../../activities/source/port.ts';
import { aRepository, type TestRepository } from '../support/git-repository.ts';

const unknown = '0123456789abcdef0123456789abcdef01234567';

/** What every source must do. `setUp` makes a source that has never seen anything, and may read the repositories of this suite. */
export function describeSource(
  name: string,
  setUp: () => Promise<{ source: Source; tearDown(): Promise<void> }>,
): void {
  describe(`Source: ${name}`, () => {
    let source: Source;
    let repository: TestRepository;
    let work: string;
    const ends: (() => Promise<void>)[] = [];

    beforeEach(async () => {
      const made = await setUp();
      source = made.source;
      repository = await aRepository();
      work = await mkdtemp(join(tmpdir(), 'slipway-source-'));
      ends.push(
        made.tearDown,
        () => repository.remove(),
        () => rm(work, { recursive: true, force: true }),
      );
    });
    afterEach(async () => {
      for (const end of ends.splice(0)) await end();
    });

    it('checks out again what it has checked out already when the reply was lost', async () => {
      const commit = await repository.commit({ files: { 'a.txt': 'one' }, links: { 'b.txt': 'a.txt' } });
      const directory = join(work, 'tree');
      await source.checkOut({ repository: repository.directory, commit, directory });
      await source.checkOut({ repository: repository.directory, commit, directory });
      expect(await readFile(join(directory, 'b.txt'), 'utf8')).toBe('one');
    });

    it('checks out exactly the commit: files, modes and links, and nothing else', async () => {
      const commit = await repository.commit({
        files: { 'src/a.txt': 'one' },
        executables: { 'bin/go': '#!/bin/sh\n' },
        links: { 'src/up': '../bin/go' },
      });
      await repository.commit({ files: { 'later.txt': 'two' } });
      const directory = join(work, 'tree');
      await source.checkOut({ repository: repository.directory, commit, directory });
      expect((await readdir(directory)).sort()).toEqual(['bin', 'src']);
      expect((await stat(join(directory, 'bin/go'))).mode & 0o111).toBe(0o111);
      expect(await readlink(join(directory, 'src/up'))).toBe('../bin/go');
      expect((await readdir(work)).sort()).toEqual(['tree']);
    });

    it('checks out into an empty directory that is there already', async () => {
      const commit = await repository.commit({ files: { 'a.txt': 'one' } });
      await source.checkOut({ repository: repository.directory, commit, directory: work });
      expect(await readdir(work)).toEqual(['a.txt']);
    });

    it('refuses to check out into a directory that holds something else, and leaves it alone', async () => {
      const commit = await repository.commit({ files: { 'a.txt': 'one' } });
      await writeFile(join(work, 'mine.txt'), 'mine');
      await expect(source.checkOut({ repository: repository.directory, commit, directory: work })).rejects.toThrow(
        /SLIP-SRC-7/,
      );
      expect(await readdir(work)).toEqual(['mine.txt']);
    });

    it.each([
      ['an absolute path', { trap: '/etc/passwd' }],
      ['the directory above', { trap: '..' }],
      ['a path above, from deep inside', { 'a/b/trap': '../../../outside' }],
      ['a path that leads out by way of another link', { 'deep/er/link': '../../top', trap: 'deep/er/link/../../..' }],
    ])('refuses a link to %s, and leaves nothing behind', async (_what, links) => {
      const commit = await repository.commit({ files: { 'top/file': 'x' }, links });
      const directory = join(work, 'tree');
      await expect(source.checkOut({ repository: repository.directory, commit, directory })).rejects.toThrow(
        /SLIP-SRC-6.*trap/s,
      );
      expect(await readdir(work)).toEqual([]);
    });

    it('runs no hook and no filter of the repository', async () => {
      const commit = await repository.commit({
        files: { '.gitattributes': '* filter=evil\n', 'a.txt': 'one' },
        executables: { '.githooks/post-checkout': '#!/bin/sh\ntouch hooked\n' },
      });
      const directory = join(work, 'tree');
      await source.checkOut({ repository: repository.directory, commit, directory });
      expect(await readFile(join(directory, 'a.txt'), 'utf8')).toBe('one');
      await expect(lstat(join(directory, 'hooked'))).rejects.toThrow('ENOENT');
    });

    it('confirms a commit that the branch has', async () => {
      const first = await repository.commit({ files: { a: '1' } });
      await repository.commit({ files: { a: '2' } });
      await expect(
        source.confirm({ repository: repository.directory, branch: 'main', commit: first }),
      ).resolves.toBeUndefined();
    });

    it('does not confirm a commit of another branch', async () => {
      await repository.commit({ files: { a: '1' } });
      await repository.branch('feature');
      const commit = await repository.commit({ files: { a: '2' } });
      await expect(source.confirm({ repository: repository.directory, branch: 'main', commit })).rejects.toThrow(
        /SLIP-SRC-1/,
      );
    });

    it('does not confirm a commit that the branch has dropped since it was last seen', async () => {
      const first = await repository.commit({ files: { a: '1' } });
      const dropped = await repository.commit({ files: { a: '2' } });
      await source.confirm({ repository: repository.directory, branch: 'main', commit: dropped });
      await repository.git('reset', '--hard', '--quiet', first);
      await expect(
        source.confirm({ repository: repository.directory, branch: 'main', commit: dropped }),
      ).rejects.toThrow(/SLIP-SRC-1/);
    });

    it('sees a commit that was pushed after the first look', async () => {
      const first = await repository.commit({ files: { a: '1' } });
      await source.confirm({ repository: repository.directory, branch: 'main', commit: first });
      const second = await repository.commit({ files: { a: '2' } });
      expect(await source.read({ repository: repository.directory, commit: second, path: 'a', maxBytes: 10 })).toBe(
        '2',
      );
    });

    it('knows who has written what is new, co-authors as well, in lower case and once each', async () => {
      const by = (email: string, message = 'change') => ({ files: { a: `${email}${message}` }, email, message });
      const base = await repository.commit(by('first@shop.test'));
      await repository.commit(by('Dana@Shop.test', 'one\n\nCo-authored-by: Lea <LEA@shop.test>'));
      await repository.commit(by('dana@shop.test', 'two'));
      const commit = await repository.commit(by('kim@shop.test'));
      const at = { repository: repository.directory, commit };
      expect(await source.authors({ ...at, notIn: [base] })).toEqual([
        'dana@shop.test',
        'kim@shop.test',
        'lea@shop.test',
      ]);
      expect(await source.authors({ ...at, notIn: [commit] })).toEqual([]);
      expect(await source.authors({ ...at, notIn: [] })).toEqual(['kim@shop.test']);
      expect(await source.authors({ ...at, notIn: [unknown] })).toEqual(['kim@shop.test']);
    });

    it('tells the commits that are new, the newest first, each in one line, and whether there are more', async () => {
      const base = await repository.commit({ files: { a: '0' } });
      const first = await repository.commit({ files: { a: '1' }, message: 'adds a weight\n\nand says why\n' });
      const commit = await repository.commit({ files: { a: '2' }, message: `${'x'.repeat(300)} \u{1f680}` });
      const at = { repository: repository.directory, commit, most: 10 };
      const { commits, more } = await source.commits({ ...at, notIn: [base] });
      expect(more).toBe(false);
      expect(commits.map((one) => one.commit)).toEqual([commit, first]);
      expect(commits[1]).toEqual({ commit: first, author: 'Test', at: expect.any(Number), subject: 'adds a weight' });
      expect(commits[0]!.subject).toBe('x'.repeat(200));
      expect(await source.commits({ ...at, most: 1, notIn: [base] })).toEqual({ commits: [commits[0]], more: true });
      expect(await source.commits({ ...at, notIn: [commit] })).toEqual({ commits: [], more: false });
      for (const notIn of [[], [unknown]])
        expect(await source.commits({ ...at, notIn })).toEqual({ commits: [commits[0]], more: false });
    });

    it('knows no authors where there are more than are read, and reads what else there is', async () => {
      const base = await repository.commit({ files: { a: '0' } });
      const many = (commit: number) =>
        Array.from({ length: 1_000 }, (_, n) => `Co-authored-by: A <${'a'.repeat(35)}${commit}-${n}@shop.test>`);
      let commit = base;
      for (let n = 0; n < 12; n += 1)
        commit = await repository.commit({ files: { a: `${n + 1}` }, message: `${n}\n\n${many(n).join('\n')}` });
      const at = { repository: repository.directory, commit };
      expect(await source.authors({ ...at, notIn: [base] })).toBeUndefined();
      expect(await source.authors({ ...at, notIn: [] })).toHaveLength(1_001);
      expect(await source.read({ ...at, path: 'a', maxBytes: 10 })).toBe('12');
    });

    it('reads a file as it was at the commit', async () => {
      const commit = await repository.commit({ files: { 'deep/slipway.yaml': 'service: shop # ü\n' } });
      await repository.commit({ files: { 'deep/slipway.yaml': 'service: other\n' } });
      const at = { repository: repository.directory, commit, maxBytes: 1000 };
      expect(await source.read({ ...at, path: 'deep/slipway.yaml' })).toBe('service: shop # ü\n');
      expect(await source.read({ ...at, path: 'slipway.yaml' })).toBeUndefined();
      expect(await source.read({ ...at, path: 'deep' })).toBeUndefined();
    });

    it('takes a path as it is written, not as a pattern', async () => {
      const commit = await repository.commit({ files: { 'a.yaml': 'x' } });
      expect(
        await source.read({ repository: repository.directory, commit, path: '*.yaml', maxBytes: 10 }),
      ).toBeUndefined();
      expect(
        await source.read({ repository: repository.directory, commit, path: ':(glob)a.yaml', maxBytes: 10 }),
      ).toBeUndefined();
    });

    it.each([
      ['is too large', { files: { f: 'x'.repeat(11) } }],
      ['is a link', { links: { f: 'g' } }],
      ['is not text', { files: { f: Buffer.from([0xff, 0xfe, 0x00]) } }],
    ])('refuses a file that %s', async (_what, change) => {
      const commit = await repository.commit(change);
      await expect(source.read({ repository: repository.directory, commit, path: 'f', maxBytes: 10 })).rejects.toThrow(
        /SLIP-SRC-5/,
      );
    });

    it('names the paths that differ between two commits, with removed and unusual ones', async () => {
      const from = await repository.commit({ files: { 'a.txt': '1', 'gone.txt': '1', same: '1' } });
      const to = await repository.commit({ files: { 'a.txt': '2', 'new/ü\nfile "x"': '1' }, remove: ['gone.txt'] });
      const changed = await source.changedPaths({ repository: repository.directory, from, to });
      expect(changed?.sort()).toEqual(['a.txt', 'gone.txt', 'new/ü\nfile "x"']);
      expect(await source.changedPaths({ repository: repository.directory, from: unknown, to })).toBeUndefined();
      expect(await source.changedPaths({ repository: repository.directory, from: to, to })).toEqual([]);
    });

    it('knows what descends from what', async () => {
      const old = await repository.commit({ files: { a: '1' } });
      const commit = await repository.commit({ files: { a: '2' } });
      const at = { repository: repository.directory };
      expect(await source.descends({ ...at, commit, ancestor: old })).toBe(true);
      expect(await source.descends({ ...at, commit, ancestor: commit })).toBe(true);
      expect(await source.descends({ ...at, commit: old, ancestor: commit })).toBe(false);
      expect(await source.descends({ ...at, commit, ancestor: unknown })).toBe(false);
    });

    it('says when each of many commits was made, and leaves out those that are not there', async () => {
      const commits = [await repository.commit({ files: { a: '1' } }), await repository.commit({ files: { a: '2' } })];
      const at = { repository: repository.directory };
      const told = await source.times({ ...at, commits: [unknown, ...commits] });
      expect([...told.keys()].sort()).toEqual([...commits].sort());
      for (const [commit, time] of told) {
        const [line] = (await source.commits({ ...at, commit, notIn: [], most: 1 })).commits;
        expect(time).toBe(line!.at);
      }
      expect(await source.times({ ...at, commits: [unknown] })).toEqual(new Map());
      expect(await source.times({ ...at, commits: [] })).toEqual(new Map());
      await expect(source.times({ ...at, commits: ['--all'] })).rejects.toThrow(/SLIP-SRC-4/);
    });

    it('says that a commit is not there', async () => {
      await repository.commit({ files: { a: '1' } });
      const at = { repository: repository.directory, commit: unknown };
      await expect(source.read({ ...at, path: 'a', maxBytes: 10 })).rejects.toThrow(/SLIP-SRC-3/);
      await expect(source.checkOut({ ...at, directory: join(work, 'tree') })).rejects.toThrow(/SLIP-SRC-3/);
      await expect(source.confirm({ ...at, branch: 'main' })).rejects.toThrow(/SLIP-SRC-1/);
    });

    it('answers many at once for a repository it has not seen', async () => {
      const commit = await repository.commit({ files: { a: '1' } });
      const at = { repository: repository.directory, commit, path: 'a', maxBytes: 10 };
      expect(await Promise.all(Array.from({ length: 6 }, () => source.read(at)))).toEqual(Array(6).fill('1'));
    });
  });
}
