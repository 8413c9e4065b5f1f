import { edited } from './answers.ts';
import type { Mistake } from './answers.ts';

export const references: Mistake[] = [
  [
    'a key misspelt that must be there',
    { slipway: { 9: '    workload:' } },
    ['9:5 unknown key `workload` | did you mean `workloads`?'],
  ],
  [
    'a key misspelt that several regions need',
    { slipway: { 110: '    wave:' } },
    ['110:5 unknown key `wave` | did you mean `waves`?'],
  ],
  [
    'several mistakes',
    { slipway: { 7: '    image: saleor-api:1', 32: '  timeout: 15min', 95: '    branch: [main]' } },
    [
      '7:12 `image` must be a lower-case repository path such as `shop/core`, without registry, tag or digest | write `image: saleor-api`',
      '32:12 `timeout` must be a duration such as `30s`, `10m`, `24h` or `7d` | write `timeout: 15m`',
      '95:5 unknown key `branch` | did you mean `branches`?',
    ],
  ],
  ['a missing service', { slipway: { 2: null } }, ['1:1 `service` is missing']],
  ['a missing cluster', { slipway: { 105: null } }, ['104:7 `cluster` is missing']],
  [
    'two keys that nobody knows',
    { slipway: { 54: 'rollouts:', 55: '  timeout: 10m\nsecrets: {}' } },
    [
      '54:1 unknown key `rollouts` | did you mean `rollout`?',
      '56:1 unknown key `secrets` | known here: `version`, `service`, `components`, `environments`, `tests`, `scan`, `migrations`, `smoke`, `rollout`, `notify`',
    ],
  ],
  [
    'a key of the policy',
    { slipway: { 117: '    notify: [slack-deployments, pagerduty]\nclusters:\n  x: { kind: eks }' } },
    ["118:1 unknown key `clusters` | it belongs in the operator's policy file"],
  ],
  [
    'a policy for a slipway.yaml',
    { slipway: edited('policy') },
    [
      "1:1 this is an operator's policy file, and no slipway.yaml | check it alone: `slipway validate --policy-only FILE`",
    ],
  ],
  [
    'a circle of needs',
    { slipway: { 6: '    paths: [api/]\n    needs: [storefront]' } },
    ['7:13 a circle: `api` needs `storefront` needs `api`'],
  ],
  [
    'a need that there is not',
    { slipway: { 15: '    needs: [core]' } },
    ['15:13 there is no component `core` | known here: `api`, `dashboard`, `storefront`'],
  ],
  [
    'a migration of a component that there is not',
    { slipway: { 44: '    component: core' } },
    ['44:16 there is no component `core` | known here: `api`, `dashboard`, `storefront`'],
  ],
  [
    'a region misspelt in its wave',
    { slipway: { 112: '      - { regions: [nlbe] }' } },
    ['112:21 there is no region `nlbe` | did you mean `nl-be`?'],
  ],
  [
    'a region in two waves',
    { slipway: { 92: '      - { regions: [nl-be, de] }' } },
    ['92:28 the region `de` is already in wave 1'],
  ],
  ['a region in no wave', { slipway: { 112: null } }, ['104:7 the region `nl-be` is in no wave']],
  [
    'no waves',
    { slipway: { 110: null, 111: null, 112: null } },
    ['94:3 `waves` is missing: several regions need an order'],
  ],
  [
    'a namespace twice',
    { slipway: { 72: '        namespace: saleor-dev' } },
    ['72:20 the namespace `saleor-dev` of `saleor-dev` is already used by development, region de'],
  ],
  [
    'a Deployment of two components',
    { slipway: { 19: '      - { deployment: saleor-api, containers: [saleor-dashboard] }' } },
    ['19:23 the Deployment `saleor-api` already belongs to `api`'],
  ],
  [
    'a component without what it needs',
    { slipway: { 68: '    branches: [develop]\n    components: [storefront]' } },
    ['69:18 `storefront` needs `api`, which is not deployed here'],
  ],
  [
    'migrations in a region that two environments have not',
    { slipway: { 43: '    region: nl-be' } },
    [
      '43:13 `api` has migrations, but none of them runs in a region of `development`, `integration` | name a region that each of them has, or leave the component out there',
    ],
  ],
  [
    'migrations in a region that one environment has not',
    { slipway: { 62: '      at:' } },
    [
      '61:5 `api` has migrations, but none of them runs in a region of `development` | name one of these regions in `migrations`, or leave the component out here',
    ],
  ],
];
