import { describe, expect, it } from '@jest/globals';
import { isSecretReference } from '../../activities/shared/secrets.ts';
import { secretReference } from '../../pipeline/fields.ts';
import { policyProblems, policyText } from './texts.ts';

const reference = 'must be a reference such as `env:NAME` or `file:/path`, never the secret itself';
const host = 'must be a host such as `ghcr.io` or `registry.example.com:5000`: lower-case, no scheme, no path';

/** The usual policy has 29 lines: what is added begins at line 30. */
const problemsWith = (added: string) => policyProblems(policyText + added);
const registry = (key: string) => problemsWith(`registries:\n  ${key}: { username: bot, password: env:A }\n`);

describe('logins in the policy file', () => {
  it('are accepted for registries and git servers', () => {
    const registries = `registries:
  ghcr.io: { username: bot, password: env:GHCR_TOKEN }
  docker.io: { username: shop, password: file:/run/secrets/docker hub }
  registry.example.com:5000: { username: 'robot$shop+push', password: env:HARBOR }
  localhost: { username: bot, password: env:A }
`;
    const git = `git:
  github.com: { password: file:/run/secrets/github }
  git.example.com:8443: { username: me, password: env:GIT }
`;
    expect(problemsWith(registries + git)).toEqual([]);
  });

  it.each(['hunter22', 'ENV:NAME', "'env:'", 'env:1A', 'env:A B', 'file:relative', 'aws-sm:shop/ghcr', "''"])(
    'hold no secrets, only references: %s',
    (password) => {
      expect(problemsWith(`git:\n  github.com: { password: ${password} }\n`)).toEqual([
        `31:27 \`password\` ${reference}`,
      ]);
    },
  );

  it('do not show what stands where a reference belongs', () => {
    expect(problemsWith('git:\n  github.com: { password: hunter22 }\n').join()).not.toContain('hunter22');
    expect(problemsWith('git:\n  github.com: { password: 12345678 }\n')).toEqual([`31:27 \`password\` ${reference}`]);
  });

  it.each([
    'https://ghcr.io',
    'ghcr.io/shop',
    'GHCR.io',
    'ghcr',
    '.ghcr.io',
    'ghcr.io:0',
    'ghcr.io:port',
    '*.example.com',
    'me@ghcr.io',
  ])('are for one host: %s', (key) => {
    expect(registry(`'${key}'`)).toEqual([`31:3 \`${key}\` ${host}`]);
  });

  it.each([
    ['no password', 'registries:\n  ghcr.io: { username: bot }\n', ['31:3 `password` is missing']],
    ['no user name', 'registries:\n  ghcr.io: { password: env:A }\n', ['31:3 `username` is missing']],
    [
      'a word misspelt',
      'registries:\n  ghcr.io: { username: bot, pasword: env:A }\n',
      ['31:29 unknown key `pasword` | did you mean `password`?'],
    ],
    [
      'a name that would be cut off',
      "git:\n  github.com: { username: 'a:b', password: env:A }\n",
      ['31:27 `username` must not hold a `:`'],
    ],
    [
      'a name of two lines',
      'git:\n  github.com: { username: "a\\nb", password: env:A }\n',
      ['31:27 `username` must be a single line without tabs'],
    ],
  ])('are refused, at the place where they are wrong: %s', (_, added, says) => {
    expect(problemsWith(added)).toEqual(says);
  });
});

describe('a reference that the policy accepts', () => {
  it.each(['env:A', 'env:_a1', 'file:/a', 'file:/a b'])('is one that workers resolve: %s', (text) => {
    expect(secretReference.safeParse(text).success).toBe(true);
    expect(isSecretReference(text)).toBe(true);
  });
});
