import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { makeRunnable } from '../../activities/tests/compose-resolved.ts';

let outside: string;
let root: string;
beforeEach(async () => {
  outside = await realpath(await mkdtemp(join(tmpdir(), 'slipway-resolved-')));
  root = join(outside, 'checkout');
  await mkdir(join(root, 'src'), { recursive: true });
  await writeFile(join(root, 'settings.conf'), '');
  await writeFile(join(outside, 'secret'), '');
});
afterEach(() => rm(outside, { recursive: true }));

const own = `registry.test/core@sha256:${'1'.repeat(64)}`;

async function runnable(text: string) {
  const images = { own: [own], allowed: ['core', 'ghcr.io/example/*'] };
  const made = await makeRunnable(Buffer.from(text.replaceAll('ROOT', root)), { root, images });
  return { ...made, text: made.textWith(new Map([...made.images.keys()].map((name) => [name, `made:${name}`]))) };
}
const mounting = (...volumes: string[]) =>
  runnable(
    `services:\n  tests:\n    image: core\n    volumes:\n${volumes.map((volume) => `      - ${volume}\n`).join('')}`,
  );
const mountsOf = ({ text }: { text: string }) =>
  (parse(text) as { services: { tests: { volumes: unknown[] } } }).services.tests.volumes;
const refused = (why: RegExp) => ({
  details: expect.objectContaining({ code: 'SLIP-TEST-3' }),
  message: expect.stringMatching(why),
});

describe('what Compose makes of a compose file', () => {
  it.each(["['5432:5432']", "[{ mode: ingress, target: 80, published: '8080', protocol: tcp }]"])(
    "publishes no ports, which are the daemon's and all tests share: %s",
    async (ports) => {
      const { text } = await runnable(`services: { tests: { image: core, ports: ${ports}, expose: ['80'] } }`);
      expect(parse(text)).toEqual({ services: { tests: { image: 'made:tests', expose: ['80'] } } });
    },
  );

  it.each([
    ['by version 1', 'ROOT/src:/src:rw'],
    ['by version 1, without a mode', 'ROOT/src:/src'],
    ['by version 2', '{ type: bind, source: ROOT/src, target: /src, bind: { create_host_path: true } }'],
    ['with modes of its own', '{ type: bind, source: ROOT/src, target: /src, bind: { propagation: rshared } }'],
    ['by another way to it', 'ROOT/../checkout/./src:/src:z'],
  ])('has a volume in place of a directory that is mounted: %s', async (_how, volume) => {
    const made = await mounting(volume);
    const name = 'of-the-checkout-1';
    expect(mountsOf(made)).toEqual([{ type: 'volume', source: name, target: '/src', volume: { nocopy: true } }]);
    expect((parse(made.text) as { volumes: object }).volumes).toEqual({ [name]: {} });
    const mounts = [{ service: 'tests', target: '/src' }];
    expect(made.directories).toEqual([{ volume: name, source: join(root, 'src'), there: true, mounts }]);
  });

  it.each([
    'ROOT/settings.conf:/x',
    'ROOT/settings.conf:/x:rw',
    '{ type: bind, source: ROOT/settings.conf, target: /x }',
  ])('mounts a file to be read only: %s', async (volume) => {
    const source = join(root, 'settings.conf');
    expect(mountsOf(await mounting(volume))).toEqual([{ type: 'bind', source, target: '/x', read_only: true }]);
  });

  it('has one volume for one directory, however it is named, and says who may only read', async () => {
    await symlink('src', join(root, 'link'));
    const made = await mounting(
      'ROOT/src:/a',
      'ROOT/link:/b:ro',
      '{ type: bind, source: ROOT/src, target: /c, read_only: true }',
    );
    expect(mountsOf(made)).toMatchObject([
      { target: '/a' },
      { target: '/b', read_only: true },
      { target: '/c', read_only: true },
    ]);
    expect(made.directories).toHaveLength(1);
  });

  it('has an empty volume where nothing is yet', async () => {
    const { directories } = await mounting('ROOT/not-yet/reports:/reports');
    expect(directories).toMatchObject([{ source: join(root, 'not-yet/reports'), there: false }]);
  });

  it('keeps every other mount as it is', async () => {
    const others = [
      'data:/data:rw',
      '/anonymous',
      '{ type: tmpfs, target: /t }',
      '{ type: volume, source: data, target: /d }',
    ];
    expect(mountsOf(await mounting(...others))).toEqual(others.map((one) => parse(one) as unknown));
  });

  it('keeps every value as Compose wrote it, also those that YAML 1.1 and 1.2 read differently', async () => {
    const values = ['1e3', '0o17', '"yes"', 'yes', "'12:30'", '12:30', '~', "'null'", 'a$$b', '1.10', '0777'];
    const { text } = await runnable(
      `services: { tests: { image: core, environment: { ${values.map((value, n) => `V${n}: ${value}`).join(', ')} } } }`,
    );
    values.forEach((value, n) => expect(text).toMatch(new RegExp(`V${n}: ${value.replaceAll('$', '\\$')}[ ,\n]`)));
  });

  it('may hold aliases where nothing is changed', async () => {
    const { text } = await runnable(
      'services: { tests: { image: core, command: &id001 [a] }, other: { image: core, command: *id001 } }',
    );
    expect(parse(text)).toMatchObject({ services: { tests: { command: ['a'] }, other: { command: ['a'] } } });
  });

  it.each([
    'services: { tests: { volumes: &id001 ["ROOT/src:/src"] }, other: {} }',
    'services: { tests: { volumes: ["ROOT/src:/src"] }, other: { volumes: *id001 } }\nx-a: &id001 []',
    'x-a: &id001 ROOT/src:/src\nservices: { tests: { volumes: [*id001] } }',
    'x-a: &id001 /etc\nservices: { tests: { volumes: [{ type: bind, source: *id001, target: /x }] } }',
    'x-a: &id001 { volumes: ["/etc:/x"] }\nservices: { tests: *id001 }',
    'x-a: &id001 { tests: { volumes: ["/etc:/x"] } }\nservices: *id001',
    'services: { tests: { volumes: /etc:/x } }',
    'services: [tests]',
  ])('is refused when what is mounted is written elsewhere, or in no known form: %s', async (text) => {
    await expect(runnable(text)).rejects.toMatchObject({ details: { code: 'SLIP-TEST-3' } });
  });

  it.each([
    ['outside of the checkout', 'ROOT/../secret:/x', /leaves the checkout/],
    ['of the machine', '/etc:/x:ro', /leaves the checkout/],
    ['relative to whatever', '../x:/x', /leaves the checkout/],
    ['by a link', 'ROOT/out:/x', /leaves the checkout/],
    ['below a link', 'ROOT/out/not-yet:/x', /leaves the checkout/],
    ['that is a link to nothing', 'ROOT/nothing:/x', /neither a directory nor a file/],
  ])('is refused when it mounts something %s', async (_what, volume, why) => {
    await symlink('..', join(root, 'out'));
    await symlink('none', join(root, 'nothing'));
    await expect(mounting(volume)).rejects.toMatchObject(refused(why));
  });

  it('is refused when it mounts more directories than anybody needs', async () => {
    const many = Array.from({ length: 21 }, (_, n) => `ROOT/${n}:/x${n}`);
    await expect(mounting(...many)).rejects.toMatchObject(refused(/more than 20 directories/));
  });

  const services = (count: number, more: string) =>
    `services: { ${Array.from({ length: count }, (_, n) => `s${n}: { image: core, ${more} }`).join(', ')} }`;
  const named = (kind: string, count: number) =>
    `services: { tests: { image: core } }\n${kind}: { ${Array.from({ length: count }, (_, n) => `n${n}: {}`).join(', ')} }`;
  it.each([
    ['containers', services(61, ''), 61],
    ['containers', services(4, 'scale: 20'), 80],
    ['containers', services(4, 'deploy: { replicas: 20 }'), 80],
    ['networks', named('networks', 9), 9],
    ['volumes', named('volumes', 101), 101],
    ['volumes', services(6, 'scale: 9, volumes: [/a, /b]'), 108],
  ])('is refused when it makes more %s on the daemon, in all, than tests need: %#', async (kind, text, count) => {
    await expect(runnable(text)).rejects.toMatchObject(refused(new RegExp(`makes ${count} ${kind}: at most`)));
  });

  it('may make as many containers, networks and volumes as that, and those that Compose does not make count for nothing', async () => {
    await runnable(services(60, ''));
    await runnable(named('networks', 8));
    // Each of them has a name, which all of them share.
    await runnable(`volumes: { data: {} }\n${services(51, 'volumes: ["data:/data", { type: tmpfs, target: /tmp }]')}`);
    await runnable(named('volumes', 100));
    await runnable(services(200, 'scale: 0'));
    await runnable(services(200, 'profiles: [debug]'));
  });

  const label = 'com.docker.compose.project';
  it.each([
    `services: { tests: { labels: { ${label}: other } } }`,
    `services: { tests: { labels: ['${label}=other'] } }`,
    `services: { tests: {} }\nvolumes: { data: { labels: { ${label}: other } } }`,
    `services: { tests: {} }\nnetworks: { default: { labels: ['${label}=other'] } }`,
  ])('is refused with a label by which another project would be known: %s', async (text) => {
    await expect(runnable(text)).rejects.toMatchObject(refused(/labels has one of Compose's own/));
  });

  it('is refused when it cannot be told what it says', async () => {
    await expect(runnable('services: { tests: !!binary eA== }')).rejects.toMatchObject(refused(/has the tag/));
  });
});

describe('a compose file', () => {
  it('that is nested deeper than anybody writes is refused', async () => {
    await expect(
      runnable(`services: { tests: { command: ${'['.repeat(300)}${']'.repeat(300)} } }`),
    ).rejects.toMatchObject(refused(/nested too deeply/));
  });
});

describe('the images of what Compose has resolved', () => {
  beforeEach(() => writeFile(join(root, 'Dockerfile'), 'FROM core\n'));

  const imagesOf = async (text: string) => [...(await runnable(text)).images.values()];

  it('are in the hands of the engine: Compose gets names alone', async () => {
    const { text } = await runnable(
      'services: { tests: { build: ROOT, pull_policy: build }, other: { image: core, pull_policy: always } }',
    );
    expect(parse(text)).toEqual({ services: { tests: { image: 'made:tests' }, other: { image: 'made:other' } } });
  });

  it.each([
    ['core', 'docker.io/library/core:latest'],
    ['ghcr.io/example/tool:2', 'ghcr.io/example/tool:2'],
    [own, own],
    [own.replace('@', ':v1@'), own],
  ])('are told in full form: %s', async (image, reference) => {
    expect(await imagesOf(`services: { tests: { image: "${image}" } }`)).toEqual([{ reference, platform: undefined }]);
  });

  it.each([
    ['another', 'redis:7', /`redis` to `testImages`/],
    ['another version of the release’s own', 'registry.test/core:build-cache', /`registry.test\/core` to `testImages`/],
    ['one by its id', `sha256:${'1'.repeat(64)}`, /testImages|not the name of an image/],
    ['what is no name', '--platform=x', /not the name of an image/],
  ])('are refused when a service runs %s', async (_which, image, why) => {
    await expect(runnable(`services: { tests: { image: "${image}" } }`)).rejects.toMatchObject(refused(why));
  });

  it.each([
    ['without an image', '{ command: [a] }', /neither `image` nor `build`/],
    ['with an image that is named elsewhere', '{ image: &id001 core }', /not written as Compose writes it/],
    ['with a platform that is an option', '{ image: core, platform: --all }', /not a platform/],
  ])('are refused for a service %s', async (_how, service, why) => {
    await expect(runnable(`services: { tests: ${service} }`)).rejects.toMatchObject(refused(why));
  });

  it('are refused when more are built than anybody needs', async () => {
    const many = Array.from({ length: 21 }, (_, n) => `s${n}: { build: ROOT }`).join(', ');
    await expect(runnable(`services: { ${many} }`)).rejects.toMatchObject(refused(/more than 20 services are built/));
  });
});

describe('what tests build', () => {
  beforeEach(() => writeFile(join(root, 'Dockerfile'), 'ARG BASE=core\nFROM ${BASE}\n'));

  const building = async (build: string) => {
    const [image] = (await runnable(`services:\n  tests:\n    build: ${build}\n`)).images.values();
    if (image === undefined || !('build' in image)) throw new Error('nothing is built');
    return image;
  };

  it.each<[string, string, string[]]>([
    ['by a path alone', 'ROOT', []],
    ['without arguments', '{ context: ROOT }', []],
    [
      'with arguments by name',
      '{ context: ROOT, args: { NODE: 1.10, EMPTY: "", NONE: null } }',
      ['EMPTY=', 'NODE=1.10'],
    ],
    ['with a list of arguments', '{ context: ROOT, args: ["NODE=24=x", NONE] }', ['NODE=24=x']],
    ['with a dollar, as Compose writes it', '{ context: ROOT, args: { A: "a$$$$b$$" } }', ['A=a$$b$']],
    ['that is pulled anyway', '{ context: ROOT, pull: "true", labels: [a=b] }', ['a=b']],
  ])('is told to the builder as one list of words: %s', async (_how, build, words) => {
    const { build: checked } = await building(build);
    expect(checked.context).toBe(root);
    expect(checked.arguments.filter((word) => !word.startsWith('--'))).toEqual(words);
  });

  it('may have its Dockerfile beside its context, and a stage of its own', async () => {
    await writeFile(join(root, 'Other'), 'FROM core AS one\n');
    const build = await building('{ context: ROOT/src, dockerfile: ../Other, target: one }');
    expect([build.build.context, build.target, build.dockerfile.images]).toEqual([
      join(root, 'src'),
      'one',
      ['docker.io/library/core:latest'],
    ]);
  });

  it('is built on what its arguments say', async () => {
    const { dockerfile } = await building(`{ context: ROOT, args: { BASE: "${own}" } }`);
    expect(dockerfile.images).toEqual([own]);
    await expect(
      building('{ context: ROOT, args: { BASE: "registry.test/other:build-cache" } }'),
    ).rejects.toMatchObject(
      refused(/the Dockerfile of services\.tests\.build: .*`registry\.test\/other` to `testImages`/),
    );
  });

  it.each([
    'FROM registry.test/payments/api:build-cache',
    'FROM core AS a\nFROM registry.test/payments/api:build-cache',
    'FROM core\nCOPY --from=registry.test/payments/api:build-cache / /x',
    'FROM core\nRUN --mount=type=bind,FROM=registry.test/payments/api:build-cache,target=/x cp -r /x /y',
    'FROM core\nCOPY --from=later / /x\nFROM core AS later',
  ])('is refused when it takes something from an image that the policy does not name: %j', async (text) => {
    await writeFile(join(root, 'Dockerfile'), text);
    await expect(building('ROOT')).rejects.toMatchObject(refused(/testImages/));
  });

  it('is refused when it cannot be told what it takes', async () => {
    await writeFile(join(root, 'Dockerfile'), 'ARG BASE\nFROM $BASE\n');
    await expect(building('ROOT')).rejects.toMatchObject(
      refused(/cannot be told what `FROM \$BASE` stands for: give the ARG before it a default, or a value in `args`/),
    );
    await writeFile(join(root, 'Dockerfile'), Buffer.from([0x46, 0xff]));
    await expect(building('ROOT')).rejects.toMatchObject(refused(/is not UTF-8/));
  });

  it.each([
    '{ BUILDKIT_CACHE_MOUNT_NS: 0123456789abcdef }',
    '[BUILDKIT_SYNTAX=evil/frontend]',
    '{ http_proxy: http://evil.test }',
    '[ALL_PROXY=http://evil.test]',
    '[buildkit_cache_mount_ns=x]',
    '{ "-x": y }',
  ])('says nothing to the builder itself: %s', async (args) => {
    await expect(building(`{ context: ROOT, args: ${args} }`)).rejects.toMatchObject(
      refused(/services\.tests\.build: .*(tells the builder|is not a name)/),
    );
  });

  it.each([
    ['outside of the checkout', '{ context: ROOT/.. }', /is not a directory inside the checkout/],
    ['by a Dockerfile outside', '{ context: ROOT, dockerfile: ../secret }', /is not a file inside the checkout/],
    ['by a stage that is an option', '{ context: ROOT, target: --all }', /target is not the name of a stage/],
    ['with a variable', '{ context: ROOT, args: { A: "a$b" } }', /holds a variable/],
    ['with what is no text', '{ context: ROOT, args: { A: [b] } }', /holds what is no text/],
    ['with words from elsewhere', '{ context: ROOT, args: &id001 { A: b } }', /not written as Compose writes it/],
    ...'additional_contexts cache_from cache_to dockerfile_inline entitlements extra_hosts isolation network no_cache'
      .split(' ')
      .concat('platforms privileged provenance sbom secrets shm_size ssh tags ulimits something_new'.split(' '))
      .map((key): [string, string, RegExp] => [
        `with ${key}`,
        `{ context: ROOT, ${key}: "1" }`,
        new RegExp(`build\\.${key} is not allowed`),
      ]),
  ])('is refused %s', async (_how, build, why) => {
    await expect(building(build)).rejects.toMatchObject(refused(why));
  });
});
