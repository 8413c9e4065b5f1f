import type { Mistake } from './answers.ts';

export const both: Mistake[] = [
  [
    'the secret that changes the database, for planning',
    { slipway: { 51: '    planEnvFrom: [saleor-migrate]' } },
    [
      '51:19 for planning migrations the secret `saleor-migrate` may not be used by `saleor` here, the policy allows `saleor-migrate-ro` (policy.yaml:16, policy.yaml:17, policy.yaml:18, policy.yaml:19) | planning runs before anybody approves: name what may only read, `planEnvFrom: [saleor-migrate-ro]`',
    ],
  ],
  [
    'a cluster misspelt',
    { slipway: { 98: '        cluster: saleor-clsuter' } },
    [
      '98:18 the cluster `saleor-clsuter` is not allowed here, the policy allows `saleor-cluster`, `saleor-cluster-nl-be` (policy.yaml:42) | did you mean `saleor-cluster`?',
    ],
  ],
  [
    'a service that the policy does not know',
    { policy: { 13: '  shop:' } },
    ['2:10 the service `saleor` is not in policy.yaml:13 | known here: `shop`'],
  ],
  [
    'a service misspelt',
    { slipway: { 2: 'service: salero' } },
    ['2:10 the service `salero` is not in policy.yaml:13 | did you mean `saleor`?'],
  ],
  [
    'an environment that the service may not reach',
    { policy: { 17: null } },
    [
      '67:3 `saleor` may not be released to `integration`, only to `development`, `staging`, `production` (policy.yaml:16)',
    ],
  ],
  [
    'a branch that the policy does not name',
    { slipway: { 95: '    branches: [master]' } },
    ['95:16 the branch `master` may not be released to `production`, the policy allows `main` (policy.yaml:19)'],
  ],
  [
    'an exception too far away, in two environments',
    {
      slipway: {
        39: '    - { id: CVE-2026-12345, reason: not reachable, expires: 2029-12-31, environments: [development, integration] }',
      },
    },
    [
      '39:61 the exception for CVE-2026-12345 lasts until 2029-12-31, the policy allows at most 90 days (policy.yaml:25, policy.yaml:31)',
    ],
  ],
  [
    'exceptions that are not allowed, in two environments',
    {
      policy: {
        25: '    scan: { failOn: [CRITICAL], images: true, secrets: true, exceptions: { allowed: false } }',
        31: '    scan: { failOn: [CRITICAL], images: true, secrets: true, exceptions: { allowed: false } }',
      },
    },
    ['39:7 the policy allows no exceptions here (policy.yaml:25, policy.yaml:31)'],
  ],
  [
    'images that are not scanned, in four environments',
    { slipway: { 36: '  images: false' } },
    ['36:11 images must be scanned (policy.yaml:25, policy.yaml:31, policy.yaml:34, policy.yaml:46)'],
  ],
  [
    'a weaker scan, in two environments',
    { slipway: { 35: '  failOn: [CRITICAL]' } },
    ['35:11 the scan ignores `HIGH`, the policy fails on `CRITICAL`, `HIGH` (policy.yaml:34, policy.yaml:46)'],
  ],
  [
    'an approval that waits longer',
    {
      slipway: {
        113: '    approval: { required: true, quorum: 1, groups: [release-managers], expires: 48h, excludeRequester: true }',
      },
    },
    ['113:81 approval expires after 48h, the policy allows at most 24h (policy.yaml:45)'],
  ],
  [
    'a requester who may approve',
    {
      slipway: {
        113: '    approval: { required: true, quorum: 1, groups: [release-managers], expires: 24h, excludeRequester: false }',
      },
    },
    ['113:104 the requester may not approve: the policy excludes the requester (policy.yaml:45)'],
  ],
  [
    'a smaller quorum',
    {
      policy: {
        45: '    approval: { required: true, quorum: 2, groups: [release-managers], expires: 24h, excludeRequester: true }',
      },
    },
    ['113:41 the quorum is 1, the policy asks for at least 2 (policy.yaml:45)'],
  ],
  [
    'no tests, in three environments',
    { slipway: { 28: null, 29: null, 30: null, 31: null, 32: null } },
    [
      '1:1 integration tests are required, and the file has no `tests` (policy.yaml:32, policy.yaml:34, policy.yaml:47)',
    ],
  ],
  [
    'tests turned off where they are required',
    { slipway: { 95: '    branches: [main]\n    tests: false' } },
    ['96:12 integration tests are required, and `tests: false` turns them off (policy.yaml:47)'],
  ],
  [
    'a Deployment that is not allowed, in four environments',
    { slipway: { 19: '      - { deployment: dashboard, containers: [saleor-dashboard] }' } },
    [
      '19:23 the Deployment `dashboard` may not be used by `saleor` here, the policy allows `saleor-*` (policy.yaml:16, policy.yaml:17, policy.yaml:18, policy.yaml:19) | the operator must add `dashboard` to `services.saleor.environments.development.workloads`, `services.saleor.environments.integration.workloads`, `services.saleor.environments.staging.workloads`, `services.saleor.environments.production.workloads`',
    ],
  ],
];
