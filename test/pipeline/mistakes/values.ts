import type { Mistake } from './answers.ts';

export const values: Mistake[] = [
  [
    'a command without commas',
    { slipway: { 48: '      apply: [python manage.py migrate --noinput]' } },
    ['48:14 `apply` must have a comma between its arguments: as it stands it is one, and the name of a program'],
  ],
  [
    'a pattern of reports',
    { slipway: { 31: "  reports: ['reports/*.xml']" } },
    ['31:13 the entry must name one file, such as `reports/junit.xml`: patterns are not read'],
  ],
  [
    'a key twice',
    { slipway: { 16: '    image: saleor-dashboard\n    image: saleor-dash' } },
    ['17:5 `image` is here twice | keep one of them'],
  ],
  [
    'a text for a list',
    { slipway: { 95: '    branches: main' } },
    ['95:15 `branches` must be a list, not a text | write `branches: [main]`'],
  ],
  [
    'texts for a list',
    { slipway: { 95: '    branches: main, hotfix' } },
    ['95:15 `branches` must be a list, not a text | write `branches: [main, hotfix]`'],
  ],
  [
    'a dash glued to the entry',
    { slipway: { 95: '    branches: -main' } },
    ['95:15 `branches` must be a list, not a text | write `branches: [main]`'],
  ],
  [
    'no, in quotes',
    { slipway: { 60: "    tests: 'no'" } },
    ['60:12 `tests` must be true or false, not a text | write `tests: false`'],
  ],
  [
    'no',
    { slipway: { 60: '    tests: no' } },
    ['60:12 `tests` must be true or false, not a text | write `tests: false`'],
  ],
  [
    'Yes',
    { slipway: { 60: '    tests: Yes' } },
    ['60:12 `tests` must be true or false, not a text | write `tests: true`'],
  ],
  [
    'off',
    { slipway: { 36: '  images: off' } },
    ['36:11 `images` must be true or false, not a text | write `images: false`'],
  ],
  [
    'a number for true or false',
    { slipway: { 36: '  images: 0' } },
    ['36:11 `images` must be true or false, not a number | write `images: false`'],
  ],
  ['neither yes nor no', { slipway: { 60: '    tests: maybe' } }, ['60:12 `tests` must be true or false, not a text']],
  [
    'a bare number for a duration',
    { slipway: { 32: '  timeout: 900' } },
    ['32:12 `timeout` must be a duration such as `30s`, `10m`, `24h` or `7d` | write `timeout: 900s`'],
  ],
  [
    'a small bare number for a duration',
    { slipway: { 32: '  timeout: 15' } },
    [
      '32:12 `timeout` must be a duration such as `30s`, `10m`, `24h` or `7d` | write a unit behind the number: `s`, `m`, `h` or `d`',
    ],
  ],
  [
    'a duration with an abbreviated unit',
    { slipway: { 32: '  timeout: 15min' } },
    ['32:12 `timeout` must be a duration such as `30s`, `10m`, `24h` or `7d` | write `timeout: 15m`'],
  ],
  [
    'a duration of two units',
    { slipway: { 32: '  timeout: 1h30m' } },
    ['32:12 `timeout` must be a duration such as `30s`, `10m`, `24h` or `7d` | write `timeout: 90m`'],
  ],
  [
    'a duration in words',
    {
      slipway: {
        113: '    approval: { required: true, quorum: 1, groups: [release-managers], expires: 1 day, excludeRequester: true }',
      },
    },
    ['113:81 `expires` must be a duration such as `30s`, `10m`, `24h` or `7d` | write `expires: 1d`'],
  ],
  [
    'a duration in weeks',
    {
      slipway: {
        113: '    approval: { required: true, quorum: 1, groups: [release-managers], expires: 1w, excludeRequester: true }',
      },
    },
    ['113:81 `expires` must be a duration such as `30s`, `10m`, `24h` or `7d` | write `expires: 7d`'],
  ],
  [
    'a duration that nobody knows',
    { slipway: { 32: '  timeout: soon' } },
    ['32:12 `timeout` must be a duration such as `30s`, `10m`, `24h` or `7d`'],
  ],
  [
    'a bake too long',
    { slipway: { 111: '      - { regions: [de], bake: 10d }' } },
    ['111:32 `bake` must be at most 7d'],
  ],
  [
    'a quorum of none',
    {
      slipway: {
        113: '    approval: { required: true, quorum: 0, groups: [release-managers], expires: 24h, excludeRequester: true }',
      },
    },
    ['113:41 `quorum` must be at least 1'],
  ],
  [
    'an approval that lasts too long',
    {
      slipway: {
        113: '    approval: { required: true, quorum: 1, groups: [release-managers], expires: 60d, excludeRequester: true }',
      },
    },
    ['113:81 `expires` must be at most 30d'],
  ],
  [
    'a date with dots',
    {
      slipway: {
        39: '    - { id: CVE-2026-12345, reason: not reachable, expires: 31.12.2026, environments: [development, integration] }',
      },
    },
    ['39:61 `expires` must be a date such as `2026-12-31` | write `expires: 2026-12-31`'],
  ],
  [
    'a date with slashes',
    {
      slipway: {
        39: '    - { id: CVE-2026-12345, reason: not reachable, expires: 2026/12/31, environments: [development, integration] }',
      },
    },
    ['39:61 `expires` must be a date such as `2026-12-31` | write `expires: 2026-12-31`'],
  ],
  [
    'a date with slashes, the day in the middle',
    {
      slipway: {
        39: '    - { id: CVE-2026-12345, reason: not reachable, expires: 12/31/2026, environments: [development, integration] }',
      },
    },
    ['39:61 `expires` must be a date such as `2026-12-31` | write `expires: 2026-12-31`'],
  ],
  [
    'a date that can be read in two ways',
    {
      slipway: {
        39: '    - { id: CVE-2026-12345, reason: not reachable, expires: 05/06/2026, environments: [development, integration] }',
      },
    },
    ['39:61 `expires` must be a date such as `2026-12-31`'],
  ],
  [
    'a date without zeros',
    {
      slipway: {
        39: '    - { id: CVE-2026-12345, reason: not reachable, expires: 2026-12-1, environments: [development, integration] }',
      },
    },
    ['39:61 `expires` must be a date such as `2026-12-31` | write `expires: 2026-12-01`'],
  ],
  [
    'a day that there is not',
    {
      slipway: {
        39: '    - { id: CVE-2026-12345, reason: not reachable, expires: 2026-02-30, environments: [development, integration] }',
      },
    },
    ['39:61 `expires` must be a date such as `2026-12-31`'],
  ],
  [
    'another version',
    { slipway: { 1: 'version: 2' } },
    ['1:10 `version` must be 1, the only version there is | write `version: 1`'],
  ],
  [
    'a version in quotes',
    { slipway: { 1: "version: '1'" } },
    ['1:10 `version` must be 1, the only version there is | write `version: 1`'],
  ],
  [
    'a status in quotes',
    { slipway: { 101: "          api: { kind: http, url: 'https://api.example.com/health', status: '200' }" } },
    ['101:77 `status` must be a whole number | write `status: 200`'],
  ],
  [
    'no successes',
    { slipway: { 101: "          api: { kind: http, url: 'https://api.example.com/health', successes: 0 }" } },
    ['101:80 `successes` must be at least 1'],
  ],
  [
    'severities in lower case',
    { slipway: { 35: '  failOn: [critical, high]' } },
    [
      '35:11 `critical`, `high`: each must be one of `CRITICAL`, `HIGH`, `MEDIUM`, `LOW`, `UNKNOWN` | write `failOn: [CRITICAL, HIGH]`',
    ],
  ],
  [
    'one severity in lower case',
    { slipway: { 35: '  failOn: [critical, HIGH]' } },
    ['35:12 the entry must be one of `CRITICAL`, `HIGH`, `MEDIUM`, `LOW`, `UNKNOWN` | did you mean `CRITICAL`?'],
  ],
  [
    'severities, one of them misspelt beyond telling',
    { slipway: { 35: '  failOn: [critical, serious]' } },
    ['35:11 `critical`, `serious`: each must be one of `CRITICAL`, `HIGH`, `MEDIUM`, `LOW`, `UNKNOWN`'],
  ],
  [
    'an approval in a word',
    { slipway: { 113: '    approval: manual' } },
    [
      '113:15 `approval` must be keys and values, not a text | write `approval: { required: true, groups: [...] }`, with the groups whose people may approve',
    ],
  ],
  [
    'an approval as yes',
    { slipway: { 113: '    approval: true' } },
    [
      '113:15 `approval` must be keys and values, not true | write `approval: { required: true, groups: [...] }`, with the groups whose people may approve',
    ],
  ],
  [
    'no approval, in a word',
    { slipway: { 77: '    approval: none' } },
    ['77:15 `approval` must be keys and values, not a text | write `approval: { required: false }`'],
  ],
  [
    'what is done on failure, in a word',
    { slipway: { 114: '    onFailure: roll-back-all' } },
    ['114:16 `onFailure` must be keys and values, not a text | write `onFailure: { partial: roll-back-all }`'],
  ],
  [
    'a word misspelt',
    { slipway: { 114: '    onFailure: { partial: rollback-all, confirm: true, hold: 24h }' } },
    ['114:27 `partial` must be one of `hold`, `roll-back-region`, `roll-back-all` | did you mean `roll-back-all`?'],
  ],
  [
    'a rollout in a duration',
    { slipway: { 54: 'rollout: 10m', 55: null } },
    ['54:10 `rollout` must be keys and values, not a text | write `rollout: { timeout: 10m }`'],
  ],
  [
    'a build in a path',
    { slipway: { 17: '    build: dashboard' } },
    ['17:12 `build` must be keys and values, not a text | write `build: { context: dashboard }`'],
  ],
  [
    'a workload in a name',
    { slipway: { 19: '      - saleor-dashboard' } },
    [
      '19:9 the entry must be keys and values, not a text | write `{ deployment: saleor-dashboard, containers: [saleor-dashboard] }`',
    ],
  ],
  [
    'workloads in a name',
    { slipway: { 18: '    workloads: saleor-dashboard', 19: null } },
    [
      '18:16 `workloads` must be a list, not a text | write `workloads: [{ deployment: saleor-dashboard, containers: [saleor-dashboard] }]`',
    ],
  ],
  [
    'waves in names',
    { slipway: { 110: '    waves: [de, nl-be]', 111: null, 112: null } },
    [
      '110:13 the entry must be keys and values, not a text | write `{ regions: [de] }`',
      '110:17 the entry must be keys and values, not a text | write `{ regions: [nl-be] }`',
    ],
  ],
  [
    'an endpoint in an address',
    { slipway: { 108: '          nl: https://nl.example.com/health' } },
    [
      "108:15 `nl` must be keys and values, not a text | write `nl: { kind: http, url: 'https://nl.example.com/health' }`",
    ],
  ],
  [
    'an address without scheme',
    { slipway: { 108: '          nl: { kind: http, url: nl.example.com/health }' } },
    [
      "108:34 `url` must be a URL such as `https://shop.example.com/health` | write `url: 'https://nl.example.com/health'`",
    ],
  ],
  [
    'no kind of endpoint',
    { slipway: { 108: "          nl: { url: 'https://nl.example.com/health' }" } },
    ['108:11 `kind` is missing | it is one of `http`, `graphql`, `tcp`, `grpc`, `dns`, `certificate`'],
  ],
  [
    'an unknown kind of endpoint',
    { slipway: { 108: "          nl: { kind: icmp, url: 'https://nl.example.com/health' }" } },
    ['108:23 `kind` must be one of `http`, `graphql`, `tcp`, `grpc`, `dns`, `certificate`'],
  ],
  [
    'no query',
    {
      slipway: {
        103: "          gql: { kind: graphql, url: 'https://api.example.com/graphql/', expect: { shop.name: Shop } }",
      },
    },
    ['103:11 `query` is missing'],
  ],
  [
    'regions as a list',
    { slipway: { 70: '      - de:' } },
    ['70:7 `regions` must be keys and values, not a list | write each as a key, without `-`: `de:`'],
  ],
  [
    'a list in parentheses',
    { slipway: { 22: '    needs: (api)' } },
    ['22:12 `needs` must be a list, not a text | write `needs: [api]`'],
  ],
  [
    'a list in parentheses, of several',
    { slipway: { 22: '    needs: (api, dashboard)' } },
    ['22:12 `needs` must be a list, not a text | write `needs: [api, dashboard]`'],
  ],
  [
    'a list in braces',
    { slipway: { 22: '    needs: { api, dashboard }' } },
    ['22:12 `needs` must be a list, not keys and values | write `needs: [api, dashboard]`'],
  ],
  [
    'a name of a region with `_`, which its wave names in the same way',
    { slipway: { 104: '      nl_be:', 112: '      - { regions: [nl_be] }' } },
    [
      '104:7 `nl_be` must be a name: lower-case letters, digits and `-`, at most 63 characters | write `nl-be:`, and the same wherever it is named',
    ],
  ],
  [
    'a name of a region with `_`, which its wave names rightly',
    { slipway: { 104: '      nl_be:' } },
    ['104:7 `nl_be` must be a name: lower-case letters, digits and `-`, at most 63 characters | write `nl-be:`'],
  ],
  [
    'a region that its wave names with `_`',
    { slipway: { 112: '      - { regions: [nl_be] }' } },
    ['112:21 the entry must be a name: lower-case letters, digits and `-`, at most 63 characters | write `nl-be`'],
  ],
  [
    'a component with `_` that others need',
    { slipway: { 5: '  ap_i:', 15: '    needs: [ap_i]', 22: '    needs: [ap-i]', 44: '    component: ap-i' } },
    [
      '5:3 `ap_i` must be a name: lower-case letters, digits and `-`, at most 63 characters | write `ap-i:`, and the same wherever it is named',
    ],
  ],
  [
    'a command as text',
    { slipway: { 46: '      plan: python manage.py migrate --plan' } },
    ['46:13 `plan` must be a list, not a text | write `plan: [python, manage.py, migrate, --plan]`'],
  ],
  [
    'a command for a shell',
    { slipway: { 46: '      plan: cd app && python manage.py migrate --plan' } },
    [
      '46:13 `plan` must be a list, not a text | no shell reads it: write the program and each of its arguments as an entry of a list',
    ],
  ],
  [
    'an argument that needs quotes',
    { slipway: { 46: '      plan: python -m migrate true 3' } },
    ["46:13 `plan` must be a list, not a text | write `plan: [python, -m, migrate, 'true', '3']`"],
  ],
  [
    'variables that are no texts',
    { slipway: { 52: '    timeout: 30m\n    env: { PORT: 8000, DEBUG: true }' } },
    [
      "53:18 `PORT` must be a text, not a number | write `PORT: '8000'`",
      "53:31 `DEBUG` must be a text, not true | write `DEBUG: 'true'`",
    ],
  ],
  [
    'build arguments that are no texts',
    { slipway: { 17: '    build: { context: dashboard, args: { CI: true, V: 3.10 } }' } },
    [
      "17:46 `CI` must be a text, not true | write `CI: 'true'`",
      "17:55 `V` must be a text, not a number | write `V: '3.10'`",
    ],
  ],
  [
    'a name in upper case',
    { slipway: { 20: '  Storefront:' } },
    [
      '20:3 `Storefront` must be a name: lower-case letters, digits and `-`, at most 63 characters | write `storefront:`',
    ],
  ],
  [
    'a service in upper case',
    { slipway: { 2: 'service: Saleor_Shop' } },
    [
      '2:10 `service` must be a name: lower-case letters, digits and `-`, at most 63 characters | write `service: saleor-shop`',
    ],
  ],
  [
    'an image with a tag',
    { slipway: { 7: '    image: saleor-api:latest' } },
    [
      '7:12 `image` must be a lower-case repository path such as `shop/core`, without registry, tag or digest | write `image: saleor-api`',
    ],
  ],
  [
    'an image with a digest',
    { slipway: { 7: '    image: saleor-api@sha256:0f' } },
    [
      '7:12 `image` must be a lower-case repository path such as `shop/core`, without registry, tag or digest | write `image: saleor-api`',
    ],
  ],
  [
    'an image in upper case',
    { slipway: { 7: '    image: Saleor-API' } },
    [
      '7:12 `image` must be a lower-case repository path such as `shop/core`, without registry, tag or digest | write `image: saleor-api`',
    ],
  ],
  [
    'a path that leads out',
    { slipway: { 17: '    build: { context: ../dashboard }' } },
    ['17:23 `context` must not lead out of the repository with `..`'],
  ],
  [
    'a pattern as path',
    { slipway: { 14: "    paths: ['dashboard/**']" } },
    ['14:13 the entry must be a plain prefix such as `core/`, not a pattern | write `dashboard/`'],
  ],
  ['no workloads', { slipway: { 19: '      []' } }, ['19:7 `workloads` must name at least one workload']],
];
