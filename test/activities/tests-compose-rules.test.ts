import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { judgeCompose } from '../../activities/tests/compose-rules.ts';
import { readComposeYaml } from '../../activities/tests/compose-yaml.ts';

const read = (text: string) => readComposeYaml(Buffer.from(text));
const judge = (file: object) => judgeCompose({ services: {}, ...file });
const aService = (service: object) => {
  const image = 'build' in service || 'extends' in service ? {} : { image: '${CORE_IMAGE}' };
  return judge({ services: { core: { ...image, ...service } } });
};

describe('a compose file of integration tests', () => {
  it('may be what tests usually need', () => {
    const shop = new URL('../../lab/shop/sources/first/docker-compose.test.yml', import.meta.url);
    const usual = read(`
x-defaults: &defaults { restart: 'no', environment: { MODE: '\${MODE:-test}' } }
services:
  core: { <<: *defaults, image: '\${CORE_IMAGE}', depends_on: { db: { condition: service_healthy } }, ports: ['8080:80'] }
  db:
    image: postgres:17
    volumes: ['data:/var/lib/postgresql/data', /cache, { type: tmpfs, target: /tmp }, { type: volume, source: data, target: /b }]
    healthcheck: { test: [CMD, pg_isready] }
  tests:
    build: { context: ., dockerfile: test/Dockerfile, args: { NODE: 24, CORE: '\${CORE_IMAGE}' }, target: tests, pull: true }
    network_mode: service:core
    privileged: false
    volumes_from: [db:ro]
volumes: { data: }
networks: { default: { driver: bridge, internal: true } }
secrets: { password: { environment: PASSWORD } }
`);
    for (const file of [usual, readComposeYaml(readFileSync(shop))]) {
      expect(file).not.toHaveProperty('problem');
      expect(judgeCompose((file as { value: unknown }).value)).toMatchObject({ refused: [], files: [] });
    }
  });

  it.each<[string, object]>([
    ['privileged', { privileged: true }],
    ['privileged', { privileged: 'yes' }],
    ['privileged', { privileged: '${YES}' }],
    ['network_mode', { network_mode: 'host' }],
    ['network_mode', { network_mode: '${MODE}' }],
    ['network_mode', { network_mode: 'bridge' }],
    ['network_mode', { network_mode: 'default' }],
    ['network_mode', { network_mode: 'container:somebody' }],
    ['pid', { pid: 'host' }],
    ['ipc', { ipc: 'host' }],
    ['uts', { uts: 'host' }],
    ['userns_mode', { userns_mode: 'host' }],
    ['cgroup', { cgroup: 'host' }],
    ['cap_add', { cap_add: ['SYS_ADMIN'] }],
    ['devices', { devices: ['/dev/sda'] }],
    ['devices', { deploy: { resources: { reservations: { devices: [{ capabilities: ['gpu'] }] } } } }],
    ['device_cgroup_rules', { device_cgroup_rules: ['a *:* rwm'] }],
    ['security_opt', { security_opt: ['seccomp:unconfined'] }],
    ['volumes_from', { volumes_from: ['container:somebody'] }],
    ['external_links', { external_links: ['somebody'] }],
    ['logging.driver', { logging: { driver: 'awslogs' } }],
    ['use_api_socket', { use_api_socket: true }],
    ['provider', { provider: { type: 'anything' } }],
    ['post_start', { post_start: [{ command: 'x', privileged: true }] }],
    ['build.additional_contexts', { build: { context: '.', additional_contexts: ['core=service:core'] } }],
    ['build.additional_contexts', { build: { context: '.', additional_contexts: { core: './core' } } }],
    ['build.cache_from', { build: { context: '.', cache_from: ['type=local,src=/'] } }],
    ['build.cache_from', { build: { context: '.', cache_from: ['postgres:17'] } }],
    ['build.cache_to', { build: { context: '.', cache_to: ['type=local,dest=/'] } }],
    ['build.dockerfile_inline', { build: { context: '.', dockerfile_inline: 'FROM x' } }],
    ['build.entitlements', { build: { context: '.', entitlements: ['security.insecure'] } }],
    ['build.extra_hosts', { build: { context: '.', extra_hosts: { daemon: 'host-gateway' } } }],
    ['build.isolation', { build: { context: '.', isolation: 'x' } }],
    ['build.network', { build: { context: '.', network: 'host' } }],
    ['build.network', { build: { context: '.', network: 'none' } }],
    ['build.no_cache', { build: { context: '.', no_cache: true } }],
    ['build.platforms', { build: { context: '.', platforms: ['linux/arm64'] } }],
    ['build.privileged', { build: { context: '.', privileged: true } }],
    ['build.provenance', { build: { context: '.', provenance: true } }],
    ['build.sbom', { build: { context: '.', sbom: true } }],
    ['build.secrets', { build: { context: '.', secrets: ['token'] } }],
    ['build.shm_size', { build: { context: '.', shm_size: '1g' } }],
    ['build.ssh', { build: { context: '.', ssh: ['default=/home/me/.ssh/id'] } }],
    ['build.tags', { build: { context: '.', tags: ['postgres:17'] } }],
    ['build.ulimits', { build: { context: '.', ulimits: { nofile: 1 } } }],
    ['build.something_new', { build: { context: '.', something_new: true } }],
    ['build.pull', { build: { context: '.', pull: 'never' } }],
    ['volumes', { volumes: [{ type: 'image', source: 'postgres:17', target: '/x' }] }],
    ['volumes', { volumes: [{ type: 'npipe', source: 'x', target: '/x' }] }],
    ['volumes.source', { volumes: [{ type: 'volume', source: '/etc', target: '/x' }] }],
    ['runtime', { runtime: 'other' }],
    ['cgroup_parent', { cgroup_parent: '/' }],
    ['extra_hosts', { extra_hosts: ['daemon:host-gateway'] }],
    ['extra_hosts', { extra_hosts: { daemon: 'host-gateway' } }],
    ['extra_hosts', { extra_hosts: ['daemon:${WHERE}'] }],
    ['cpu_rt_runtime', { cpu_rt_runtime: '950ms' }],
    ['oom_kill_disable', { oom_kill_disable: true }],
    ['oom_score_adj', { oom_score_adj: -1000 }],
    ['ulimits.memlock', { ulimits: { memlock: -1 } }],
    ['ulimits.nofile', { ulimits: { nofile: -1 } }],
    ['ulimits.nofile.hard', { ulimits: { nofile: { soft: 1, hard: 1e9 } } }],
    ['scale', { scale: 1_000 }],
    ['deploy.replicas', { deploy: { replicas: 1_000 } }],
    ['something_new', { something_new: true }],
  ])('is refused for services.core.%s in %j', (where, service) => {
    const { refused } = aService(service);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(new RegExp(`^services\\.core\\..*${where.replaceAll('.', '\\.')} `));
  });

  it.each<[string, object]>([
    ['volumes.data.driver_opts', { volumes: { data: { driver_opts: { type: 'none', o: 'bind', device: '/' } } } }],
    ['volumes.data.external', { volumes: { data: { external: true } } }],
    ['volumes.data.name', { volumes: { data: { name: 'settings-of-somebody' } } }],
    ['networks.default.external', { networks: { default: { external: true } } }],
    ['networks.default.name', { networks: { default: { name: 'engine' } } }],
    ['networks.default.driver', { networks: { default: { driver: 'macvlan' } } }],
    ['secrets.one.external', { secrets: { one: { external: true } } }],
    ['include.project_directory', { include: [{ path: 'a.yaml', project_directory: '..' }] }],
    ['models', { models: { one: {} } }],
    ['services', { services: ['core'] }],
  ])('is refused for %s', (where, file) => {
    expect(judge(file).refused.join()).toMatch(new RegExp(where.replaceAll('.', '\\.')));
  });

  it('of the first form, with services at the top, is refused', () => {
    expect(judgeCompose({ core: { image: 'core', privileged: true } }).refused).toEqual(['there is no map `services`']);
  });

  /** Each names the path `P` in a place of its own. */
  const places: [string, (path: string) => object][] = [
    ['build', (path) => ({ services: { core: { build: path } } })],
    ['build.context', (path) => ({ services: { core: { build: { context: path } } } })],
    ['build.dockerfile', (path) => ({ services: { core: { build: { dockerfile: path } } } })],
    ['env_file', (path) => ({ services: { core: { env_file: path } } })],
    ['env_file as a list', (path) => ({ services: { core: { env_file: ['a', path] } } })],
    ['env_file with options', (path) => ({ services: { core: { env_file: [{ path, required: false }] } } })],
    ['label_file', (path) => ({ services: { core: { label_file: path } } })],
    ['extends', (path) => ({ services: { core: { extends: { file: path, service: 'a' } } } })],
    ['volumes in short', (path) => ({ services: { core: { volumes: [`${path}:/x:ro`] } } })],
    ['volumes in full', (path) => ({ services: { c: { volumes: [{ type: 'bind', source: path, target: '/x' }] } } })],
    ['configs', (path) => ({ configs: { one: { file: path } } })],
    ['secrets', (path) => ({ secrets: { one: { file: path } } })],
    ['include', (path) => ({ include: [path] })],
    ['include in full', (path) => ({ include: [{ path }] })],
    ['include.env_file', (path) => ({ include: [{ path: 'a', env_file: path }] })],
  ];

  it.each(places)('tells the path in %s', (_place, fileWith) => {
    const { refused, paths, files } = judge(fileWith('./sub/thing'));
    expect(refused).toEqual([]);
    expect([...paths, ...files].map(({ path }) => path.replace(/^\.\//, ''))).toContain('sub/thing');
  });

  it.each(places)('is refused for a path by variable, from home or by address in %s', (_place, fileWith) => {
    for (const path of ['./${WHERE}', '$WHERE', '~/.ssh']) expect(judge(fileWith(path)).refused).not.toEqual([]);
  });

  it('tells where the Dockerfile is: relative to its context, or absolute', () => {
    const paths = (build: unknown) => aService({ build }).paths.map(({ path }) => path);
    expect(paths('a')).toEqual(['a', 'a/Dockerfile']);
    expect(paths({ context: 'a', dockerfile: '../../b' })).toEqual(['a', '../b']);
    expect(paths({ dockerfile: '/b' })).toEqual(['.', '/b']);
  });

  it.each<[string, string, object]>([
    ['image', 'build', { image: 'postgres:17', build: '.' }],
    ['image', 'extends', { image: 'postgres:17', extends: 'other' }],
    ['build', 'extends', { build: '.', extends: { service: 'other' } }],
  ])('does not build under the name of somebody else’s image, by %s beside %s', (first, second, service) => {
    expect(judge({ services: { core: service } }).refused).toEqual([
      `services.core has both \`${first}\` and \`${second}\`: keep one of them`,
    ]);
  });

  it('may open files, say how many containers it has, and name addresses', () => {
    const usual = {
      ulimits: { nofile: { soft: 1024, hard: 65536 }, core: 0 },
      scale: 2,
      oom_score_adj: 500,
      extra_hosts: ['db:10.0.0.2'],
    };
    expect(aService({ ...usual, deploy: { replicas: 3 } }).refused).toEqual([]);
  });

  it('is not built from an address', () => {
    expect(aService({ build: 'https://git.example/a.git' }).refused).not.toEqual([]);
  });
});

describe('the text of a compose file', () => {
  it('may have anchors and merge keys', () => {
    expect(read('a: &a { x: 1 }\nb: { <<: *a, y: 2 }')).toEqual({ value: { a: { x: 1 }, b: { x: 1, y: 2 } } });
  });

  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let n = 1; n < 9; n++)
    bomb.push(
      `a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(', ')}]`,
    );

  it.each([
    ['a key twice', 'services:\n  core: { privileged: true, privileged: false }'],
    ['a tag', 'services: { core: { ? !!binary cHJpdmlsZWdlZA== : true } }'],
    ['a tag on a value', 'services: !reset { core: {} }'],
    ['a directive', '%YAML 1.1\n---\nservices: {}'],
    ['two documents', 'services: {}\n---\nservices: {}'],
    ['a line break of YAML 1.1 only', '# harmless\u2028services: {}'],
    ['another one', '# harmless\u0085services: {}'],
    ['a carriage return alone', '# harmless\rservices: {}'],
    ['aliases that multiply', bomb.join('\n')],
    ['an alias of nothing', 'services: *a'],
    ['a key that is a list', '? [a]\n: b'],
    ['nesting without end', '['.repeat(100_000)],
    ['too much of it', `# ${'x'.repeat(300_000)}`],
    ['no YAML', 'services: {'],
  ])('is not read with %s', (_what, text) => expect(read(text)).toEqual({ problem: expect.any(String) }));

  it('is not read when it is not UTF-8', () => {
    expect(readComposeYaml(Buffer.from('services: {}', 'utf16le'))).toHaveProperty('problem');
    expect(readComposeYaml(Uint8Array.of(0xff, 0xfe))).toHaveProperty('problem');
  });
});
