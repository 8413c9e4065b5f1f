import { edited } from './answers.ts';
import type { Mistake } from './answers.ts';

const numbered = (between: string) =>
  edited('slipway')
    .split('\n')
    .map((line, index) => `${String(index + 1).padStart(4)}${between}${line}`)
    .join('\n');

const nameSlipway = 'name the slipway.yaml: `slipway validate path/to/slipway.yaml`';
const others: [what: string, text: string][] = [
  ['a compose file', "version: '3.8'\nservices:\n  web:\n    image: nginx\nvolumes: { data: {} }\n"],
  ['a Kubernetes manifest', 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: core\n'],
  ['a Kubernetes manifest', '---\napiVersion: v1\nkind: Service\n---\napiVersion: v1\nkind: Secret\n'],
  ['a Kubernetes manifest', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ include "shop.name" . }}\n'],
  ['an Argo CD file', 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: { source: {} }\n'],
  ['the Chart.yaml of a Helm chart', 'apiVersion: v2\nname: shop\nversion: 0.1.0\nappVersion: "1"\n'],
  ['a values file of Helm', 'replicaCount: 1\nimage:\n  repository: nginx\nservice:\n  port: 80\ningress: {}\n'],
  ['a GitHub workflow', 'on: push\njobs:\n  test:\n    runs-on: x\n    steps: [{ run: "${{ secrets.A }}" }]\n'],
  ['a GitHub workflow', '"on": { push: {} }\njobs: {}\n'],
  ['a GitHub action', 'name: deploy\nruns: { using: node24 }\n'],
  ['a GitLab pipeline', 'stages: [test]\nunit:\n  script: [make]\n'],
];

/** What comes along when text is taken from elsewhere, and whole files of other tools. */
export const copied: Mistake[] = [
  ...others.map(([what, text]): Mistake => [
    what,
    { slipway: text },
    [`1:1 this is ${what}, and no slipway.yaml | ${nameSlipway}`],
  ]),
  [
    'a compose file for the policy',
    { policy: 'services:\n  web:\n    image: nginx\n' },
    [
      "policy.yaml:1:1 this is a compose file, and no operator's policy file | name the policy file: `slipway validate --policy-only path/to/policy.yaml`",
    ],
  ],
  ...['  ', '\t', ' | ', ': ', '- '].map((between): Mistake => [
    `a column of line numbers, with ${JSON.stringify(between)}`,
    { slipway: numbered(between) },
    [
      '1:1 each line begins with its number: they were copied along with the file | take the numbers out: the first line is `version: 1`',
    ],
  ]),
  [
    'one line with its number',
    { slipway: { 2: '2  service: saleor' } },
    ['2:1 unknown key `2  service` | did you mean `service`?'],
  ],
  ...['\u2013', '\u2011', '\u2212'].flatMap((dash): Mistake[] => [
    [
      `a name with ${dash}`,
      { slipway: { 80: `        cluster: saleor${dash}cluster` } },
      ['80:18 `cluster` has a dash that looks like `-` and is another character | write `cluster: saleor-cluster`'],
    ],
    [
      `a region with ${dash}`,
      { slipway: { 84: `      nl${dash}be:` } },
      [`84:7 \`nl${dash}be\` has a dash that looks like \`-\` and is another character | write \`nl-be:\``],
    ],
    [
      `a duration with ${dash}`,
      { slipway: { 32: `  timeout: 15${dash}min` } },
      ['32:12 `timeout` has a dash that looks like `-` and is another character | write `timeout: 15m`'],
    ],
    [
      `a date with ${dash}`,
      {
        slipway: {
          39: `    - { id: CVE-2026-12345, reason: not reachable ${dash} yet, expires: 2026${dash}12${dash}31 }`,
        },
      },
      [`39:67 \`expires\` has a dash that looks like \`-\` and is another character | write \`expires: 2026-12-31\``],
    ],
    [
      `an image with ${dash}`,
      { slipway: { 7: `    image: saleor${dash}api` } },
      ['7:12 `image` has a dash that looks like `-` and is another character | write `image: saleor-api`'],
    ],
  ]),
];
