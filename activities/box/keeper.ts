import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
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
  await watchDisk(order);
}

function leave(word: KeeperWord): void {
  say(word);
  control.end(() => process.exit(0));
}

/** Into the namespace of the command: an ordinary user of the range makes it, and is its root once the ids are mapped. */
function commandLine(order: KeeperOrder): string[] {
  const limits = Object.entries(order.rlimits).map(([name, value]) => `--${name}=${value}`);
  const become = order.asRoot
    ? []
    : ['--reuid', '1000', '--regid', '1000', '--clear-groups', '--bounding-set=-all', '--inh-caps=-all'];
  return [
    ...['--reuid', '1', '--regid', '1', '--clear-groups', '--', 'prlimit', ...limits, '--'],
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

async function watchDisk({ writable, diskBytes }: KeeperOrder): Promise<void> {
  for (;;) {
    const seen = new Set<string>();
    let used = 0;
    for (const path of writable) used += await sizeOf(path, seen, diskBytes);
    if (writable.length > 0) used += await sizeOfNameless(seen);
    if (used > diskBytes) return leave({ kind: 'disk' });
    await new Promise((next) => setTimeout(next, looksEveryMs));
  }
}

/** As it lies on the disk; a file with two names counts once. Stops counting beyond `enough`. */
async function sizeOf(path: string, seen: Set<string>, enough: number): Promise<number> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => error.code);
  // Whoever digs deeper than a path can be long wants not to be seen.
  if (found === 'ENAMETOOLONG') return enough + 1;
  if (
    found === undefined ||
    typeof found === 'string' ||
    (found.nlink > 1 && !found.isDirectory() && known(seen, `${found.dev}:${found.ino}`))
  )
    return 0;
  // An entry costs something even when it is empty.
  let bytes = Math.max(found.blocks * 512, 512);
  if (!found.isDirectory()) return bytes;
  for (const name of await readdir(path).catch(() => [])) {
    bytes += await sizeOf(join(path, name), seen, enough - bytes);
    if (bytes > enough) break;
  }
  return bytes;
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
