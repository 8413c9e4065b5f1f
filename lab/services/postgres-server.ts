import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account, Binaries } from './postgres-binaries.ts';
import { freePort } from './processes.ts';

/** What depends on the outside only: programs find nothing of the owner's environment, and speak one language. */
export const serverEnvironment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export interface ServerSettings {
  /** A free one when none is given. */
  port?: number;
  /** Addresses to listen on; 127.0.0.1 alone by default. */
  listen?: string[];
  /** False gives up safety against a crash of the machine for speed: for tests. True by default. */
  durable?: boolean;
}

export interface Start {
  data: string;
  binaries: Binaries;
  account: Account;
  logFile: string;
  settings: ServerSettings;
}

/** A free port may be taken by somebody else before the server has it, so a port of our own choice is chosen again. */
export async function startServer(start: Start): Promise<{ server: ChildProcess; port: number }> {
  for (let tries = 1; ; tries += 1) {
    const port = start.settings.port ?? (await freePort());
    const logged = await stat(start.logFile).then(
      ({ size }) => size,
      () => 0,
    );
    const server = await launch(start, port);
    const ready = await becomesReady(server, start.data);
    if (ready) return { server, port };
    const said = (await readFile(start.logFile)).subarray(logged).toString().trim().split('\n').slice(-6).join('\n');
    if (start.settings.port !== undefined || tries === 3 || !said.includes('Address already in use')) {
      throw new Error(`PostgreSQL did not start on port ${port}; its last words (${start.logFile}):\n${said}`);
    }
  }
}

async function launch({ data, binaries, account, logFile, settings }: Start, port: number): Promise<ChildProcess> {
  // The server writes to the file itself: a pipe would break with its owner.
  const log = await open(logFile, 'a', 0o600);
  try {
    const server = spawn(binaries.postgres, ['-D', data, ...flags(settings, port)], {
      ...account,
      cwd: data,
      env: serverEnvironment,
      stdio: ['ignore', log.fd, log.fd],
      detached: true, // Ctrl-C is for the owner, who still needs the database while it ends
    });
    await once(server, 'spawn');
    server.unref();
    return server;
  } finally {
    await log.close();
  }
}

function flags(settings: ServerSettings, port: number): string[] {
  const unsafe = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const chosen: Record<string, string> = {
    port: String(port),
    listen_addresses: (settings.listen ?? ['127.0.0.1']).join(','),
    unix_socket_directories: '',
    log_statement: 'mod',
    log_line_prefix: '%m [%p] %u@%d %a ',
    log_parameter_max_length: '1024', // documents are large
    log_timezone: 'UTC',
    timezone: 'UTC',
    io_method: 'sync', // saves three processes
    ...(settings.durable === false ? unsafe : {}),
  };
  return Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The server writes its state into its lock file; recovery after a crash may take a while. False when it left instead. */
async function becomesReady(server: ChildProcess, data: string): Promise<boolean> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(20)) {
    if (server.exitCode !== null || server.signalCode !== null) return false;
    const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (lines[0] === String(server.pid) && lines[7]?.trim() === 'ready') return true;
  }
  server.kill('SIGQUIT');
  return false;
}
