import type { Mistake } from './answers.ts';

export const warned: Mistake[] = [
  [
    'a branch of two environments',
    {
      slipway: { 68: '    branches: [feature/*, develop]' },
      policy: {
        17: "      integration: { branches: [feature/*, develop], namespaces: [saleor-integration], endpointHosts: ['*.int.example.com'], workloads: [saleor-*], images: [saleor-*], secrets: { plan: [saleor-migrate-ro], apply: [saleor-migrate] } }",
      },
    },
    [
      '68:16 `feature/*` is released to `development` (slipway.yaml:59) as well | such a release is refused unless it names its environment: `slipway deploy --environment NAME`',
    ],
  ],
  [
    'patterns that some branches fit both of',
    {
      slipway: { 76: "    branches: [release/*, '*/3.0']" },
      policy: {
        18: "      staging: { branches: [release/*, '*/3.0'], namespaces: [saleor-staging], workloads: [saleor-*], images: [saleor-*], secrets: { plan: [saleor-migrate-ro], apply: [saleor-migrate] } }",
      },
    },
    [
      '76:27 branches such as `feature/3.0` fit `*/3.0`, and `feature/*` of `development` (slipway.yaml:59) | such a release is refused unless it names its environment: `slipway deploy --environment NAME`',
    ],
  ],
  [
    'an exception that is over',
    {
      slipway: {
        39: '    - { id: CVE-2026-12345, reason: not reachable, expires: 2024-12-31, environments: [development, integration] }',
      },
    },
    [
      '39:61 the exception for CVE-2026-12345 ended with 2024-12-31: what it excused counts in the scan again | take it out, or look again and give it another last day',
    ],
  ],
  [
    'an exception on its last day',
    {
      slipway: {
        39: '    - { id: CVE-2026-12345, reason: not reachable, expires: 2026-11-01, environments: [development, integration] }',
      },
    },
    [],
  ],
  [
    'an exception on the day after',
    {
      slipway: {
        39: '    - { id: CVE-2026-12345, reason: not reachable, expires: 2026-10-31, environments: [development, integration] }',
      },
    },
    [
      '39:61 the exception for CVE-2026-12345 ended with 2026-10-31: what it excused counts in the scan again | take it out, or look again and give it another last day',
    ],
  ],
  [
    'a build argument that is called like a secret',
    {
      slipway: {
        17: '    build: { context: dashboard, args: { NPM_TOKEN: abc, API_KEY: x, PUBLIC_KEY: y, KEYS: z, EMPTY_SECRET: "" } }',
      },
    },
    [
      '17:53 `NPM_TOKEN` is called like a secret, and build arguments can be read from the image | if it is one, take it out: programs and migrations get secrets from Kubernetes (`envFrom`)',
      '17:67 `API_KEY` is called like a secret, and build arguments can be read from the image | if it is one, take it out: programs and migrations get secrets from Kubernetes (`envFrom`)',
    ],
  ],
  [
    'a variable that is called like a secret',
    { slipway: { 52: '    timeout: 30m\n    env: { DB_PASSWORD: abc, db_passwd: x }' } },
    [
      '53:25 `DB_PASSWORD` is called like a secret, and this file is read by everybody who can read the repository | if it is one, take it out: programs and migrations get secrets from Kubernetes (`envFrom`)',
      '53:41 `db_passwd` is called like a secret, and this file is read by everybody who can read the repository | if it is one, take it out: programs and migrations get secrets from Kubernetes (`envFrom`)',
    ],
  ],
  [
    'migrations that are approved unseen',
    { policy: { 49: null } },
    [
      '42:5 who approves is not shown what is pending in `saleor`: nothing is planned before approval (policy.yaml:41) | the operator can say `planMigrationsBeforeApproval: true`, best with secrets that can only read (`planEnvFrom`)',
    ],
  ],
  [
    'migrations that are approved unseen, in two environments',
    { policy: { 38: null, 49: '    planMigrationsBeforeApproval: false' } },
    [
      '42:5 who approves is not shown what is pending in `saleor`: nothing is planned before approval (policy.yaml:34, policy.yaml:48) | the operator can say `planMigrationsBeforeApproval: true`, best with secrets that can only read (`planEnvFrom`)',
    ],
  ],
  ['migrations that are applied without approval, unseen', { policy: { 33: null } }, []],
  [
    'a webhook whose address is its key',
    { policy: { 8: '  slack-deployments: { kind: webhook, url: https://hooks.slack.com/services/T/B/x }' } },
    [
      'policy.yaml:8:44 whoever knows this address can post there, and it stands in the records of each release | give it by reference: `url: env:SLACK_DEPLOYMENTS_WEBHOOK` or `url: file:/path`, with `host` where its address is inside',
    ],
  ],
  [
    'a webhook with a long key in its path',
    {
      policy: {
        8: '  slack-deployments: { kind: webhook, url: https://chat.example.com/in/0f9a8b7c6d5e4f3a2b1c0d9e/ }',
      },
    },
    [
      'policy.yaml:8:44 whoever knows this address can post there, and it stands in the records of each release | give it by reference: `url: env:SLACK_DEPLOYMENTS_WEBHOOK` or `url: file:/path`, with `host` where its address is inside',
    ],
  ],
  [
    'a webhook without a key',
    {
      policy: {
        8: '  slack-deployments: { kind: webhook, url: https://events.example.com/deployments-of-production }',
      },
    },
    [],
  ],
  [
    'a group that is nearly another one',
    {
      policy: {
        45: '    approval: { required: true, quorum: 1, groups: [release-mangers], expires: 24h, excludeRequester: true }',
      },
      slipway: {
        113: '    approval: { required: true, quorum: 1, groups: [release-mangers], expires: 24h, excludeRequester: true }',
      },
    },
    [
      'policy.yaml:45:53 the group `release-mangers` is named only here, and `release-managers` (policy.yaml:37) is nearly the same | did you mean `release-managers`?',
    ],
  ],
  [
    'groups that are two teams',
    {
      policy: { 37: '    approval: { required: true, groups: [team-a, release-managers, team-b] }' },
      slipway: { 77: '    approval: { required: true, groups: [team-a] }' },
    },
    [],
  ],
  [
    'an entry that asks for a level that its events never have, alone and where the policy bounds its target',
    {
      policy: { 9: '  pagerduty: { kind: webhook, url: env:PAGERDUTY_WEBHOOK, level: problem }' },
      slipway: {
        117: '    notify: [{ to: slack-deployments, events: [approval], level: problem }, { to: pagerduty, events: [approval, ended-well] }]',
      },
    },
    [
      '117:14 `slack-deployments` is told of nothing by this: `approval` is `attention`, below `problem` | there come through: `held`, `failed`, `region-failed`, `ended-otherwise`',
      '117:77 `pagerduty` is told of nothing by this: `approval` is `attention`, `ended-well` is `info`, below `problem` (policy.yaml:9) | there come through: `held`, `failed`, `region-failed`, `ended-otherwise`',
    ],
  ],
  [
    'a target of the policy, those who are always told and those on call that are told of nothing',
    {
      policy: {
        9: '  pagerduty: { kind: webhook, url: env:PAGERDUTY_WEBHOOK, events: [ended-well], level: attention }',
        40: '    notify: [log, slack-deployments, { to: slack-deployments, events: [ended-well], level: problem }]',
        52: '    notify: [log, slack-deployments]\n    onCall: { groups: [sre], notify: [{ to: slack-deployments, events: [approval] }] }',
      },
      slipway: { 117: '    notify: [slack-deployments]' },
    },
    [
      'policy.yaml:9:14 `pagerduty` is told of nothing by this: `ended-well` is `info`, below `attention` | there come through: `approval`, `approval-reminder`, `approval-escalated`, `held`, `failed`, `region-failed`, `ended-otherwise`',
      'policy.yaml:40:38 `slack-deployments` is told of nothing by this: `ended-well` is `info`, below `problem` | there come through: `held`, `failed`, `region-failed`, `ended-otherwise`',
      'policy.yaml:53:39 `slack-deployments` is told of nothing by this: `approval` is `attention`, below `problem` | there come through: `held`, `failed`, `region-failed`, `ended-otherwise`',
    ],
  ],
  [
    'targets of two filters that no event passes both of',
    {
      policy: { 9: '  pagerduty: { kind: webhook, url: env:PAGERDUTY_WEBHOOK, events: [held] }' },
      slipway: { 117: '    notify: [{ to: pagerduty, events: [failed] }]' },
    },
    ['117:14 `pagerduty` is told of nothing by this: it is told of other events alone (policy.yaml:9)'],
  ],
  [
    'approvals alone, where nobody need approve',
    {
      slipway: { 68: '    branches: [develop]\n    notify: [{ to: pagerduty, events: [approval], level: attention }]' },
    },
    ['69:14 `pagerduty` is told of nothing by this: only of `approval`, and nobody need approve here'],
  ],
  [
    'approvals alone, where somebody must, also in every environment',
    {
      slipway: {
        56: 'notify: [{ to: pagerduty, events: [approval] }]',
        117: '    notify: [{ to: pagerduty, level: attention }]',
      },
    },
    [],
  ],
  [
    'a filter of slipway.yaml on what the policy has told of everything',
    { slipway: { 117: '    notify: [{ to: slack-deployments, level: problem }]' } },
    [
      '117:14 this narrows nothing: `slack-deployments` is named without it, too (policy.yaml:52) | what is named twice is told of what either lets through: leave it out there, or here',
    ],
  ],
  [
    'a filter on what slipway.yaml has told of everything itself',
    {
      slipway: {
        56: 'notify: [pagerduty]',
        117: '    notify: [{ to: pagerduty, level: problem }]',
      },
    },
    [
      '117:14 this narrows nothing: `pagerduty` is named without it, too (slipway.yaml:56) | what is named twice is told of what either lets through: leave it out there, or here',
    ],
  ],
];
