import { describe, expect, it } from '@jest/globals';
import { ignoring } from '../../domain/docker-ignore.ts';

describe('.dockerignore', () => {
  it.each<[string, string, boolean]>([
    ['docs', 'docs', true],
    ['docs', 'docs/deep/a.md', true],
    ['/docs/', 'docs/a.md', true],
    ['docs', 'src/docs/a.md', false],
    ['docs', 'docs-more/a.md', false],
    ['*.md', 'README.md', true],
    ['*.md', 'docs/a.md', false],
    ['**/*.md', 'README.md', true],
    ['**/*.md', 'a/b/c.md', true],
    ['*/temp*', 'a/temporary.txt', true],
    ['*/temp*', 'a/b/temporary.txt', false],
    ['temp?', 'tempa', true],
    ['temp?', 'temp', false],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['**', 'anything/at/all', true],
    ['*', 'anything/at/all', true],
    ['*\n!src', 'src/a.ts', false],
    ['*\n!src', 'README.md', true],
    ['*\n!src\nsrc/*.md', 'src/a.md', true],
    ['!src\n*', 'src/a.ts', true],
    ['# docs\n\n', 'docs/a.md', false],
    [' docs \r\n', 'docs/a.md', true],
    ['a.b', 'axb', false],
    ['a+(b)', 'a+(b)', true],
    ['', 'a', false],
    // What is not read keeps nothing out, and may let anything in.
    ['[a-z]', 'a', false],
    ['*\n![a-z]', 'a', false],
    [Array.from({ length: 201 }, () => '*').join('\n'), 'a', false],
  ])('%j and %s: %j', (text, path, expected) => expect(ignoring(text)(path)).toBe(expected));

  it('keeps nothing out that is asked about after a bounded amount of work', () => {
    const isIgnored = ignoring(`secret\n${`*${'a'.repeat(80)}b\n`.repeat(199)}`);
    expect(isIgnored('secret')).toBe(true);
    for (let n = 0; n < 2_000; n += 1) expect(isIgnored('a'.repeat(250))).toBe(false);
    expect(isIgnored('secret')).toBe(false);
  });

  it('is read in few steps, whatever it says', () => {
    // By backtracking these take longer than anybody would wait.
    const segments = Array.from({ length: 100 }, () => 'a').join('/');
    expect(ignoring(`${'**/a/'.repeat(40)}b`)(segments)).toBe(false);
    expect(ignoring(`${'*a'.repeat(60)}b`)('a'.repeat(2_000))).toBe(false);
  });
});
