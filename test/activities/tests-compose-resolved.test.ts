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

const runnable = (text: string) => makeRunnable(Buffer.from(text.replaceAll('ROOT', root)), root);
const mounting = (...volumes: string[]) =>
  runnable(`services:\n  tests:\n    volumes:\n${volumes.map((volume) => `      - ${volume}\n`).join('')}`);
const mountsOf = ({ text }: { text: string }) =>
  (parse(text) as { services: { tests: { volumes: unknown[] } } }).services.tests.volumes;
const refused = (why: RegExp) => ({
  details: expect.objectContaining({ code: 'SLIP-TEST-3' }),
  message: expect.stringMatching(why),
});

describe('what Compose makes of a compose file', () => {
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
      `services: { tests: { environment: { ${values.map((value, n) => `V${n}: ${value}`).join(', ')} } } }`,
    );
    values.forEach((value, n) => expect(text).toMatch(new RegExp(`V${n}: ${value.replaceAll('$', '\\$')}[ ,\n]`)));
  });

  it('may hold aliases where nothing is changed', async () => {
    const { text } = await runnable('services: { tests: { command: &id001 [a] }, other: { command: *id001 } }');
    expect(parse(text)).toEqual({ services: { tests: { command: ['a'] }, other: { command: ['a'] } } });
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

interface Built {
  services: { tests: { build: { args: unknown } } };
}

describe('a compose file', () => {
  it('that is nested deeper than anybody writes is refused', async () => {
    await expect(
      runnable(`services: { tests: { command: ${'['.repeat(300)}${']'.repeat(300)} } }`),
    ).rejects.toMatchObject(refused(/nested too deeply/));
  });
});

describe('what tests build', () => {
  const building = (build: string) => runnable(`services:\n  tests:\n    build: ${build}\n`);
  const argumentsOf = ({ text }: { text: string }) => JSON.stringify((parse(text) as Built).services.tests.build.args);

  it.each([
    ['without arguments', '{ context: ROOT }', /^{"BUILDKIT_CACHE_MOUNT_NS":"tests-[0-9a-f]{16}"}$/],
    ['by a path alone', 'ROOT', /^{"BUILDKIT_CACHE_MOUNT_NS":"tests-[0-9a-f]{16}"}$/],
    [
      'with arguments by name',
      '{ context: ROOT, args: { NODE: "1.10" } }',
      /^{"NODE":"1.10","BUILDKIT_CACHE_MOUNT_NS":"tests-[0-9a-f]{16}"}$/,
    ],
    [
      'with a list of arguments',
      '{ context: ROOT, args: ["NODE=24=x", EMPTY] }',
      /^\["NODE=24=x","EMPTY","BUILDKIT_CACHE_MOUNT_NS=tests-[0-9a-f]{16}"\]$/,
    ],
  ])('has caches of its own: %s', async (_how, build, args) => {
    expect(argumentsOf(await building(build))).toMatch(args);
  });

  it.each([
    '{ BUILDKIT_CACHE_MOUNT_NS: 0123456789abcdef }',
    '[BUILDKIT_SYNTAX=evil/frontend]',
    '[buildkit_cache_mount_ns=x]',
  ])('says nothing to the builder itself: %s', async (args) => {
    await expect(building(`{ context: ROOT, args: ${args} }`)).rejects.toMatchObject(refused(/speaks to the builder/));
  });
});
