import { describe, expect, it } from '@jest/globals';
import { changed, pipelineProblems, pipelineText } from './texts.ts';

/** What is wrong; the passage of the good file that is replaced; its replacement; everything that is said about it. */
const refusals: [string, string, string, string[]][] = [
  [
    'a key that nobody knows',
    '    regions:\n      de: { cluster: blue, namespace: staging }',
    '    region:\n      de: { cluster: blue, namespace: staging }',
    ['26:5 unknown key `region` | did you mean `regions`?'],
  ],
  [
    'an unknown key at the top',
    'service: shop',
    'service: shop\nnotfy: [chat]',
    ['2:1 unknown key `notfy` | did you mean `notify`?'],
  ],
  [
    'an unknown key without a near one',
    '    tags: [latest]',
    '    colour: red',
    [
      '44:5 unknown key `colour` | known here: `branches`, `from`, `components`, `overrides`, `regions`, `waves`, `tests`, `approval`, `onFailure`, `onInconclusive`, `onBreach`, `queue`, `tags`, `notify`',
    ],
  ],
  ['a missing service', 'service: shop\n', '', ['1:1 `service` is missing']],
  ['a missing image', '    image: shop/core\n', '', ['3:3 `image` is missing']],
  ['a missing cluster', 'cluster: green, ', '', ['38:7 `cluster` is missing']],
  ['an empty value', '    needs: [core]', '    needs:', ['10:5 `needs` is empty | it must be a list']],
  [
    'a text for a list',
    '    needs: [core]',
    '    needs: core',
    ['10:12 `needs` must be a list, not a text | write `needs: [core]`'],
  ],
  [
    'a number for a text',
    'args: { MODE: fast }',
    'args: { MODE: 3.10 }',
    ["6:43 `MODE` must be a text, not a number | write `MODE: '3.10'`"],
  ],
  ['a boolean for a list', '    tags: [latest]', '    tags: true', ['44:11 `tags` must be a list, not true']],
  [
    'an upper-case name',
    'service: shop',
    'service: Shop',
    [
      '1:10 `service` must be a name: lower-case letters, digits and `-`, at most 63 characters | write `service: shop`',
    ],
  ],
  [
    'a name of 64',
    'service: shop',
    'service: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    ['1:10 `service` must be a name: lower-case letters, digits and `-`, at most 63 characters'],
  ],
  [
    'a component name',
    '  web:\n',
    '  Web_1:\n',
    [
      '8:3 `Web_1` must be a name: lower-case letters, digits and `-`, at most 63 characters | write `web-1:`',
      '30:24 there is no component `web` | known here: `core`, `web-1`',
    ],
  ],
  [
    'a duplicate key',
    '    image: shop/web',
    '    image: shop/web\n    image: shop/other',
    ['10:5 `image` is here twice | keep one of them'],
  ],
  ['a duplicate component', '  web:\n', '  core:\n', ['8:3 `core` is here twice | keep one of them']],
  [
    'an unknown need',
    '    needs: [core]',
    '    needs: [cor]',
    ['10:13 there is no component `cor` | did you mean `core`?'],
  ],
  ['a need on itself', '    needs: [core]', '    needs: [web]', ['10:13 a circle: `web` needs `web`']],
  [
    'a circle',
    '    image: shop/core',
    '    image: shop/core\n    needs: [web]',
    ['5:13 a circle: `core` needs `web` needs `core`'],
  ],
  ['a need twice', '    needs: [core]', '    needs: [core, core]', ['10:19 `core` is in the list twice']],
  [
    'an unknown component in the matrix',
    '    components: [core, web]',
    '    components: [core, wep]',
    ['30:24 there is no component `wep` | did you mean `web`?'],
  ],
  [
    'a matrix that leaves out a need',
    '    components: [core, web]',
    '    components: [web]',
    ['30:18 `web` needs `core`, which is not deployed here'],
  ],
  [
    'an empty matrix',
    '    components: [core, web]',
    '    components: []',
    ['30:17 `components` must name at least one component'],
  ],
  [
    'a component twice',
    '    components: [core, web]',
    '    components: [core, core]',
    ['30:24 `core` is in the list twice'],
  ],
  [
    'a Deployment of two components',
    '{ deployment: web, containers: [web] }',
    '{ deployment: api, containers: [web] }',
    ['11:31 the Deployment `api` already belongs to `core`'],
  ],
  [
    'no workloads',
    '    workloads: [{ deployment: api, containers: [api] }]',
    '    workloads: []',
    ['7:16 `workloads` must name at least one workload'],
  ],
  ['no containers', 'containers: [web]', 'containers: []', ['11:48 `containers` must name at least one container']],
  [
    'an absolute path',
    'paths: [core/]',
    'paths: [/core]',
    ['5:13 the entry must be relative to the repository, without a leading `/`'],
  ],
  [
    'a path that leads out',
    'paths: [core/]',
    'paths: [core/../../etc]',
    ['5:13 the entry must not lead out of the repository with `..`'],
  ],
  [
    'a backslash',
    'paths: [core/]',
    "paths: ['core\\x']",
    ['5:13 the entry must use `/`, and no backslashes, tabs or line ends'],
  ],
  [
    'a drive',
    'paths: [core/]',
    "paths: ['C:core']",
    ['5:13 the entry must be relative to the repository, without a drive'],
  ],
  [
    'a path with NUL',
    'paths: [core/]',
    'paths: ["core\\0"]',
    ['5:13 the text holds an invisible or control character | remove the escape'],
  ],
  ['a blank path', 'paths: [core/]', "paths: [' ']", ['5:13 the entry must not be blank']],
  [
    'a pattern as path',
    'paths: [core/]',
    "paths: ['core/**']",
    ['5:13 the entry must be a plain prefix such as `core/`, not a pattern | write `core/`'],
  ],
  [
    'the whole repository as path',
    'paths: [core/]',
    'paths: [.]',
    ['5:13 the entry must be a part of the repository; leave `paths` out for a component that always changes'],
  ],
  [
    'a dotted path',
    'paths: [core/]',
    'paths: [./core]',
    ['5:13 the entry must be written plainly, without `./`, `/./` or `//`'],
  ],
  [
    'a double slash',
    'paths: [core/]',
    'paths: [core//a]',
    ['5:13 the entry must be written plainly, without `./`, `/./` or `//`'],
  ],
  [
    'a context that leads out',
    'context: core,',
    'context: ..,',
    ['6:23 `context` must not lead out of the repository with `..`'],
  ],
  ...[
    ['HTTP_PROXY', 'http://proxy.test'],
    ['no_proxy', '"*"'],
    ['BUILDKIT_SYNTAX', 'docker/dockerfile:1-labs'],
    ['buildkit_cache_mount_ns', 'x'],
  ].map(([name, value]): [string, string, string, string[]] => [
    `the build argument ${name}`,
    'args: { MODE: fast }',
    `args: { MODE: fast, ${name}: ${value} }`,
    [`6:49 \`${name}\` tells the builder what to do, and is not for a repository to say`],
  ]),
  [
    'a directory as Dockerfile',
    'context: core,',
    'context: core, dockerfile: core/docker/,',
    ['6:41 `dockerfile` must name a file, not a directory'],
  ],
  [
    'a directory as compose file',
    'compose: compose.yml',
    'compose: .',
    ['12:19 `compose` must name a file, not a directory'],
  ],
  [
    'a directory as report',
    'reports: [junit.xml]',
    'reports: [junit.xml, reports/]',
    ['12:69 the entry must name a file, not a directory'],
  ],
  [
    'an image with a host and tag',
    'image: shop/web',
    'image: shop/web:1',
    [
      '9:12 `image` must be a lower-case repository path such as `shop/core`, without registry, tag or digest | write `image: shop/web`',
    ],
  ],
  [
    'an upper-case image',
    'image: shop/web',
    'image: Shop/web',
    [
      '9:12 `image` must be a lower-case repository path such as `shop/core`, without registry, tag or digest | write `image: shop/web`',
    ],
  ],
  [
    'a digest',
    'image: shop/web',
    'image: shop/web@sha256:0',
    [
      '9:12 `image` must be a lower-case repository path such as `shop/core`, without registry, tag or digest | write `image: shop/web`',
    ],
  ],
  [
    'a bare number as duration',
    'timeout: 5m',
    'timeout: 300',
    ['12:79 `timeout` must be a duration such as `30s`, `10m`, `24h` or `7d` | write `timeout: 300s`'],
  ],
  [
    'an unknown unit',
    'timeout: 5m',
    'timeout: 5min',
    ['12:79 `timeout` must be a duration such as `30s`, `10m`, `24h` or `7d` | write `timeout: 5m`'],
  ],
  [
    'a compound duration',
    'timeout: 5m',
    'timeout: 1h30m',
    ['12:79 `timeout` must be a duration such as `30s`, `10m`, `24h` or `7d` | write `timeout: 90m`'],
  ],
  ['too short', 'timeout: 5m', 'timeout: 1s', ['12:79 `timeout` must be at least 10s']],
  ['too long', 'expires: 2h', 'expires: 31d', ['42:71 `expires` must be at most 30d']],
  ['no branches', 'branches: [main]', 'branches: []', ['29:15 `branches` must name at least one branch']],
  [
    'a regular expression',
    'branches: [main]',
    "branches: ['release/.+']",
    ['29:16 the entry must be a branch such as `main`, or a pattern such as `release/*` in which only `*` is special'],
  ],
  [
    'a question mark',
    'branches: [main]',
    "branches: ['v?']",
    ['29:16 the entry must be a branch such as `main`, or a pattern such as `release/*` in which only `*` is special'],
  ],
  [
    'a leading dash',
    'branches: [main]',
    "branches: ['-main']",
    ['29:16 the entry must be a branch such as `main`, or a pattern such as `release/*` in which only `*` is special'],
  ],
  [
    'a branch with ..',
    'branches: [main]',
    "branches: ['a..b']",
    ['29:16 the entry must be a branch such as `main`, or a pattern such as `release/*` in which only `*` is special'],
  ],
  [
    'a branch number',
    'branches: [main]',
    'branches: [1.0]',
    ["29:16 the entry must be a text, not a number | write `'1.0'`"],
  ],
  ['a branch twice', 'branches: [main]', 'branches: [main, main]', ['29:22 `main` is in the list twice']],
  [
    'no regions',
    '    regions:\n      de: { cluster: blue, namespace: staging }',
    '    regions: {}',
    ['26:14 `regions` must name at least one region'],
  ],
  [
    'an unknown region in a wave',
    'regions: [nl]',
    'regions: [nl, be]',
    ['41:25 there is no region `be` | did you mean `de`?'],
  ],
  ['a region in no wave', '      - { regions: [nl] }\n', '', ['38:7 the region `nl` is in no wave']],
  ['a region in two waves', 'regions: [nl]', 'regions: [nl, de]', ['41:25 the region `de` is already in wave 1']],
  ['a region twice in a wave', 'regions: [nl]', 'regions: [nl, nl]', ['41:25 `nl` is in the list twice']],
  [
    'an empty wave',
    '      - { regions: [nl] }',
    '      - { regions: [nl] }\n      - { regions: [] }',
    ['42:20 `regions` must name at least one region'],
  ],
  [
    'no waves',
    '    waves:\n      - { regions: [de], bake: 10m }\n      - { regions: [nl] }\n',
    '',
    ['28:3 `waves` is missing: several regions need an order'],
  ],
  [
    'waves as an empty list',
    '    waves:\n      - { regions: [de], bake: 10m }\n      - { regions: [nl] }\n',
    '    waves: []\n',
    ['39:12 `waves` must have at least one wave'],
  ],
  [
    'two regions in one place',
    'cluster: green, namespace: shop',
    'cluster: blue, namespace: shop',
    ['38:39 the namespace `shop` of `blue` is already used by production, region de'],
  ],
  [
    'two environments in one place',
    'namespace: staging',
    'namespace: shop',
    ['34:20 the namespace `shop` of `blue` is already used by staging, region de'],
  ],
  [
    'approval without groups',
    'groups: [owners]',
    'groups: []',
    ['42:52 approval is required, but no group may approve'],
  ],
  ['a quorum of nobody', 'quorum: 2', 'quorum: 0', ['42:41 `quorum` must be at least 1']],
  ['half a person', 'quorum: 2', 'quorum: 1.5', ['42:41 `quorum` must be a whole number']],
  [
    'an unknown failure policy',
    'partial: roll-back-all',
    'partial: rollback-all',
    ['43:27 `partial` must be one of `hold`, `roll-back-region`, `roll-back-all` | did you mean `roll-back-all`?'],
  ],
  [
    'a queue',
    '    tags: [latest]',
    '    queue: lifo',
    ['44:12 `queue` must be one of `supersede`, `fifo` | did you mean `fifo`?'],
  ],
  ['a tag', 'tags: [latest]', "tags: ['a b']", ['44:12 the entry must be an image tag']],
  [
    'a commit as tag',
    'tags: [latest]',
    'tags: [abababababababababababababababababababab]',
    ['44:12 the entry must not look like a commit: those tags are set by the engine'],
  ],
  [
    'another scheme',
    "url: 'https://api.shop.example.com/health'",
    "url: 'ftp://api.shop.example.com/health'",
    ['36:35 `url` must begin with `https://` or `http://`'],
  ],
  [
    'credentials',
    "url: 'https://api.shop.example.com/health'",
    "url: 'https://me:secret@api.shop.example.com/'",
    ['36:35 `url` must not hold a user name or password'],
  ],
  [
    'not a URL',
    "url: 'https://api.shop.example.com/health'",
    'url: shop',
    ['36:35 `url` must be a URL such as `https://shop.example.com/health`'],
  ],
  [
    'an unknown kind of endpoint',
    'kind: http,',
    'kind: htp,',
    ['36:24 `kind` must be one of `http`, `graphql`, `tcp`, `grpc`, `dns`, `certificate` | did you mean `http`?'],
  ],
  [
    'no kind of endpoint',
    'kind: http, ',
    '',
    ['36:11 `kind` is missing | it is one of `http`, `graphql`, `tcp`, `grpc`, `dns`, `certificate`'],
  ],
  [
    'a key of another kind of endpoint',
    "query: '{ shop }'",
    "query: '{ shop }', status: 200",
    ['37:99 unknown key `status` | it belongs to `kind: http`'],
  ],
  ['a blank query', "query: '{ shop }'", "query: ' '", ['37:87 `query` must not be blank']],
  ['a status', 'kind: http,', 'kind: http, status: 99,', ['36:38 `status` must be at least 100']],
  [
    'a severity',
    'failOn: [CRITICAL, HIGH]',
    'failOn: [CRITICAL, high]',
    ['14:22 the entry must be one of `CRITICAL`, `HIGH`, `MEDIUM`, `LOW`, `UNKNOWN` | did you mean `HIGH`?'],
  ],
  ['no severity', 'failOn: [CRITICAL, HIGH]', 'failOn: []', ['14:11 `failOn` must name at least one severity']],
  ['an exception without reason', 'reason: not reachable, ', '', ['16:7 `reason` is missing']],
  ['a blank reason', 'reason: not reachable', "reason: ' '", ['16:33 `reason` must not be blank']],
  [
    'an impossible date',
    'expires: 2026-03-01',
    'expires: 2026-02-30',
    ['16:57 `expires` must be a date such as `2026-12-31`'],
  ],
  [
    'an exception twice',
    '    - { id: CVE-2026-1, reason: not reachable, expires: 2026-03-01 }',
    '    - { id: CVE-2026-1, reason: a, expires: 2026-03-01 }\n    - { id: CVE-2026-1, reason: b, expires: 2026-03-01 }',
    ['17:13 `CVE-2026-1` is here twice'],
  ],
  [
    'an exception elsewhere',
    'expires: 2026-03-01',
    'expires: 2026-03-01, environments: [prodution]',
    ['16:84 there is no environment `prodution` | did you mean `production`?'],
  ],
  [
    'an unknown migration component',
    '    component: core',
    '    component: kore',
    ['20:16 there is no component `kore` | did you mean `core`?'],
  ],
  [
    'an unknown migration region',
    '    region: de',
    '    region: fr',
    ['19:13 there is no region `fr` | known here: `de`, `nl`'],
  ],
  [
    'a component without its migrations',
    '    region: de',
    '    region: nl',
    [
      '26:5 `core` has migrations, but none of them runs in a region of `staging` | name one of these regions in `migrations`, or leave the component out here',
    ],
  ],
  [
    'a database twice',
    '    envFrom: [migrate]\n',
    '    envFrom: [migrate]\n  - database: shop\n    region: de\n    component: core\n    commands: { apply: [x] }\n',
    ['23:15 the database `shop` is already migrated in this region'],
  ],
  [
    'a database in two ways',
    '    envFrom: [migrate]\n',
    '    envFrom: [migrate]\n  - database: shop\n    region: nl\n    component: core\n    commands: { apply: [x] }\n',
    [
      '23:15 the database `shop` is migrated in another way above | entries for the same database may differ in the region only',
    ],
  ],
  [
    'a command as text',
    'plan: [manage, plan]',
    'plan: manage plan',
    ['21:23 `plan` must be a list, not a text | write `plan: [manage, plan]`'],
  ],
  ['a blank argument', 'plan: [manage, plan]', "plan: [manage, '']", ['21:32 the entry must not be blank']],
  ['an empty command', 'plan: [manage, plan]', 'plan: []', ['21:23 `plan` must name a command']],
  ['no apply', ', apply: [manage, migrate]', '', ['21:5 `apply` is missing']],
  [
    'an environment variable',
    '    envFrom: [migrate]',
    '    env: { A-B: x }',
    ['22:12 `A-B` must be the name of an environment variable'],
  ],
  [
    'a secret',
    '    envFrom: [migrate]',
    '    envFrom: [My_Secret]',
    ['22:15 the entry must be the name of a Kubernetes object'],
  ],
  [
    'a lock longer than the migration',
    '    envFrom: [migrate]',
    '    lockTimeout: 10m\n    timeout: 1m',
    ['22:18 `lockTimeout` is longer than `timeout`'],
  ],
  [
    'a lock timeout in other words',
    '    envFrom: [migrate]',
    '    lockTimeout: none',
    ['22:18 `lockTimeout` must be a duration such as `5s` or `1m`, or `off`'],
  ],
  [
    'no waiting for locks',
    '    envFrom: [migrate]',
    '    lockTimeout: 0s',
    ['22:18 `lockTimeout` must be at least 1s'],
  ],
  [
    'settings of a Deployment without its container',
    '    envFrom: [migrate]',
    '    like: { deployment: api }',
    ['22:5 `container` is missing'],
  ],
  [
    'settings of anything',
    '    envFrom: [migrate]',
    '    like: true',
    ['22:11 `like` must be `false`, or name a `deployment` and a `container`'],
  ],
  [
    'an alias without anchor',
    'image: shop/web',
    'image: *other',
    ["9:12 the alias `*other` has no anchor before it | as a text it needs quotes: `'*other'`"],
  ],
  ['an alias to itself', 'needs: [core]', 'needs: &n [*n]', ['10:16 the alias `*n` refers to itself']],
  [
    'a tag of YAML',
    'service: shop',
    'service: !!str shop',
    ['1:16 the tag `!!str` | remove it: values are plain text, numbers and booleans'],
  ],
  [
    'a custom tag',
    'service: shop',
    'service: !secret shop',
    ['1:18 the tag `!secret` | remove it: values are plain text, numbers and booleans'],
  ],
  [
    '__proto__',
    '    tags: [latest]',
    '    __proto__: { a: 1 }',
    ['44:5 `__proto__` cannot be a key | choose another name'],
  ],
  ['constructor', '  web:\n', '  constructor:\n', ['8:3 `constructor` cannot be a key | choose another name']],
  ['prototype', '    tags: [latest]', '    "prototype": 1', ['44:5 `prototype` cannot be a key | choose another name']],
  [
    'a merge key',
    '    tags: [latest]',
    '    <<: { queue: fifo }',
    ['44:5 merge keys (`<<`) are not supported | write the keys out'],
  ],
  ['a number as key', '    tags: [latest]', '    1: 2', ['44:5 a key that is not plain text | put the key in quotes']],
  [
    'a list as key',
    '    tags: [latest]',
    '    ? [a]\n    : 2',
    ['44:7 a key that is not plain text | put the key in quotes'],
  ],
  [
    'a second document',
    'environments:\n',
    '---\nenvironments:\n',
    ['23:1 a second document begins here | keep one document in the file: remove the `---`'],
  ],
  [
    'a directive',
    'service: shop',
    '%YAML 1.1\n---\nservice: shop',
    ['1:1 a `%` directive | remove it: the file is plain YAML 1.2'],
  ],
  ['a tab', '    tags: [latest]', '\ttags: [latest]', ['44:1 a tab is used for indentation | indent with spaces']],
  [
    'an unclosed list',
    '    tags: [latest]',
    '    tags: [latest',
    ['44:11 the bracket `[` that is opened here is not closed | write `tags: [latest]`'],
  ],
  [
    'an invisible character',
    'service: shop',
    'service: sh​op',
    ['1:12 invisible or control character U+200B | delete it'],
  ],
  [
    'an escape of an invisible character',
    'reason: not reachable',
    'reason: "not \\u202e reachable"',
    ['16:33 the text holds an invisible or control character | remove the escape'],
  ],
  [
    'a control character',
    'service: shop',
    'service: sh\u0007op',
    ['1:12 invisible or control character U+0007 | delete it'],
  ],
  [
    'a lone carriage return',
    'service: shop',
    'service: shop\r# x',
    ['1:14 a carriage return without a line feed | save the file with LF or CRLF line ends'],
  ],
  ['a replacement character', 'service: shop', 'service: sh�p', ['1:12 the file is not UTF-8 text | save it as UTF-8']],
  ['a second BOM', 'service: shop', 'service: shop # ﻿', ['1:17 invisible or control character U+FEFF | delete it']],
  [
    'trouble that may last longer than the whole rollout',
    'service: shop',
    'service: shop\nrollout: { timeout: 5m, imagePull: 6m, scheduling: 5m, crash: 1h }',
    ['2:36 `imagePull` is longer than `timeout`, which is 5m', '2:63 `crash` is longer than `timeout`, which is 5m'],
  ],
  [
    'trouble that may last longer than a rollout of the usual length',
    'service: shop',
    'service: shop\nrollout: { start: 11m, patience: 1m }',
    [
      '2:19 `start` is longer than `timeout`, which is 10m',
      '2:24 unknown key `patience` | known here: `timeout`, `imagePull`, `scheduling`, `start`, `crash`, `steady`',
    ],
  ],
  [
    'a wrong version',
    'service: shop',
    'version: 2\nservice: shop',
    ['1:10 `version` must be 1, the only version there is | write `version: 1`'],
  ],
];

describe('slipway.yaml', () => {
  it('is accepted as it stands', () => {
    expect(pipelineProblems(pipelineText)).toEqual([]);
  });

  it.each(refusals)('is refused, at the place where it is wrong: %s', (_, from, to, says) => {
    expect(pipelineProblems(changed(pipelineText, from, to))).toEqual(says);
  });

  it('is refused when an environment wants tests and there are none', () => {
    const without = changed(
      pipelineText,
      'tests: { compose: compose.yml, service: tests, reports: [junit.xml], timeout: 5m }\n',
      '',
    );
    expect(pipelineProblems(changed(without, 'tags: [latest]', 'tests: true'))).toEqual([
      '43:12 there are no `tests` in this file to run',
    ]);
  });

  it('tells everything at once: form, references and contradictions, in the order of the lines', () => {
    const text = [
      ['service: shop', 'service: Shop'],
      ['    needs: [core]', '    need: [core]'],
      ['component: core', 'component: kore'],
      ['regions: [nl]', 'regions: [be]'],
      ['quorum: 2', 'quorum: two'],
    ].reduce((sofar, [from, to]) => changed(sofar, from!, to!), pipelineText);
    expect(pipelineProblems(text)).toEqual([
      '1:10 `service` must be a name: lower-case letters, digits and `-`, at most 63 characters | write `service: shop`',
      '10:5 unknown key `need` | did you mean `needs`?',
      '20:16 there is no component `kore` | did you mean `core`?',
      '38:7 the region `nl` is in no wave',
      '41:21 there is no region `be` | did you mean `de`?',
      '42:41 `quorum` must be a whole number',
    ]);
  });

  it('may share passages by anchor and alias, and problems point to the passage itself', () => {
    const shared = changed(pipelineText, 'groups: [owners]', 'groups: &people [owners]');
    const text = changed(
      shared,
      '    branches: [develop, release/*]',
      '    branches: [develop]\n    approval: { groups: *people }',
    );
    // An alias stands before its anchor here: YAML knows no such thing.
    expect(pipelineProblems(text)).toEqual([
      "26:25 the alias `*people` has no anchor before it | as a text it needs quotes: `'*people'`",
    ]);
    const sharedHosts = changed(
      pipelineText,
      'branches: [develop, release/*]',
      'branches: &both [develop, Bad Branch]',
    );
    expect(pipelineProblems(changed(sharedHosts, 'branches: [main]', 'branches: *both'))).toEqual([
      '25:31 the entry must be a branch such as `main`, or a pattern such as `release/*` in which only `*` is special',
    ]);
  });
});
