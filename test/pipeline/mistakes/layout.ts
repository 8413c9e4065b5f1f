import { outdented } from './answers.ts';
import type { Mistake } from './answers.ts';

export const layout: Mistake[] = [
  [
    'a key with a space too few',
    { slipway: { 7: '   image: saleor-api' } },
    ['7:1 `image` is indented by 3 spaces, the lines that it belongs with by 4 spaces | write `    image: saleor-api`'],
  ],
  [
    'a key with a space too many',
    { slipway: { 7: '     image: saleor-api' } },
    ['7:1 `image` is indented by 5 spaces, the lines that it belongs with by 4 spaces | write `    image: saleor-api`'],
  ],
  [
    'a key deeper than the entry that it belongs to',
    { slipway: { 43: '      region: de' } },
    ['43:1 `region` is indented by 6 spaces, the lines that it belongs with by 4 spaces | write `    region: de`'],
  ],
  [
    'a key between two levels',
    { slipway: { 32: ' timeout: 15m' } },
    ['32:1 `timeout` is indented by 1 space, the lines that it belongs with by 2 spaces | write `  timeout: 15m`'],
  ],
  [
    'a top key that is indented',
    { slipway: { 2: ' service: saleor' } },
    ['2:1 `service` is indented by 1 space, the lines that it belongs with by none | write `service: saleor`'],
  ],
  [
    'an entry too deep',
    { slipway: { 11: '       - { deployment: saleor-worker, containers: [saleor-worker] }' } },
    [
      '11:1 the entry is indented by 7 spaces, the lines that it belongs with by 6 spaces | write `      - { deployment: saleor-worker, containers: [saleor-worker] }`',
    ],
  ],
  [
    'an entry too shallow',
    { slipway: { 11: '     - { deployment: saleor-worker, containers: [saleor-worker] }' } },
    [
      '11:1 the entry is indented by 5 spaces, the lines that it belongs with by 6 spaces | write `      - { deployment: saleor-worker, containers: [saleor-worker] }`',
    ],
  ],
  [
    'a key with two spaces too few, first of its kind',
    { slipway: { 59: '  branches: [feature/*]' } },
    [
      '59:1 `branches` is indented by 2 spaces, the lines that it belongs with by 4 spaces | write `    branches: [feature/*]`',
    ],
  ],
  [
    'a key with two spaces too few, among others',
    { slipway: { 64: '      namespace: saleor-dev' } },
    [
      '64:1 `namespace` is indented by 6 spaces, the lines that it belongs with by 8 spaces | write `        namespace: saleor-dev`',
    ],
  ],
  [
    'a key that is not indented at all',
    {
      slipway: {
        113: 'approval: { required: true, quorum: 1, groups: [release-managers], expires: 24h, excludeRequester: true }',
      },
    },
    [
      '113:1 `approval` is not indented, the lines that it belongs with by 4 spaces | write `    approval: { required: true, quorum: 1, groups: [release-managers], expires: 24h, excludeRequester: true }`',
    ],
  ],
  [
    'keys in the column of their dash',
    { slipway: outdented(43, 52) },
    ['43:1 `region` is indented by 2 spaces, the lines that it belongs with by 4 spaces | write `    region: de`'],
  ],
  [
    'regions beside the environments',
    { slipway: outdented(61, 66) },
    [
      '61:3 `regions` stands among the names in `environments`, and is a key of what they name | indent it further, with all that is in it, below the name that it belongs to',
    ],
  ],
  [
    'endpoints beside the regions',
    { slipway: outdented(65, 66) },
    [
      '65:7 `endpoints` stands among the names in `regions`, and is a key of what they name | indent it further, with all that is in it, below the name that it belongs to',
    ],
  ],
  [
    'an environment beside the environments',
    { slipway: outdented(58, 117) },
    [
      '57:1 `environments` is empty | indent what belongs to it further: `development`, `integration`, `staging`, `production`',
    ],
  ],
  [
    'an environment that is called like a key, with another mistake',
    { slipway: { 38: null, 39: null, 58: '  tests:', 60: '    tests: no' } },
    ['58:12 `tests` must be true or false, not a text | write `tests: false`'],
  ],
  [
    'a comment in slashes',
    { slipway: { 4: 'components: // all of them' } },
    ['4:13 `//` begins no comment in YAML | write `#`'],
  ],
  ['a tab', { slipway: { 7: '\timage: saleor-api' } }, ['7:1 a tab is used for indentation | indent with spaces']],
  [
    'a no-break space behind a colon',
    { slipway: { 68: '    branches: [develop]' } },
    [
      '68:14 a no-break space, which looks like a space and is none to YAML | write `branches: [develop]` with plain spaces',
    ],
  ],
  [
    'a no-break space in the indentation',
    { slipway: { 68: '    branches: [develop]' } },
    [
      '68:1 a no-break space, which looks like a space and is none to YAML | write `branches: [develop]` with plain spaces',
    ],
  ],
  [
    'a narrow no-break space behind a dash',
    { slipway: { 10: '      - { deployment: saleor-api, containers: [saleor-api] }' } },
    [
      '10:8 a no-break space, which looks like a space and is none to YAML | write `- { deployment: saleor-api, containers: [saleor-api] }` with plain spaces',
    ],
  ],
  [
    'no space behind a colon',
    { slipway: { 68: '    branches:[develop]' } },
    ['68:5 a space is missing after the colon | write `branches: [develop]`'],
  ],
  [
    'an equals sign',
    { slipway: { 30: '  service = tests' } },
    ['30:3 this line is neither `key: value` nor an entry of a list (`- …`) | write `service: tests`'],
  ],
  [
    'a key without colon',
    { slipway: { 30: '  service' } },
    ['30:3 this line is neither `key: value` nor an entry of a list (`- …`) | write `service: ` and its value'],
  ],
  [
    'no space before a comment',
    { slipway: { 95: '    branches: [main]# live' } },
    ['95:21 a space is missing before `#` | without it, this is no comment'],
  ],
  [
    'a list on the line of its key',
    { slipway: { 95: '    branches: - main' } },
    ['95:15 a list cannot begin on the line of its key | write `branches: [main]`'],
  ],
  [
    'a text on the line of its bar',
    { slipway: { 95: '    branches: | main' } },
    ['95:17 text on the line of `|` or `>` | begin the text on the next line, indented'],
  ],
  [
    'a semicolon at the end',
    { slipway: { 2: 'service: saleor;' } },
    ['2:10 `service` ends with `;`, which is a part of the text here | write `service: saleor`'],
  ],
  [
    'a comma at the end',
    { slipway: { 32: '  timeout: 15m,' } },
    ['32:12 `timeout` ends with `,`, which is a part of the text here | write `timeout: 15m`'],
  ],
  [
    'two documents',
    { slipway: { 117: '    notify: [slack-deployments, pagerduty]\n---\nservice: x' } },
    ['118:1 a second document begins here | keep one document in the file: remove the `---`'],
  ],
  ['an empty file', { slipway: '' }, ['1:1 the file is empty']],
  [
    'a list for the file',
    { slipway: '- service: x' },
    ['1:1 the file must be keys and values, not a list | write each as a key, without `-`: `service: x`'],
  ],
];
