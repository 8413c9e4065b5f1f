import type { Mistake } from './answers.ts';

export const refused: Mistake[] = [
  [
    'an image with a registry',
    { slipway: { 7: '    image: 111122223333.dkr.ecr.eu-central-1.amazonaws.com/saleor-api' } },
    [
      '7:12 `image` must not name a registry: the one that the policy names for the environment goes before it | write `image: saleor-api`',
    ],
  ],
  [
    'an image of a registry on this machine',
    { slipway: { 7: '    image: localhost/saleor-api' } },
    [
      '7:12 `image` must not name a registry: the one that the policy names for the environment goes before it | write `image: saleor-api`',
    ],
  ],
  [
    'an image with a registry, its port and a tag',
    { slipway: { 7: '    image: registry.example.com:5000/shop/saleor-api:1.2' } },
    [
      '7:12 `image` must be a lower-case repository path such as `shop/core`, without registry, tag or digest | write `image: shop/saleor-api`',
    ],
  ],
  [
    'two components with one image',
    { slipway: { 23: '    image: saleor-dashboard' } },
    [
      '23:12 the image `saleor-dashboard` is that of `dashboard` already: each would move the tags of the other | name a repository of its own, or make them one component with several workloads',
    ],
  ],
  [
    'two stars',
    { slipway: { 95: "    branches: ['**']" } },
    [
      "95:16 the entry must not hold `**`: each `*` stands for anything but `/`, and so do several | write one entry for each depth, such as `'*'` and `'*/*'`",
    ],
  ],
  [
    'two stars in a pattern',
    { slipway: { 59: '    branches: [feature/**]' } },
    [
      "59:16 the entry must not hold `**`: each `*` stands for anything but `/`, and so do several | write one entry for each depth, such as `'*'` and `'*/*'`",
    ],
  ],
  [
    'two stars in a policy',
    {
      policy: {
        16: "      development: { branches: [feature/**], namespaces: [saleor-dev], endpointHosts: ['*.dev.example.com'], workloads: [saleor-*], images: [saleor-*], secrets: { plan: [saleor-migrate-ro], apply: [saleor-migrate] } }",
      },
    },
    [
      "policy.yaml:16:33 the entry must not hold `**`: each `*` stands for anything but `/`, and so do several | write one entry for each depth, such as `'*'` and `'*/*'`",
    ],
  ],
  [
    'a pattern that the policy does not name',
    { slipway: { 95: '    branches: [main, hotfix/*]' } },
    [
      '95:22 `hotfix/*` fits branches that may not be released to `production`, the policy allows `main` (policy.yaml:19)',
    ],
  ],
  [
    'a pattern wider than that of the policy',
    {
      policy: {
        18: '      staging: { branches: [release/3.*, release/4.*], namespaces: [saleor-staging], workloads: [saleor-*], images: [saleor-*], secrets: { plan: [saleor-migrate-ro], apply: [saleor-migrate] } }',
      },
    },
    [
      '76:16 `release/*` fits branches that may not be released to `staging`, the policy allows `release/3.*`, `release/4.*` (policy.yaml:18)',
    ],
  ],
  [
    'a token in a build argument',
    { slipway: { 17: '    build: { context: dashboard, args: { NPM_AUTH: ghp_abcdefghijklmnopqrstuvwxyz012345 } }' } },
    [
      '17:52 `NPM_AUTH` looks like a secret (a token, a key, or an address with a password), which a repository must not hold | take it out and have it replaced, since others may have seen it; programs get secrets from Kubernetes when they run',
    ],
  ],
  [
    'a password in an address in a build argument',
    {
      slipway: {
        17: "    build: { context: dashboard, args: { INDEX: 'https://bot:geheim@pypi.example.com/simple' } }",
      },
    },
    [
      '17:49 `INDEX` looks like a secret (a token, a key, or an address with a password), which a repository must not hold | take it out and have it replaced, since others may have seen it; programs get secrets from Kubernetes when they run',
    ],
  ],
  [
    'a token in a variable',
    { slipway: { 52: '    timeout: 30m\n    env: { API: xoxb-1234567890-abcdefghij }' } },
    [
      '53:17 `API` looks like a secret (a token, a key, or an address with a password), which a repository must not hold | take it out and have it replaced, since others may have seen it; programs get secrets from Kubernetes when they run',
    ],
  ],
  [
    'a key in a variable',
    { slipway: { 52: '    timeout: 30m\n    env: { PEM: "-----BEGIN RSA PRIVATE KEY-----" }' } },
    [
      '53:17 `PEM` looks like a secret (a token, a key, or an address with a password), which a repository must not hold | take it out and have it replaced, since others may have seen it; programs get secrets from Kubernetes when they run',
    ],
  ],
  [
    'a webhook of Slack in a variable',
    { slipway: { 52: '    timeout: 30m\n    env: { HOOK: https://hooks.slack.com/services/T0/B0/abc }' } },
    [
      '53:18 `HOOK` looks like a secret (a token, a key, or an address with a password), which a repository must not hold | take it out and have it replaced, since others may have seen it; programs get secrets from Kubernetes when they run',
    ],
  ],
  [
    'a token in a command',
    { slipway: { 46: '      plan: [python, manage.py, migrate, --token=glpat-abcdefghijklmnopqrst]' } },
    [
      '46:42 the entry looks like a secret (a token, a key, or an address with a password), which a repository must not hold | take it out and have it replaced, since others may have seen it; programs get secrets from Kubernetes when they run',
    ],
  ],
  [
    'a group written wrongly in the policy',
    {
      policy: {
        45: '    approval: { required: true, quorum: 1, groups: [release-mangers], expires: 24h, excludeRequester: true }',
      },
    },
    [
      '113:53 the group `release-managers` may not approve, the policy allows `release-mangers` (policy.yaml:45) | `release-mangers` is named nowhere else: is `release-managers` meant in the policy?',
    ],
  ],
  [
    'a group written wrongly in slipway.yaml',
    {
      slipway: {
        113: '    approval: { required: true, quorum: 1, groups: [release-mangers], expires: 24h, excludeRequester: true }',
      },
    },
    [
      '113:53 the group `release-mangers` may not approve, the policy allows `release-managers` (policy.yaml:45) | did you mean `release-managers`?',
    ],
  ],
  [
    'an address whose password is filled in later',
    { slipway: { 52: '    timeout: 30m\n    env: { URL: "postgres://app:$(PASSWORD)@db/shop" }' } },
    [],
  ],
];
