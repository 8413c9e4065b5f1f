import { edited } from './answers.ts';
import type { Mistake } from './answers.ts';

const at = (place: string, key: string, line: string) => [
  `${place} \`${key}\` must be keys and values, not a list | write each as a key, without \`-\`: \`${line}\``,
];

/** A dash before the first of several names makes a list of them, into which the second does not fit. */
export const dashes: Mistake[] = [
  ['the first environment', { slipway: { 58: '  - development:' } }, at('58:3', 'environments', 'development:')],
  ['the first component', { slipway: { 5: '  - api:' } }, at('5:3', 'components', 'api:')],
  ['the first component, in the column of its key', { slipway: { 5: '- api:' } }, at('5:1', 'components', 'api:')],
  ['the first of two regions', { slipway: { 79: '      - de:' } }, at('79:7', 'regions', 'de:')],
  ['the only region', { slipway: { 62: '      - de:' } }, at('62:7', 'regions', 'de:')],
  ['the first endpoint', { slipway: { 88: "          - nl: { kind: http, url: 'https://nl.example.com/' }" } }, at('88:11', 'endpoints', "nl: { kind: http, url: 'https://nl.example.com/' }")], // prettier-ignore
  ['the first key of a component', { slipway: { 6: '    - paths: [api/]' } }, at('6:5', 'api', 'paths: [api/]')],
  [
    'every environment',
    { slipway: edited('slipway').replaceAll(/^ {2}(?=(development|integration|staging|production):)/gm, '  - ') },
    at('58:3', 'environments', 'development:'),
  ],
  [
    'the first key of the file',
    { slipway: { 1: '- version: 1' } },
    ['1:1 the file must be keys and values, not a list | write each as a key, without `-`: `version: 1`'],
  ],
  [
    'the first cluster of the policy',
    { policy: { 3: '  - saleor-dev: { kind: kubeconfig, file: dev, context: dev }' } },
    [
      'policy.yaml:3:3 `clusters` must be keys and values, not a list | write each as a key, without `-`: `saleor-dev: { kind: kubeconfig, file: dev, context: dev }`',
    ],
  ],
  [
    'a list, whose second key has no dash, is indented instead',
    {
      slipway: {
        9: '    workloads:',
        10: '      - deployment: saleor-api',
        11: '      containers: [saleor-api]',
        12: null,
      },
    },
    [
      '11:1 `containers` is indented by 6 spaces, the lines that it belongs with by 8 spaces | write `        containers: [saleor-api]`',
    ],
  ],
];
