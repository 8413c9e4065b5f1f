import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory, withLock } from '../kubernetes/cache.ts';
import { findProgram, run } from '../kubernetes/command.ts';
import type { Progress } from '../kubernetes/command.ts';

/**
 * A program out of a Debian package, unpacked into the cache instead of installed: that needs no root, and starts no service
 * on this machine. Undefined where there is no apt; throws when the package cannot be had or does not hold the program.
 */
export async function programFromPackage(
  wanted: { package: string; /** Inside the package: `usr/bin/registry`. */ path: string },
  progress: Progress,
): Promise<string | undefined> {
  const directory = join(cacheDirectory(), 'debian', wanted.package);
  const program = join(directory, wanted.path);
  if (await exists(program)) return program;
  if (!(await findProgram('apt-get')) || !(await findProgram('dpkg-deb'))) return undefined;
  await withLock(`${directory}.lock`, progress, async () => {
    if (await exists(program)) return;
    progress(`${wanted.package}: taking it out of its Debian package, once, into the cache`);
    await mkdir(join(directory, '..'), { recursive: true });
    const work = await mkdtemp(`${directory}.new-`);
    try {
      await run('dpkg-deb', ['--extract', await download(wanted.package, work), join(work, 'root')]);
      await rm(directory, { recursive: true, force: true });
      await rename(join(work, 'root'), directory);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  return program;
}

/** With package lists of our own where the machine's are absent or old: those belong to root. Answers the archive's path. */
async function download(name: string, work: string): Promise<string> {
  const plain = ['-o', 'APT::Sandbox::User=root'];
  try {
    await run('apt-get', [...plain, 'download', name], { cwd: work });
  } catch {
    const lists = join(work, 'lists');
    await mkdir(join(lists, 'partial'), { recursive: true });
    const own = [...plain, '-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${join(work, 'cache')}`];
    await run('apt-get', [...own, 'update'], { cwd: work });
    await run('apt-get', [...own, 'download', name], { cwd: work });
  }
  const archive = (await readdir(work)).find((file) => file.endsWith('.deb'));
  if (!archive) throw new Error(`apt-get downloaded no package ${name}`);
  return join(work, archive);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
