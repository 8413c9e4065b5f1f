import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { lstat, opendir, readdir, stat, statfs } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { KeeperOrder, KeeperWord } from './keeper-words.ts';

/**
 * Runs inside the box, as root of its outer namespace: starts the command in the inner one, keeps the way to the door, and watches the disk.
 * It holds a connection to the worker. When that closes, because the worker has gone or wants an end, it ends, and with it everything inside.
 */
const keep = '/.box/keep';
const looksEveryMs = 500;
/** Looked at together. */
const batch = 256;

const control = connect(`${keep}/control`);
control.on('error', () => process.exit(1));
control.on('close', () => process.exit(1));
createInterface({ input: control }).once('line', (line) => void obey(JSON.parse(line) as KeeperOrder));

function say(word: KeeperWord): void {
  control.write(`${JSON.stringify(word)}\n`);
}

async function obey(order: KeeperOrder): Promise<void> {
  if (order.door !== undefined) await relay(order.door);
  const child = spawn('setpriv', commandLine(order), {
    cwd: order.cwd,
    env: order.env,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'pipe'],
  });
  const [, , , ready, go] = child.stdio as unknown as [null, null, null, Socket, Socket];
  ready.once('data', () => {
    // The namespace is there. Its ids are those that belong to nobody, without the outer root's.
    writeFileSync(`/proc/${child.pid}/uid_map`, `0 1 ${order.ids}\n`);
    writeFileSync(`/proc/${child.pid}/gid_map`, `0 1 ${order.ids}\n`);
    say({ kind: 'started' });
    go.end('go\n');
  });
  go.on('error', () => {});
  child.on('error', (error) => leave({ kind: 'ended', problem: error.message }));
  child.on('exit', (code, signal) => leave({ kind: 'ended', ...(code === null ? { signal: signal! } : { code }) }));
  await Promise.all([watchReserves(order), watchUse(order)]);
}

let left = false;
function leave(word: KeeperWord): void {
  if (left) return;
  left = true;
  say(word);
  control.end(() => process.exit(0));
}

/** Into the namespace of the command, which is less urgent than what watches it: an ordinary user of the range makes it, and is its root once the ids are mapped. */
function commandLine(order: KeeperOrder): string[] {
  const limits = Object.entries(order.rlimits).map(([name, value]) => `--${name}=${value}`);
  const become = order.asRoot
    ? []
    : ['--reuid', '1000', '--regid', '1000', '--clear-groups', '--bounding-set=-all', '--inh-caps=-all'];
  return [
    ...['--reuid', '1', '--regid', '1', '--clear-groups', '--', 'prlimit', ...limits, '--', 'nice', '-n', '10'],
    ...['unshare', '--user', '--', 'sh', '-c', 'echo >&3; read -r _ <&4; exec 3>&- 4<&-; exec "$@"', 'box'],
    ...['setpriv', ...become, '--no-new-privs', '--', order.program, ...order.args],
  ];
}

/** The box has no network but its own loopback. What comes to this port goes through a socket to the worker's door. */
function relay({ port, connections }: NonNullable<KeeperOrder['door']>): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (from) => {
    const to = connect({ path: `${keep}/door`, allowHalfOpen: true });
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
    from.on('close', () => to.destroy());
    to.on('close', () => from.destroy());
    from.pipe(to).pipe(from);
  });
  server.maxConnections = connections;
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', done);
  });
}

/** What the machine has left: that tells, too, what cannot be found by any name. */
async function watchReserves({ writable }: KeeperOrder): Promise<void> {
  for (;;) {
    for (const { at, reserve } of writable) {
      const { bavail, bsize, files, ffree } = await statfs(at);
      // The system's own words: it is not known whose fault it is.
      const bound = `no space left on device but what is kept for others, ${reserve.bytes} bytes and ${reserve.entries} files`;
      if (bavail * bsize < reserve.bytes || (files > 0 && ffree < reserve.entries))
        return leave({ kind: 'disk', bound });
    }
    await new Promise((next) => setTimeout(next, looksEveryMs));
  }
}

async function watchUse({ writable, diskBytes, countMs }: KeeperOrder): Promise<void> {
  const late = { kind: 'disk', bound: `more files than can be counted in ${countMs / 1000} s` } as const;
  for (;;) {
    const timer = setTimeout(() => leave(late), countMs);
    const seen = new Set<string>();
    let used = 0;
    for (const { at } of writable) used += await sizeOf(at, seen, diskBytes - used);
    if (writable.length > 0) used += await sizeOfNameless(seen);
    clearTimeout(timer);
    if (used > diskBytes) return leave({ kind: 'disk', bound: `more than ${diskBytes} bytes on the disk` });
    await new Promise((next) => setTimeout(next, looksEveryMs));
  }
}

/** Of everything beneath. Stops counting beyond `enough`. */
async function sizeOf(root: string, seen: Set<string>, enough: number): Promise<number> {
  const least = leastOf(await statfs(root));
  const directories = [root];
  let bytes = 0;
  const count = async (path: string) => {
    const found = await lstat(path).catch((error: NodeJS.ErrnoException) => error.code);
    // Whoever digs deeper than a path can be long wants not to be seen.
    if (found === 'ENAMETOOLONG') bytes += enough + 1;
    if (found === undefined || typeof found === 'string') return;
    if (found.isDirectory()) directories.push(path);
    const isCounted = found.nlink > 1 && !found.isDirectory() && known(seen, `${found.dev}:${found.ino}`);
    bytes += Math.max(isCounted ? 0 : found.blocks * 512, least);
  };
  for (let next = directories.pop(); next !== undefined && bytes <= enough; next = directories.pop()) {
    const names = await opendir(next, { bufferSize: batch }).catch(() => undefined);
    if (names === undefined) continue;
    let some: Promise<void>[] = [];
    for await (const { name } of names) {
      some.push(count(join(next, name)));
      if (some.length < batch) continue;
      await Promise.all(some);
      some = [];
      if (bytes > enough) break;
    }
    await Promise.all(some);
  }
  return bytes;
}

/**
 * What a name costs, however little is in it, and also if it is one more of the same file: its part of the disk, which can have so many
 * and no more.
 */
function leastOf({ blocks, bsize, files }: { blocks: number; bsize: number; files: number }): number {
  const part = files > 0 ? (blocks * bsize) / files : 0; // some count no files
  return Math.min(Math.max(part, 4_096), 16_384);
}

/** Files that somebody still has open, and nobody could find by name. */
async function sizeOfNameless(seen: Set<string>): Promise<number> {
  let bytes = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const found = await stat(`/proc/${pid}/fd/${fd}`).catch(() => undefined);
      if (found?.isFile() && found.nlink === 0 && !known(seen, `${found.dev}:${found.ino}`))
        bytes += found.blocks * 512;
    }
  }
  return bytes;
}

function known(seen: Set<string>, id: string): boolean {
  if (seen.has(id)) return true;
  seen.add(id);
  return false;
}
