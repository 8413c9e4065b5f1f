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
    'two documents',
    { slipway: { 117: '    notify: [slack-deployments, pagerduty]\n---\nservice: x' } },
    ['118:1 a second document begins here | keep one document in the file: remove the `---`'],
  ],
  ['an empty file', { slipway: '' }, ['1:1 the file is empty']],
  [
    'a list for the file',
    { slipway: '- service: x' },
    ['1:1 the file must be keys and values, not a list | write each as a key, without `-`'],
  ],
];
