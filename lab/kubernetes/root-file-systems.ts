import { createReadStream, createWriteStream } from 'node:fs';
import { access, copyFile, mkdir, mkdtemp, readdir, rename, rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { cacheDirectory, withLock } from './cache.ts';
import { run } from './command.ts';
import type { Progress } from './command.ts';
import { ensurePrograms } from './packages.ts';

/**
 * A root file system with Debian's static busybox and a link for each of its applets: 1 MB, and the only layer of every small image.
 * It says what it is made of as every Debian does, so that a scanner has something to look at.
 */
export function ensureBusyboxRoot(progress: Progress): Promise<string> {
  return cached('busybox-2.tar.gz', progress, async (work, target) => {
    progress('busybox: making its root file system from the package busybox-static');
    // taken out of the package, not installed: the package would replace the machine's own busybox
    const download = ['-o', 'APT::Sandbox::User=root', 'download', 'busybox-static'];
    await run('apt-get', download, { cwd: work }).catch(async () => {
      await run('apt-get', ['update']);
      await run('apt-get', download, { cwd: work });
    });
    const archive = join(work, (await readdir(work)).find((name) => name.endsWith('.deb')) ?? '');
    await run('dpkg-deb', ['-x', archive, join(work, 'package')]);
    const root = join(work, 'root');
    for (const folder of ['bin', 'etc', 'tmp', 'www', 'var/lib/dpkg'])
      await mkdir(join(root, folder), { recursive: true });
    await rename(join(work, 'package', 'bin', 'busybox'), join(root, 'bin', 'busybox'));
    const applets = (await run(join(root, 'bin', 'busybox'), ['--list'])).stdout
      .split('\n')
      .filter((name) => name && name !== 'busybox');
    for (const applet of applets) await symlink('busybox', join(root, 'bin', applet));
    await writeFile(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/:/bin/sh\nshop:x:1000:1000:shop:/:/bin/sh\n');
    await writeFile(join(root, 'etc', 'group'), 'root:x:0:\nshop:x:1000:\n');
    const [name = '', ...fields] = (await run('dpkg-deb', ['--field', archive])).stdout.trim().split('\n');
    const installed = [name, 'Status: install ok installed', ...fields, '', ''].join('\n');
    await writeFile(join(root, 'var', 'lib', 'dpkg', 'status'), installed);
    await copyFile('/etc/os-release', join(root, 'etc', 'os-release')); // the package comes from this very distribution
    await run('tar', [
      '--create',
      '--file',
      join(work, 'root.tar'),
      '--directory',
      root,
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '--sort=name',
      '--mtime=@0',
      '.',
    ]);
    await gzip(join(work, 'root.tar'), target);
  });
}

/** Files that no container of the lab needs: they would be copied for each build, pull and unpacking. Scripts are compiled when they are installed, so those stay. */
const leavesOut = [
  'path-exclude=/usr/share/doc/*',
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/locale/*',
  'path-exclude=/usr/lib/*-linux-gnu/gconv/*',
  'path-exclude=/usr/share/zoneinfo/right/*',
  'path-exclude=/usr/lib/python3/dist-packages/django/*/LC_MESSAGES/*',
  'path-include=/usr/lib/python3/dist-packages/django/conf/locale/en/LC_MESSAGES/*',
];

/** A root file system with Debian's Python, Django 3.2 and its PostgreSQL driver, from the machine's own Debian source (about a minute, 172 MB). */
export function ensureDjangoRoot(progress: Progress): Promise<string> {
  return cached('python-django-bookworm-2.tar.gz', progress, async (work, target) => {
    await ensurePrograms(['mmdebstrap'], progress);
    const space = await statfs(work);
    if (space.bavail * space.bsize < 1.5e9) throw new Error(`the Django base needs 1.5 GB of free disk under ${work}`);
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / 1000);
    progress('python-django: making its root file system from Debian packages');
    const ticking = setInterval(() => progress(`python-django: still at it, ${seconds()} s`), 20_000);
    try {
      const packages = '--include=python3-django,python3-psycopg2';
      const lean = leavesOut.map((option) => `--dpkgopt=${option}`);
      const base = join(work, 'base.tar');
      await run('mmdebstrap', ['--variant=minbase', '--mode=root', ...lean, packages, 'bookworm', base], {
        background: true,
        env: { TMPDIR: work },
      });
      await gzip(base, target);
    } finally {
      clearInterval(ticking);
    }
    progress(`python-django: made in ${seconds()} s`);
  });
}

/** Makes a file once: written under another name and renamed, so that an interrupted attempt leaves nothing half-made. */
export async function cached(
  name: string,
  progress: Progress,
  make: (work: string, target: string) => Promise<void>,
): Promise<string> {
  const folder = join(cacheDirectory(), 'images');
  const path = join(folder, name);
  const present = () =>
    access(path).then(
      () => true,
      () => false,
    );
  if (await present()) return path;
  await withLock(`${path}.lock`, progress, async () => {
    if (await present()) return;
    for (const left of await readdir(folder))
      if (left.startsWith(`.making-${name}`)) await rm(join(folder, left), { recursive: true, force: true });
    const work = await mkdtemp(join(folder, `.making-${name}-`));
    try {
      await make(work, join(work, 'layer.tar.gz'));
      await rename(join(work, 'layer.tar.gz'), path);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  return path;
}

async function gzip(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createGzip({ level: 1 }), createWriteStream(to)); // level 1: pushed and pulled over loopback only
}
