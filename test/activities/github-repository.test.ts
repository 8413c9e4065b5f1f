import { describe, expect, it } from '@jest/globals';
import { githubRepositoryOf } from '../../activities/notify/github-repository.ts';

describe('the repository of an address', () => {
  it.each([
    ['https://github.com/example/shop.git', 'github.com', 'example/shop'],
    ['https://GitHub.com/example/shop', 'github.com', 'example/shop'],
    ['git@github.com:example/shop.git', 'github.com', 'example/shop'],
    ['ssh://git@git.example.com:22/example/shop.js.git', 'git.example.com', 'example/shop.js'],
  ])('%s is %s, %s', (address, host, repository) => {
    expect(githubRepositoryOf(address)).toEqual({ host, repository });
  });

  it.each([
    '/srv/git/shop.git',
    'https://github.com/shop',
    'https://github.com/a/b/c',
    'https://github.com/a/..',
    'shop',
  ])('%s is none that GitHub would know', (address) => {
    expect(githubRepositoryOf(address)).toBeUndefined();
  });
});
