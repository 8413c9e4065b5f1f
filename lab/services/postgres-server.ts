import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startService } from '../kubernetes/processes.ts';
import type { RunningService } from '../kubernetes/processes.ts';
import type { Account, Binaries } from './postgres-binaries.ts';
import { endServer } from './postgres-owner.ts';
import { startedAgain, untilReady } from './starting.ts';

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

export async function startServer(start: Start): Promise<{ service: RunningService; port: number }> {
  return startedAgain(start.settings.port, async (port) => {
    const service = await startService({
      name: 'PostgreSQL',
      program: start.binaries.postgres,
      args: ['-D', start.data, ...flags(start.settings, port)],
      log: start.logFile,
      account: start.account,
      cwd: start.data,
      env: serverEnvironment,
    });
    try {
      await untilReady({ ...service, logFile: start.logFile }, 'PostgreSQL', () => notReady(service.pid, start.data));
    } catch (error) {
      if (!service.hasLeft()) await endServer(service.pid);
      throw error;
    }
    return { service, port };
  });
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

/** The server writes its state into its lock file; recovery after a crash may take a while. */
async function notReady(pid: number, data: string): Promise<string | undefined> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const state = lines[7]?.trim() ?? 'no state yet';
  return lines[0] === String(pid) && state === 'ready' ? undefined : state;
}
