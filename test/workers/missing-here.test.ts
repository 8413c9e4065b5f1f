import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMissingTeller } from '../../workers/tell-missing.ts';
import { sayTests } from '../../workers/compose-box.ts';
import { policyOnDisk } from '../../workers/policy-on-disk.ts';
import { policyText } from '../pipeline/texts.ts';

const logins = `git:
  git.example.com: { password: env:SLIPWAY_TEST_NOT_SET }
registries:
  registry.example.com:5000: { username: slipway, password: file:/no/password }
  other.example.com: { username: slipway, password: file:/no/other }
`;
const kubeconfig = JSON.stringify({
  'current-context': 'blue',
  contexts: [{ name: 'blue', context: { cluster: 'blue', user: 'blue' } }],
  clusters: [{ name: 'blue', cluster: { server: 'https://blue.test' } }],
  users: [{ name: 'blue', user: { token: 'x' } }],
});
const all = { images: true, secrets: true, tests: true };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-missing-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** With its kubeconfig file in a directory, by a relative name. */
async function aTeller(text = `${policyText.replace('/etc/blue', 'blue')}${logins}`) {
  const path = join(directory, 'policy.yaml');
  await writeFile(path, text);
  const lines: string[] = [];
  const teller = createMissingTeller(policyOnDisk(path), (...some) => void lines.push(...some));
  return { lines, teller };
}

const git = expect.stringMatching(
  /^missing here: the login of git\.example\.com \(`git` of the policy\): .*env:SLIPWAY_TEST_NOT_SET.*not set$/,
);
const registry = expect.stringMatching(
  /^missing here: the login of registry\.example\.com:5000 \(`registries`.*ENOENT/,
);
/** Its target has its URL by reference. */
const chat = expect.stringMatching(/a secret of chat \(`notify` of the policy\): .*env:CHAT.*not set$/);
const other = expect.stringMatching(/the login of other\.example\.com/);

describe('what a machine lacks of what its policy names', () => {
  it.each([
    ['a gateway', 'gateway', [git]],
    ['an engine worker', 'engine', [git, registry, other, chat]],
  ] as const)('is told of %s: the logins that it uses', async (_who, kind, wanted) => {
    const { lines, teller } = await aTeller();
    await teller[kind]();
    expect(lines).toEqual(wanted);
  });

  it('is told of an engine worker: the secrets of targets that it sends to', async () => {
    const targets = `notify:
  chat: { kind: webhook, url: env:SLIPWAY_TEST_NO_URL, secret: file:/no/secret }
  open: { kind: webhook, url: https://chat.example.com }
  pages: { kind: pagerduty, routingKey: env:SLIPWAY_TEST_NO_KEY }
  mail: { kind: email, smtp: env:SLIPWAY_TEST_NO_SMTP, from: a@example.com, to: [b@example.com] }
  hub: { kind: github, app: { id: 1, installation: 2, key: file:/no/pem } }
`;
    const bare = policyText.replace(/^notify:\n(?: .*\n)*/m, '').replace(/^ +notify: .*\n/gm, '');
    const { lines, teller } = await aTeller(`${bare}${targets}`);
    await teller.engine();
    const told = lines.map((line) => /a secret of (\w+) \(`notify`.*(?:env:|file:)(\S+) cannot/.exec(line)?.slice(1));
    expect(told).toEqual([
      ['chat', 'SLIPWAY_TEST_NO_URL'],
      ['chat', '/no/secret'],
      ['pages', 'SLIPWAY_TEST_NO_KEY'],
      ['mail', 'SLIPWAY_TEST_NO_SMTP'],
      ['hub', '/no/pem'],
    ]);
  });

  it('is told of an environment’s worker: its own clusters and registry alone', async () => {
    const { lines, teller } = await aTeller();
    await teller.environment('production', { kubeconfigDirectory: directory });
    expect(lines).toEqual([
      `missing here: cluster blue, which the policy names for production: there is no kubeconfig file ${join(directory, 'blue')} (SLIP-K8S-11)`,
      registry,
    ]);
  });

  it.each([
    ['no kubeconfig file', 'clusters: [', /is not a kubeconfig file/],
    [
      'a file without the context that the policy names',
      kubeconfig.replace('"name":"blue","context"', '"name":"red","context"'),
      /has no context/,
    ],
  ])('names a cluster whose file is %s', async (_what, text, words) => {
    await writeFile(join(directory, 'blue'), text);
    const { lines, teller } = await aTeller(policyText.replace('/etc/blue', 'blue'));
    await teller.environment('production', { kubeconfigDirectory: directory });
    expect(lines).toEqual([expect.stringMatching(words)]);
  });

  it('is nothing where each file and each secret is there', async () => {
    await writeFile(join(directory, 'blue'), kubeconfig);
    const { lines, teller } = await aTeller(policyText.replace('/etc/blue', 'blue'));
    await teller.environment('production', { kubeconfigDirectory: directory });
    await teller.build(all);
    await teller.gateway();
    expect(lines).toEqual([]);
  });

  it('is told once by a process that does several kinds of work', async () => {
    const { lines, teller } = await aTeller();
    await teller.gateway();
    await teller.engine();
    await teller.build(all);
    expect(lines).toEqual([git, registry, other, chat]);
  });

  it('is nothing that can be told without a policy', async () => {
    const { lines, teller } = await aTeller('version: 1\n');
    await teller.gateway();
    expect(lines).toEqual([]);
  });
});

describe('gates that the policy asks for', () => {
  const told = async (change: Partial<typeof all>, text = policyText) => {
    const { lines, teller } = await aTeller(text);
    await teller.build({ ...all, ...change });
    return lines;
  };

  it.each([
    [{ images: false }, 'a scanner of images', 'staging, production', 'SLIPWAY_TRIVY or SLIPWAY_OSV_SCANNER'],
    [{ secrets: false }, 'a scanner for secrets', 'staging, production', 'SLIPWAY_GITLEAKS'],
    [{ tests: false }, 'Docker for integration tests', 'production', 'DOCKER_HOST'],
  ])('are named with the environments where no release passes them: %j', async (change, what, where, variable) => {
    expect(await told(change)).toEqual([
      `missing here: ${what}, which the policy asks for in ${where}: no release passes that gate here (${variable})`,
    ]);
  });

  it('are not missed where no environment asks for them', async () => {
    const lax = policyText
      .replaceAll('scan: {', 'scan: { images: false,')
      .replace('testsRequired: true', 'testsRequired: false');
    expect(await told({ images: false, tests: false }, lax)).toEqual([]);
  });
});

describe('gates by programs of the policy', () => {
  const withGate = (program: string, place: string) =>
    `${policyText.replace('    tags: [latest]\n', '    gates: [licences]\n    tags: [latest]\n')}gates:
  licences: { run: [${program}, '{tree}', '{report}'], places: [${place}] }
  unused: { run: [slipway-unused, '{tree}', '{report}'] }
`;
  const told = async (program: string, place: string) => {
    const { lines, teller } = await aTeller(withGate(program, place));
    await teller.build(all);
    return lines.filter((line) => line.includes('the gate'));
  };

  it('are told of a build worker that has not what they need, where an environment asks for them', async () => {
    expect(await told('slipway-no-such-tool', '/none/rules')).toEqual([
      expect.stringMatching(/^missing here: slipway-no-such-tool, which the gate licences needs .* in production:/),
      expect.stringMatching(/^missing here: \/none\/rules, which the gate licences needs/),
    ]);
  });

  it('are not missed where all of it is there', async () => {
    expect(await told('sh', directory)).toEqual([]);
  });
});

describe('by what integration tests run', () => {
  it.each([
    [{ works: true, said: '27.1.1' }, undefined, 'Docker 27.1.1'],
    [
      { works: false, said: 'no such file' },
      'unix:///no.sock',
      'none: DOCKER_HOST (unix:///no.sock) does not answer: no such file',
    ],
    [{ works: false, said: 'spawn docker ENOENT' }, undefined, 'none: no Docker daemon answers: spawn docker ENOENT'],
  ])('is said at start: %j', (docker, host, words) => {
    expect(sayTests(docker, host)).toBe(words);
  });
});
