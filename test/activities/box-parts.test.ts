import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createCgroup } from '../../activities/box/cgroup.ts';
import { createNamespacesBox } from '../../activities/box/namespaces-box.ts';
import { isOutside } from '../../activities/box/outside-address.ts';
import { findUserRange } from '../../activities/box/user-range.ts';
import { namesOf } from '../../activities/images/base-images.ts';
import { aProgress } from '../support/progress.ts';

describe('the ids of a box', () => {
  const files = (texts: Record<string, string>) => async (path: string) => {
    if (!(path in texts)) throw new Error('ENOENT');
    return texts[path]!;
  };
  const root = { uid: 0, name: 'root' };
  const slipway = { uid: 1001, name: 'slipway' };
  const whole = '         0          0 4294967295\n';

  it('are those that the machine gave to the worker’s user', async () => {
    const text = 'other:100000:65536\nslipway:231072:65536\n';
    expect(await findUserRange(files({ '/etc/subuid': text, '/etc/subgid': text }), slipway)).toEqual({
      base: 231072,
      count: 65536,
      mapper: 'newuidmap',
    });
  });

  it('are far from everybody’s for root, who needs nobody’s permission', async () => {
    expect(await findUserRange(files({ '/proc/self/uid_map': whole }), root)).toEqual({
      base: 1_900_000_000,
      count: 65536,
      mapper: 'itself',
    });
  });

  it.each([
    ['a user without any', {}, slipway],
    ['a user with too few', { '/etc/subuid': 'slipway:1:1000', '/etc/subgid': 'slipway:1:1000' }, slipway],
    ['a user with others for groups', { '/etc/subuid': 'slipway:1:65536', '/etc/subgid': 'slipway:2:65536' }, slipway],
    ['root of a container that has few', { '/proc/self/uid_map': '0 100000 65536' }, root],
  ])('are none for %s, and it is said', async (_who, texts, who) => {
    expect(await findUserRange(files(texts), who)).toMatch(/no range of 65536 subordinate ids/);
  });
});

describe('an address outside', () => {
  it.each(['93.184.216.34', '2606:2800:220:1::1', '8.8.8.8'])('is %s', (address) =>
    expect(isOutside(address)).toBe(true),
  );

  const own = Object.values(networkInterfaces()).flatMap((all) => all!.map(({ address }) => address));
  it.each([
    ...[
      '127.0.0.1',
      '10.0.0.1',
      '172.31.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.100.100.200',
      '0.0.0.0',
      '::1',
      '::',
      'fe80::1',
      'fc00::1',
    ],
    ...[
      '::ffff:127.0.0.1',
      '::ffff:a9fe:a9fe',
      '::7f00:1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '224.0.0.1',
      '255.255.255.255',
      '240.0.0.1',
      'ff02::1',
    ],
    ...['198.18.0.1', '192.0.0.192', 'fec0::1', '2001::1', 'a.name', '', '127.1', ...own],
  ])('is not %s', (address) => expect(isOutside(address)).toBe(false));
});

describe('the names of a base image in the builder’s store', () => {
  it.each([
    ['docker.io/library/node:24', ['docker.io/library/node:24', 'localhost/library/node:24', 'localhost/node:24']],
    ['docker.io/acme/app:1', ['docker.io/acme/app:1', 'localhost/acme/app:1']],
    ['ghcr.io/acme/app:1', ['ghcr.io/acme/app:1']],
    ['127.0.0.1:5000/app@sha256:ab', ['127.0.0.1:5000/app:pinned']],
  ])('of %s', (reference, names) => expect(namesOf(reference)).toEqual(names));
});

describe('the bounds of a box by cgroup', () => {
  const limits = { timeoutMs: 1, memoryBytes: 1_000_000, processes: 12, cpus: 1.5, diskBytes: 1 };
  let tree: string;
  beforeEach(async () => void (tree = await mkdtemp(join(tmpdir(), 'slipway-cgroups-'))));
  afterEach(() => rm(tree, { recursive: true, force: true }));
  const files = async (...paths: string[]) => {
    for (const path of paths) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), '');
    }
  };
  const text = (path: string) => readFile(join(tree, path), 'utf8');

  it('are asked of the cgroup above where the worker’s own has the worker in it', async () => {
    // A plain file system makes no files of its own in a new directory: the controllers are missing, and that is what is said.
    await files(
      'service/worker/cgroup.procs',
      'service/cgroup.subtree_control',
      'service/worker/cgroup.subtree_control',
    );
    const place = { self: '0::/service/worker\n', mounts: `30 20 0:26 / ${tree} rw - cgroup2 cgroup2 rw\n` };
    const cgroup = await createCgroup('box', limits, place);
    expect(await text('service/cgroup.subtree_control')).toMatch(/\+(memory|pids|cpu)/);
    expect(cgroup.missing).toEqual([
      'memory of all processes together',
      'number of processes by cgroup',
      'share of the CPU',
    ]);
  });

  it('are all missing where there is no cgroup to write to, and that is said', async () => {
    const cgroup = await createCgroup('box', limits, { self: '', mounts: '' });
    expect(cgroup.procs).toEqual([]);
    expect(cgroup.missing).toHaveLength(3);
    await cgroup.remove();
  });
});

describe('a box', () => {
  const limits = { timeoutMs: 1_000, memoryBytes: 1e8, processes: 8, cpus: 1, diskBytes: 1e6 };
  it.each([
    '/etc',
    '/etc/ssl',
    '/etc/ssl/certs',
    '/etc/passwd',
    '/etc/ld.so.conf.d/x',
    '/etc/resolv.conf',
    '/usr/x',
    '/proc',
    '/.box',
    '/a/../etc',
    'relative',
    '/a b',
    '/',
    '/lib64/x',
  ])('is given no directory at %s', async (at) => {
    const command = {
      program: 'true',
      args: [],
      directories: [{ from: '/tmp', at }],
      network: 'none' as const,
      limits,
    };
    await expect(createNamespacesBox().run(command, aProgress())).rejects.toThrow(`cannot be at ${at}`);
  });
});
