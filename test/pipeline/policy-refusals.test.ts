import { describe, expect, it } from '@jest/globals';
import { changed, policyProblems, policyText } from './texts.ts';

const repositoryForms =
  'must be an http or https URL without credentials such as `https://github.com/example/shop`, an ssh address without a password such as `git@github.com:example/shop.git`, or an absolute path';

/** What the service may reach, as it stands in the usual policy. */
const reached = policyText.split('\n')[10]!.trim();

const refusals: [string, string, string, string[]][] = [
  [
    'an unknown key',
    '  blue: { kind: kubeconfig, file: /etc/blue, context: blue }',
    '  blue: { kind: kubeconfig, file: /etc/blue, contxt: blue }',
    ['2:46 unknown key `contxt` | did you mean `context`?'],
  ],
  ['an unknown cluster kind', 'kind: eks', 'kind: gke', ['3:18 `kind` must be one of `kubeconfig`, `eks`']],
  [
    'an AWS region that cannot be',
    'region: eu-west-1',
    'region: Ireland',
    ['3:44 `region` must be an AWS region such as `eu-central-1`'],
  ],
  [
    'a role that is no ARN',
    'region: eu-west-1',
    'region: eu-west-1, roleArn: admin',
    ['3:64 `roleArn` must be the ARN of a role'],
  ],
  [
    'credentials in a repository',
    'repository: https://git.example.com/shop',
    'repository: https://me:token@git.example.com/shop',
    [`10:17 \`repository\` ${repositoryForms}`],
  ],
  [
    'a password in an ssh address',
    'repository: https://git.example.com/shop',
    'repository: ssh://git:hunter22@git.example.com/shop',
    [`10:17 \`repository\` ${repositoryForms}`],
  ],
  [
    'an unknown environment of a service',
    'production: { branches: [main]',
    'prod: { branches: [main]',
    ['11:175 there is no environment `prod` | known here: `staging`, `production`'],
  ],
  [
    'no environments of a service',
    reached,
    'environments: {}',
    ['11:19 `environments` must name at least one environment'],
  ],
  [
    'environments of a service as a list of names',
    reached,
    'environments: [staging, production]',
    ['11:19 `environments` must be keys and values, not a list | write each as a key, without `-`: `staging:`'],
  ],
  [
    'no word on branches',
    'production: { branches: [main], namespaces: [shop],',
    'production: { namespaces: [shop],',
    ['11:175 `branches` is missing'],
  ],
  [
    'no word on namespaces',
    'production: { branches: [main], namespaces: [shop],',
    'production: { branches: [main],',
    ['11:175 `namespaces` is missing'],
  ],
  ['no branches', 'branches: [main]', 'branches: []', ['11:199 `branches` must name at least one branch']],
  ['no namespaces', 'namespaces: [shop]', 'namespaces: []', ['11:219 `namespaces` must name at least one namespace']],
  [
    'a namespace by pattern',
    'namespaces: [shop]',
    "namespaces: ['shop-*']",
    ['11:220 the entry must be a name: lower-case letters, digits and `-`, at most 63 characters'],
  ],
  [
    'a branch by regular expression',
    'branches: [main]',
    "branches: ['main|hotfix']",
    ['11:200 the entry must be a branch such as `main`, or a pattern such as `release/*` in which only `*` is special'],
  ],
  [
    'a source of images with a scheme',
    '    tags: [latest]\n',
    "    tags: [latest]\n    imagesFrom: ['https://ghcr.io/acme']\n",
    [
      '28:18 the entry must be a registry such as `registry.example.com:5000/shop`: lower-case, no scheme | write `ghcr.io/acme`',
    ],
  ],
  [
    'an unknown cluster',
    'clusters: [blue, green]',
    'clusters: [blue, red]',
    ['20:22 there is no cluster `red` | known here: `blue`, `green`, `black`'],
  ],
  ['no clusters', 'clusters: [blue, green]', 'clusters: []', ['20:15 `clusters` must name at least one cluster']],
  [
    'a registry with a scheme',
    '  staging:\n    clusters: [blue]\n    registry: registry.example.com:5000/shop',
    '  staging:\n    clusters: [blue]\n    registry: https://registry.example.com',
    [
      '15:15 `registry` must be a registry such as `registry.example.com:5000/shop`: lower-case, no scheme | write `registry: registry.example.com`',
    ],
  ],
  [
    'required approval without groups',
    'groups: [owners, leads]',
    'groups: []',
    ['22:52 approval is required, but no group may approve'],
  ],
  [
    'required approval with no word on groups',
    ', groups: [owners, leads]',
    '',
    ['22:5 approval is required, but no group may approve'],
  ],
  ['no word on approval', '    approval: { required: false }\n', '', ['13:3 `approval` is missing']],
  [
    'a duration without a unit',
    'expires: 4h',
    'expires: 4',
    [
      '22:78 `expires` must be a duration such as `30s`, `10m`, `24h` or `7d` | write a unit behind the number: `s`, `m`, `h` or `d`',
    ],
  ],
  [
    'an unknown severity',
    'failOn: [CRITICAL]',
    'failOn: [SEVERE]',
    ['23:22 the entry must be one of `CRITICAL`, `HIGH`, `MEDIUM`, `LOW`, `UNKNOWN`'],
  ],
  [
    'an unknown failure policy',
    'onFailure: [hold, roll-back-all]',
    'onFailure: [hold, ignore]',
    ['25:23 the entry must be one of `hold`, `roll-back-region`, `roll-back-all`'],
  ],
  [
    'an unknown notify target',
    'notify: [log]',
    'notify: [lag]',
    ['29:14 there is no notify target `lag` | did you mean `log`?'],
  ],
  [
    'a webhook that is neither URL nor reference',
    'url: env:CHAT',
    'url: CHAT',
    ['7:31 `url` must be a URL without credentials, or a reference such as `env:NAME` or `file:/path`'],
  ],
  [
    'a pattern inside a host',
    "endpointHosts: ['*.shop.example.com']",
    "endpointHosts: ['api.*.example.com']",
    ['28:21 the entry must be a host name such as `shop.example.com` or `*.example.com`, or an address'],
  ],
  ...['127.1', '0x7f.0.0.1', '2130706433', '[0:0:0:0:0:0:0:1]'].map((address): (typeof refusals)[number] => [
    `an address as no URL is read: ${address}`,
    "endpointHosts: ['*.shop.example.com']",
    `endpointHosts: ['${address}']`,
    [
      '28:21 the entry must be written as a URL is read: an IPv4 address in four decimal parts, an IPv6 address in brackets and shortened',
    ],
  ]),
  [
    'a Deployment by a pattern in the middle',
    'workloads: [api, web]',
    "workloads: ['a*i', web]",
    ['11:239 the entry must be a name, or the beginning of one such as `shop-*`'],
  ],
  [
    'a secret by pattern',
    'secrets: { plan: [migrate], apply: [migrate] } } }',
    "secrets: { plan: ['*'], apply: [migrate] } } }",
    ['11:299 the entry must be the name of a Kubernetes object'],
  ],
  ['a cluster twice', 'clusters: [blue, green]', 'clusters: [blue, blue]', ['20:22 `blue` is in the list twice']],
];

describe("the operator's policy file", () => {
  it('is accepted as it stands', () => {
    expect(policyProblems(policyText)).toEqual([]);
  });

  it.each(refusals)('is refused, at the place where it is wrong: %s', (_, from, to, says) => {
    expect(policyProblems(changed(policyText, from, to))).toEqual(says);
  });
});
