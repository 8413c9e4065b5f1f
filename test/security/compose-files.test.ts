import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { checkComposeFile } from '../../activities/tests/compose-check.ts';

/** What is fine in a service; any number of it changes nothing about what is not. */
const fine: [string, unknown][] = [
  ['command', ['sh', '-c', 'true']],
  ['environment', { MODE: 'test', PRIVILEGED: 'true' }],
  ['depends_on', ['other']],
  ['healthcheck', { test: ['CMD', 'true'] }],
  ['volumes', ['data:/data', './tests:/tests:ro']],
  ['env_file', 'tests/env'],
  ['network_mode', 'none'],
  ['read_only', true],
  ['ports', ['8080:80']],
  ['x-anything', { privileged: true }],
];

/** Each reaches out of its container, in some form. */
const reaching: [string, unknown][] = [
  ['privileged', true],
  ['privileged', 'true'],
  ['network_mode', 'host'],
  ['network_mode', 'bridge'],
  ['network_mode', 'default'],
  ['network_mode', 'container:slipway-engine'],
  ['pid', 'host'],
  ['ipc', 'host'],
  ['uts', 'host'],
  ['userns_mode', 'host'],
  ['cgroup', 'host'],
  ['cgroup_parent', '/'],
  ['cap_add', ['ALL']],
  ['devices', ['/dev/sda:/dev/sda']],
  ['device_cgroup_rules', ['a *:* rwm']],
  ['security_opt', ['apparmor:unconfined']],
  ['runtime', 'none'],
  ['gpus', 'all'],
  ['credential_spec', { file: '/etc/passwd' }],
  ['volumes', ['/:/host']],
  ['volumes', ['/var/run/docker.sock:/var/run/docker.sock']],
  ['volumes', ['../:/above']],
  ['volumes', ['~/.docker:/docker']],
  ['volumes', ['${HOME}:/home']],
  ['volumes', ['./out:/out']],
  ['volumes', ['./tests/../../x:/x']],
  ['volumes', [{ type: 'bind', source: '/etc', target: '/etc' }]],
  ['volumes', [{ type: 'cluster', source: 'x', target: '/x' }]],
  ['volumes_from', ['container:slipway-engine']],
  ['env_file', '/proc/self/environ'],
  ['env_file', ['tests/env', '../env']],
  ['env_file', [{ path: './out/environ' }]],
  ['label_file', '/etc/passwd'],
  ['extends', { file: '/etc/compose.yaml', service: 'a' }],
  ['extends', { file: '../compose.yaml', service: 'a' }],
  ['build', 'https://git.example/stranger.git'],
  ['build', { context: 'git@git.example:stranger.git' }],
  ['build', 'github.com/stranger/repository'],
  ['extends', { file: 'git@git.example:stranger.git', service: 'a' }],
  ['build', { context: '.', additional_contexts: ['a=github.com/stranger/repository'] }],
  ['build', { context: '.', dockerfile: '/etc/passwd' }],
  ['build', { context: '.', dockerfile: '../../etc/passwd' }],
  ['build', { context: '.', network: 'host' }],
  ['build', { context: '.', ssh: ['default'] }],
  ['build', { context: '.', entitlements: ['network.host'] }],
  ['build', { context: '.', additional_contexts: { a: '/etc' } }],
  ['build', { context: '.', additional_contexts: { a: 'docker-image://core' } }],
  ['build', { context: '.', cache_from: ['core'] }],
  ['build', { context: '.', cache_to: ['type=local,dest=/etc'] }],
  ['build', { context: '.', dockerfile_inline: 'FROM core' }],
  ['build', { context: '.', network: 'none' }],
  ['build', { context: '.', secrets: ['token'] }],
  ['build', { context: '.', tags: ['core'] }],
  ['logging', { driver: 'syslog', options: { 'syslog-address': 'tcp://10.0.0.1:514' } }],
  ['extra_hosts', ['daemon:host-gateway']],
  ['post_start', [{ command: 'id', user: 'root', privileged: true }]],
  ['use_api_socket', true],
  ['provider', { type: 'curl' }],
  ['external_links', ['slipway-engine']],
];

const atTop: [string, unknown][] = [
  ['volumes', { data: { driver_opts: { type: 'none', o: 'bind', device: '/' } } }],
  ['volumes', { data: { external: true } }],
  ['volumes', { data: { name: 'docker-socket' } }],
  ['networks', { default: { external: true } }],
  ['networks', { default: { driver: 'host' } }],
  ['configs', { one: { file: '/etc/shadow' } }],
  ['secrets', { one: { file: '../token' } }],
  ['secrets', { one: { file: './out/shadow' } }],
  ['include', ['/etc/compose.yaml']],
  ['include', [{ path: 'https://example.com/compose.yaml' }]],
  ['services', { core: { image: 'a' }, 'second.one': { privileged: true } }],
];

type Pick = { kind: 'service' | 'top'; entry: [string, unknown] };
const anyReach: fc.Arbitrary<Pick> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...reaching).map((entry): Pick => ({ kind: 'service', entry })) },
  { weight: 1, arbitrary: fc.constantFrom(...atTop).map((entry): Pick => ({ kind: 'top', entry })) },
);
const usual = fc.uniqueArray(fc.constantFrom(...fine), { selector: ([key]) => key });

/** Of generated compose files: whatever stands around it, one thing that reaches out is enough. */
describe('a compose file of a stranger', () => {
  const inCheckout = async (file: object, look: (attempt: Promise<void>) => Promise<void>) => {
    const directory = await realpath(await mkdtemp(join(tmpdir(), 'slipway-compose-')));
    try {
      await mkdir(join(directory, 'tests'));
      await writeFile(join(directory, 'tests', 'env'), 'A=1\n');
      await symlink('/etc', join(directory, 'out'));
      await writeFile(join(directory, 'compose.yaml'), stringify(file));
      await look(
        checkComposeFile(directory, join(directory, 'compose.yaml'), { variables: [], allowed: ['core', 'other'] }),
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  };
  const fileOf = (around: [string, unknown][], more: Pick[]) => ({
    services: {
      core: {
        ...(more.some(({ entry: [key] }) => key === 'build' || key === 'extends') ? {} : { image: 'core' }),
        ...Object.fromEntries([...around, ...more.filter(({ kind }) => kind === 'service').map(({ entry }) => entry)]),
      },
      other: { image: 'other' },
    },
    volumes: { data: {} },
    ...Object.fromEntries(more.filter(({ kind }) => kind === 'top').map(({ entry }) => entry)),
  });

  it('is taken with what is usual, in any choice of it', async () => {
    await fc.assert(
      fc.asyncProperty(usual, (around) =>
        inCheckout(fileOf(around, []), (attempt) => expect(attempt).resolves.toBeUndefined()),
      ),
      { numRuns: 50 },
    );
  });

  it('is refused with anything that reaches out, whatever stands around it', async () => {
    await fc.assert(
      fc.asyncProperty(usual, anyReach, (around, reach) =>
        inCheckout(fileOf(around, [reach]), (attempt) => expect(attempt).rejects.toThrow(/SLIP-TEST-3/)),
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ...reaching.map((entry): Pick => ({ kind: 'service', entry })),
    ...atTop.map((entry): Pick => ({ kind: 'top', entry })),
  ])('is refused with $entry', (reach) =>
    inCheckout(fileOf([], [reach]), (attempt) => expect(attempt).rejects.toThrow(/SLIP-TEST-3/)),
  );
});
