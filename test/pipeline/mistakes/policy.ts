import { edited } from './answers.ts';
import type { Mistake } from './answers.ts';

export const policy: Mistake[] = [
  [
    'a key misspelt',
    { policy: { 26: '    testRequired: false' } },
    ['policy.yaml:26:5 unknown key `testRequired` | did you mean `testsRequired`?'],
  ],
  [
    'a password',
    { policy: { 11: '  github.com: { password: ghp_abcdefabcdefabcdef }' } },
    ['policy.yaml:11:27 `password` must be a reference such as `env:NAME` or `file:/path`, never the secret itself'],
  ],
  [
    'a password in typographic quotes, which is not repeated',
    { policy: { 11: '  github.com: { password: “geheim” }' } },
    ['policy.yaml:11:27 `password` has quotes that YAML does not know (`“…”`): only `\'…\'` and `"…"` are quotes'],
  ],
  [
    'a password with a colon, which is not repeated',
    { policy: { 11: '  github.com: { password: ge: heim }' } },
    ['policy.yaml:11:27 a `: ` inside of a text: YAML takes what stands before it for a key'],
  ],
  [
    'no group',
    { policy: { 37: '    approval: { required: true }' } },
    ['policy.yaml:37:5 approval is required, but no group may approve'],
  ],
  [
    'another kind of cluster',
    {
      policy: {
        4: "  saleor-cluster: { kind: gke, name: saleor-cluster, region: eu-central-1, roleArn: 'arn:aws:iam::111122223333:role/slipway-deployer' }",
      },
    },
    ['policy.yaml:4:27 `kind` must be one of `kubeconfig`, `eks`'],
  ],
  [
    'no region of a cluster',
    {
      policy: {
        4: "  saleor-cluster: { kind: eks, name: saleor-cluster, roleArn: 'arn:aws:iam::111122223333:role/slipway-deployer' }",
      },
    },
    ['policy.yaml:4:3 `region` is missing'],
  ],
  [
    'a cluster misspelt',
    { policy: { 22: '    clusters: [saleor-dve]' } },
    ['policy.yaml:22:16 there is no cluster `saleor-dve` | did you mean `saleor-dev`?'],
  ],
  [
    'a registry with its scheme',
    { policy: { 23: '    registry: https://111122223333.dkr.ecr.eu-central-1.amazonaws.com' } },
    [
      'policy.yaml:23:15 `registry` must be a registry such as `registry.example.com:5000/shop`: lower-case, no scheme | write `registry: 111122223333.dkr.ecr.eu-central-1.amazonaws.com`',
    ],
  ],
  [
    'a duration in words',
    {
      policy: {
        45: '    approval: { required: true, quorum: 1, groups: [release-managers], expires: 1 day, excludeRequester: true }',
      },
    },
    ['policy.yaml:45:81 `expires` must be a duration such as `30s`, `10m`, `24h` or `7d` | write `expires: 1d`'],
  ],
  [
    'exceptions neither allowed nor not',
    {
      policy: { 25: '    scan: { failOn: [CRITICAL], images: true, secrets: true, exceptions: { longestDays: 90 } }' },
    },
    ['policy.yaml:25:62 `allowed` is missing'],
  ],
  [
    'yes',
    { policy: { 32: '    testsRequired: yes' } },
    ['policy.yaml:32:20 `testsRequired` must be true or false, not a text | write `testsRequired: true`'],
  ],
  [
    'severities in lower case',
    {
      policy: {
        25: '    scan: { failOn: [critical, high], images: true, secrets: true, exceptions: { allowed: true, longestDays: 90 } }',
      },
    },
    [
      'policy.yaml:25:21 `critical`, `high`: each must be one of `CRITICAL`, `HIGH`, `MEDIUM`, `LOW`, `UNKNOWN` | write `failOn: [CRITICAL, HIGH]`',
    ],
  ],
  [
    'another version',
    { policy: { 1: 'version: 2' } },
    ['policy.yaml:1:10 `version` must be 1, the only version there is | write `version: 1`'],
  ],
  [
    'a list that is not closed',
    { policy: { 22: '    clusters: [saleor-dev' } },
    ['policy.yaml:22:15 the bracket `[` that is opened here is not closed | write `clusters: [saleor-dev]`'],
  ],
  [
    'a key with a space too few',
    { policy: { 23: '   registry: 111122223333.dkr.ecr.eu-central-1.amazonaws.com' } },
    [
      'policy.yaml:23:1 `registry` is indented by 3 spaces, the lines that it belongs with by 4 spaces | write `    registry: 111122223333.dkr.ecr.eu-central-1.amazonaws.com`',
    ],
  ],
  ...(
    [
      ['with a scheme', 'https://api.example.com', 'api.example.com'],
      ['with a scheme and a path', 'https://api.example.com/health', 'api.example.com'],
      ['with a port', 'api.example.com:8443', 'api.example.com'],
      ['in capitals', 'API.example.com', 'api.example.com'],
      ['of a domain, with a path', '*.example.com/', "'*.example.com'"],
    ] as const
  ).map(([what, host, meant]): Mistake => [
    `a host ${what}`,
    { policy: { 51: `    endpointHosts: ['*.example.com', '${host}']` } },
    [
      `policy.yaml:51:38 the entry must be a host name such as \`shop.example.com\` or \`*.example.com\`, or an address | write \`${meant}\``,
    ],
  ]),
  [
    'a slipway.yaml for a policy',
    { policy: edited('slipway') },
    [
      "policy.yaml:1:1 this is a slipway.yaml, and no operator's policy file | check both: `slipway validate slipway.yaml --policy FILE`",
    ],
  ],
  [
    'a key of slipway.yaml',
    { policy: { 2: 'components: {}\nclusters:' } },
    ['policy.yaml:2:1 unknown key `components` | it belongs in slipway.yaml'],
  ],
];
