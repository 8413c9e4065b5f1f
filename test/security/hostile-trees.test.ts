import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createGitSource } from '../../activities/source/git-source.ts';
import { sizeOfTree } from '../../activities/source/git-tree-size.ts';
import { aRawRepository, type RawEntry, type RawRepository } from '../support/raw-trees.ts';

/** Whoever may push to a service's repository writes what trees they like: none costs more than a look, or gets out of its checkout. */

let repository: RawRepository;
let work: string;
beforeEach(async () => {
  repository = await aRawRepository();
  work = await mkdtemp(join(tmpdir(), 'slipway-hostile-'));
});
afterEach(async () => {
  await repository.remove();
  await rm(work, { recursive: true, force: true });
});

const dir = (name: string | Buffer, id: string): RawEntry => ({ mode: '40000', name, id });
const file = (name: string | Buffer, id: string): RawEntry => ({ mode: '100644', name, id });
const link = (name: string, id: string): RawEntry => ({ mode: '120000', name, id });
const source = () => createGitSource({ cacheDirectory: join(work, 'mirrors'), allowedProtocols: ['file'] });

/** What checking out answers: the code of the refusal, or that all is well. */
async function checkedOut(commit: string): Promise<string> {
  const at = { repository: repository.directory, commit };
  return source()
    .checkOut({ ...at, directory: join(work, 'out') })
    .then(
      () => 'well',
      (error: unknown) => /SLIP-[A-Z]+-\d+/.exec(String(error))?.[0] ?? String(error),
    );
}

/** Trees in trees, each `wide` times in the next. */
async function bomb(wide: number, deep: number, leaf: RawEntry[]): Promise<string> {
  let tree = await repository.tree(leaf);
  for (let level = 0; level < deep; level += 1) {
    const names = Array.from({ length: wide }, (_, n) => `d${String(n).padStart(4, '0')}`);
    tree = await repository.tree(names.map((name) => dir(name, tree)));
  }
  return repository.commit(tree);
}

describe('a tree whose entries repeat', () => {
  const shapes = [2, 3, 4, 5, 7, 10, 16, 32, 64, 100].flatMap((wide) => {
    const least = Math.ceil(Math.log(200_001) / Math.log(wide));
    return [least, least + 1, least + 5].map((deep) => [wide, deep] as const);
  });

  it.each(shapes)('is refused without being written out, %i wide and %i deep', async (wide, deep) => {
    const blob = await repository.blob('x');
    expect(await checkedOut(await bomb(wide, deep, [file('f', blob)]))).toBe('SLIP-SRC-6');
    expect(existsSync(join(work, 'out'))).toBe(false);
  });

  it('is refused where two commits are compared, too', async () => {
    const blob = await repository.blob('x');
    const from = await repository.commit(await repository.tree([file('f', blob)]));
    await source().confirm({ repository: repository.directory, commit: from, branch: 'main' });
    const to = await bomb(10, 10, [file('f', blob)]);
    await expect(source().changedPaths({ repository: repository.directory, from, to })).rejects.toThrow(/SLIP-SRC-6/);
  });

  it('is counted once for each different tree, however many paths it makes', () => {
    const trees = new Map(
      Array.from({ length: 90 }, (_, n) => {
        const isLast = n === 89;
        const trees = isLast ? [] : [1, 2].map(() => ({ nameBytes: 1, tree: String(n + 1) }));
        return [n === 0 ? '' : String(n), { files: isLast ? 1 : 0, longestName: isLast ? 1 : 0, trees }] as const;
      }),
    );
    expect(sizeOfTree(trees)).toEqual({ paths: 2 ** 89, depth: 90, pathBytes: 179 });
  });
});

describe('a tree that is too deep, or has too long paths', () => {
  it.each([101, 1_000])('is refused, %i deep', async (deep) => {
    expect(await checkedOut(await bomb(1, deep, [file('f', await repository.blob('x'))]))).toBe('SLIP-SRC-6');
  });

  it.each([300, 4_000])('is refused, with 90 names of %i bytes', async (bytes) => {
    let tree = await repository.tree([file('f', await repository.blob('x'))]);
    for (let level = 0; level < 90; level += 1) tree = await repository.tree([dir('n'.repeat(bytes), tree)]);
    expect(await checkedOut(await repository.commit(tree))).toMatch(/SLIP-SRC-(6|11)/);
  });

  it('is checked out at the edge of what is allowed', async () => {
    expect(await checkedOut(await bomb(1, 99, [file('f', await repository.blob('x'))]))).toBe('well');
  });
});

describe('names that lead elsewhere', () => {
  const names = [
    '.git',
    '.GIT',
    '.Git',
    '.git ',
    '.git.',
    'git~1',
    'GIT~1',
    '..',
    '.',
    '',
    'a/b',
    '/etc',
    '.g\u200cit',
    '.git\u200e',
  ];
  const places = [
    ['as a file', (name: string, blob: string) => [file(name, blob)]],
    ['as a link', (name: string, blob: string) => [link(name, blob)]],
  ] as const;

  it.each(names.flatMap((name) => places.map(([how, make]) => ({ name, how, make }))))(
    'are refused: $name $how',
    async ({ name, make }) => {
      const tree = await repository.tree(make(name, await repository.blob('x')));
      expect(await checkedOut(await repository.commit(tree))).toMatch(/SLIP-SRC-(2|6|11)/);
      expect(await readdir(work)).not.toContain('out');
    },
  );

  it.each(names)('are refused as a directory: %j', async (name) => {
    const inner = await repository.tree([file('config', await repository.blob('[core]\nfsmonitor=touch pwned\n'))]);
    expect(await checkedOut(await repository.commit(await repository.tree([dir(name, inner)])))).toMatch(
      /SLIP-SRC-(2|6|11)/,
    );
    expect(await readdir(work)).not.toContain('out');
  });
});

describe('links', () => {
  const targets = [
    '/etc/passwd',
    '..',
    '../x',
    'a/../../x',
    '../../../../etc',
    './../..',
    'a/..',
    '',
    '/',
    '//x',
    'x/../../y',
  ];

  it.each(targets)('that lead, or may lead, to %j are refused', async (target) => {
    const tree = await repository.tree([link('l', await repository.blob(target))]);
    expect(await checkedOut(await repository.commit(tree))).toMatch(/SLIP-SRC-(6|11)/);
  });

  it('do not carry a file that is written through them: the same name twice', async () => {
    const out = await repository.blob('.');
    const inner = await repository.tree([file('f', await repository.blob('x'))]);
    const commit = await repository.commit(await repository.tree([link('a', out), dir('a', inner)]));
    expect(await checkedOut(commit)).toMatch(/SLIP-SRC-(6|9|11)/);
  });
});

describe('what is no tree', () => {
  it.each([
    ['a blob where a tree belongs', (blob: string) => [dir('d', blob)]],
    ['names out of order', (blob: string) => [file('b', blob), file('a', blob)]],
    ['an object that is not there', () => [file('f', '1'.repeat(40))]],
    ['a tree that is not there', () => [dir('d', '1'.repeat(40))]],
  ])('is refused, with a code: %s', async (_what, make) => {
    const tree = await repository.tree(make(await repository.blob('x')));
    expect(await checkedOut(await repository.commit(tree))).toMatch(/SLIP-SRC-(2|6|11)/);
  });

  it('leaves a submodule as an empty directory: its address is asked by nobody', async () => {
    const modules = await repository.blob('[submodule "s"]\n\tpath = s\n\turl = http://127.0.0.1:1/s\n');
    const tree = await repository.tree([
      file('.gitmodules', modules),
      { mode: '160000', name: 's', id: '1'.repeat(40) },
    ]);
    expect(await checkedOut(await repository.commit(tree))).toBe('well');
    expect(await readdir(join(work, 'out', 's'))).toEqual([]);
  });

  it('does not run a submodule whose address is a command', async () => {
    const modules = await repository.blob('[submodule "s"]\n\tpath = s\n\turl = -u./payload\n');
    const tree = await repository.tree([file('.gitmodules', modules)]);
    expect(await checkedOut(await repository.commit(tree))).toBe('SLIP-SRC-11');
  });
});

describe('a repository that sends very much', () => {
  it('is left as soon as more has come than is taken', async () => {
    const entries: RawEntry[] = [];
    for (let n = 0; n < 200; n += 1) {
      const noise = Array.from({ length: 400 }, (_, m) => Math.sin(n * 1_000 + m).toString(36)).join('');
      entries.push(file(`f${String(n).padStart(4, '0')}`, await repository.blob(noise)));
    }
    const commit = await repository.commit(await repository.tree(entries));
    const small = createGitSource({
      cacheDirectory: join(work, 'mirrors'),
      allowedProtocols: ['file'],
      maxFetchBytes: 1_000,
    });
    await expect(small.confirm({ repository: repository.directory, commit, branch: 'main' })).rejects.toThrow(
      /SLIP-SRC-10/,
    );
  });
});

describe('an object that says of itself that it is very large', () => {
  it('does not take more memory than git may have: the fetch is refused, and nothing of it is kept', async () => {
    const commit = await repository.swollen(400_000_000);
    const small = createGitSource({
      cacheDirectory: join(work, 'mirrors'),
      allowedProtocols: ['file'],
      maxMemoryBytes: 250_000_000,
    });
    await expect(small.confirm({ repository: repository.directory, commit, branch: 'main' })).rejects.toThrow(
      /SLIP-SRC-10.*memory/s,
    );
    expect(await readdir(join(work, 'mirrors'))).toEqual([]);
  });
});

describe('what is checked out', () => {
  const script = '#!/bin/sh\nexit 1\n';

  it.each([
    ['another encoding', 'f working-tree-encoding=UTF-16'],
    ['an encoding in which letters are others', 'f working-tree-encoding=IBM037'],
    ['an encoding that does not exist', 'f working-tree-encoding=nonsense'],
    ['one that is four times as large', 'f working-tree-encoding=UTF-32'],
    ['other line ends', 'f text eol=crlf'],
    ['other line ends, in the old words', 'f crlf=input'],
    ['the id of the object', 'f ident'],
    ['a filter', 'f filter=lfs'],
    ['a macro of all of them', '[attr]odd working-tree-encoding=UTF-16 ident eol=crlf\nf odd'],
  ])('are the bytes of the commit, whatever its attributes ask for: %s', async (_what, attributes) => {
    const content = `${script}$Id$\r\nend\n`;
    const entries = [
      file('.gitattributes', await repository.blob(`${attributes}\n`)),
      file('f', await repository.blob(content)),
    ];
    const inner = await repository.tree(entries);
    const commit = await repository.commit(await repository.tree([...entries, dir('g', inner)]));
    expect(await checkedOut(commit)).toBe('well');
    expect(await readFile(join(work, 'out', 'f'), 'utf8')).toBe(content);
    expect(await readFile(join(work, 'out', 'g', 'f'), 'utf8')).toBe(content);
  });

  it('are those also in a mirror that was made without them', async () => {
    const commit = await repository.commit(
      await repository.tree([
        file('.gitattributes', await repository.blob('f ident\n')),
        file('f', await repository.blob('$Id$\n')),
      ]),
    );
    await source().confirm({ repository: repository.directory, commit, branch: 'main' });
    const [mirror] = await readdir(join(work, 'mirrors'));
    await rm(join(work, 'mirrors', mirror!, 'info'), { recursive: true });
    expect(await checkedOut(commit)).toBe('well');
    expect(await readFile(join(work, 'out', 'f'), 'utf8')).toBe('$Id$\n');
    expect(await readdir(join(work, 'mirrors'))).toEqual([mirror]);
  });
});

describe('many trees, each of them large', () => {
  /** Each has all of these files, and the one before. */
  async function nested(levels: number, name: (n: number) => string, files: number): Promise<string> {
    const blob = await repository.blob('x');
    const all = Array.from({ length: files }, (_, n) => file(name(n), blob));
    let tree = await repository.tree(all);
    for (let level = 1; level < levels; level += 1) tree = await repository.tree([...all, dir('z', tree)]);
    return repository.commit(tree);
  }

  it('are not looked at further than to the entry that is one too many', async () => {
    const commit = await nested(60, (n) => `f${String(n).padStart(5, '0')}`, 10_000);
    const before = process.resourceUsage().maxRSS;
    expect(await checkedOut(commit)).toBe('SLIP-SRC-6');
    expect((process.resourceUsage().maxRSS - before) * 1_024).toBeLessThan(150_000_000);
  });

  it('are not read when their names alone are too many bytes', async () => {
    expect(await checkedOut(await nested(20, (n) => `${String(n).padStart(5, '0')}${'f'.repeat(240)}`, 8_000))).toBe(
      'SLIP-SRC-6',
    );
  });

  it('are refused by what has changed, too, when that is more than anybody reads', async () => {
    const blob = await repository.blob('x');
    const from = await repository.commit(await repository.tree([file('f', blob)]));
    await source().confirm({ repository: repository.directory, commit: from, branch: 'main' });
    const names = (count: number, filler: string) =>
      Array.from({ length: count }, (_, n) => `${String(n).padStart(4, '0')}${filler.repeat(200)}`);
    const leaf = await repository.tree(names(400, 'n').map((name) => file(name, blob)));
    const to = await repository.commit(await repository.tree(names(400, 'm').map((name) => dir(name, leaf))));
    await expect(source().changedPaths({ repository: repository.directory, from, to })).rejects.toThrow(
      /SLIP-SRC-6.*larger than 16000000 bytes/s,
    );
  });
});
