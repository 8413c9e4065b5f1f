import { describe, expect, it } from '@jest/globals';
import { addressOfCommit } from '../../domain/commit-address.ts';
import { aCommit } from './builders.ts';

const commit = aCommit('a');

describe('where people see a commit', () => {
  it.each([
    'https://github.com/example/shop',
    'https://github.com/example/shop/',
    'https://github.com/example/shop.git',
    'git@github.com:example/shop.git',
    'ssh://git@github.com/example/shop.git',
  ])('is at GitHub, of %s', (repository) => {
    expect(addressOfCommit(repository, commit)).toBe(`https://github.com/example/shop/commit/${commit}`);
  });

  it.each([
    '/srv/git/shop',
    'https://git.example.com/shop',
    'https://github.com.example.com/example/shop',
    'https://example.com/github.com/example/shop',
    'https://github.com/example/shop/tree/main',
    'https://github.com/example/..',
    'https://github.com/example/.git',
    'https://kim@github.com/example/shop',
    `https://github.com/example/shop?x=${'y'.repeat(10)}`,
  ])('is not known of %s', (repository) => {
    expect(addressOfCommit(repository, commit)).toBeUndefined();
  });

  it('is of a whole commit alone', () => {
    expect(addressOfCommit('https://github.com/example/shop', 'main')).toBeUndefined();
  });
});
