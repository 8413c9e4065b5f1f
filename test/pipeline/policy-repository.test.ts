import { describe, expect, it } from '@jest/globals';
import { requireRepository } from '../../activities/source/requests.ts';
import { changed, policyProblems, policyText } from './texts.ts';

const problemsWith = (repository: string) =>
  policyProblems(changed(policyText, 'https://git.example.com/shop', `'${repository}'`));

describe('the repository of a service', () => {
  it.each([
    'git@github.com:example/shop.git',
    'git@github.com:shop',
    'deploy.bot@git.example.com:~team/shop.git',
    'ssh://git@github.com/example/shop.git',
    'ssh://git.example.com/shop',
    'ssh://git@git.example.com:2222/example/shop.git',
  ])('may be reached by ssh: %s', (repository) => {
    expect(problemsWith(repository)).toEqual([]);
    expect(() => requireRepository(repository, ['https', 'ssh'])).not.toThrow();
  });

  it.each([
    'ssh://git:hunter22@github.com/example/shop.git',
    'ssh://:hunter22@github.com/example/shop.git',
    'git:hunter22@github.com:example/shop.git',
    '-oProxyCommand=touch',
    '-oProxyCommand=touch@github.com:shop',
    'git@-oProxyCommand=touch:shop',
    'git@github.com:-oProxyCommand=touch',
    'ssh://-oProxyCommand=touch/shop',
    'ssh://-oProxyCommand=touch@github.com/shop',
    'ssh://git@-oProxyCommand=touch/shop',
    'ssh://github.com:-o/shop',
    'ssh://github.com',
    'ssh:///shop',
    'git@github.com:',
    'git@github.com:a b',
    'git@github.com::shop',
    'github.com:example/shop',
    'ext::sh -c touch',
    'git://github.com/example/shop.git',
    'http://me:hunter22@github.com/shop',
    // Each would be a path from wherever a worker was started.
    'example/shop',
    'github.com/example/shop',
    'git@github.com/example/shop.git',
  ])('is refused when it carries a password, an option or another way to get there: %s', (repository) => {
    const problems = problemsWith(repository);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^10:17 `repository` must be an http or https URL/);
    expect(problems[0]).not.toContain('hunter22');
  });
});
