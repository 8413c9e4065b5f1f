import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import type { Progress } from '../kubernetes/command.ts';
import { claimDirectory } from './postgres-owner.ts';
import { startOwned } from './processes.ts';
import type { OwnedProcess } from './processes.ts';
import { freePort, notListening, startedAgain, untilReady } from './starting.ts';
import { ensureTemporalCli } from './temporal-programs.ts';

export { ensureTemporalTestServer } from './temporal-programs.ts';

export interface TemporalOptions {
  /** Holds the database, the log and the pid file; the same directory again finds the same runs. */
  directory: string;
  /** Free ones when none are given. */
  port?: number;
  uiPort?: number;
  /** False leaves the UI out. */
  ui?: boolean;
  /** Names of Keyword attributes to make in the namespace `default`. */
  searchAttributes?: readonly string[];
  /** Dynamic configuration of the server, beside the lab's own. */
  settings?: Readonly<Record<string, string>>;
  progress: Progress;
}

export interface TemporalServer {
  /** `127.0.0.1:port` */
  address: string;
  uiUrl?: string;
  pid: number;
  /** May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts Temporal's development server with a database file on loopback, and waits until the namespace `default` answers.
 * What a killed owner left running in the directory is ended first. Throws when a living process owns the directory.
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const program = await ensureTemporalCli(options.progress);
  const release = await claimDirectory(directory);
  try {
    const server = await startedAgain(options.port, (port) => launch({ program, directory, port, options }));
    const stop = async () => {
      await server.owned.stop();
      await release();
    };
    options.progress(`Temporal listens on ${server.address}`);
    return {
      address: server.address,
      pid: server.owned.pid,
      stop,
      ...(server.uiPort && { uiUrl: `http://127.0.0.1:${server.uiPort}` }),
    };
  } catch (error) {
    await release();
    throw error;
  }
}

interface Launch {
  program: string;
  directory: string;
  port: number;
  options: TemporalOptions;
}

interface Launched {
  owned: OwnedProcess;
  address: string;
  uiPort?: number;
}

async function launch({ program, directory, port, options }: Launch): Promise<Launched> {
  const uiPort = options.ui === false ? undefined : (options.uiPort ?? (await freePort()));
  const args = serverArguments({ directory, port, uiPort, options });
  const owned = await startOwned({ name: 'temporal', directory, program, args });
  const address = `127.0.0.1:${port}`;
  try {
    // The port is open before the namespace and the search attributes are there.
    await untilReady(owned, 'Temporal', async () => (await notListening(owned.pid, port)) ?? ask(address));
    return { owned, address, ...(uiPort !== undefined && { uiPort }) };
  } catch (error) {
    await owned.stop();
    throw error;
  }
}

function serverArguments({
  directory,
  port,
  uiPort,
  options,
}: Omit<Launch, 'program'> & { uiPort: number | undefined }): string[] {
  const ui = uiPort === undefined ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)];
  const attributes = (options.searchAttributes ?? []).flatMap((name) => ['--search-attribute', `${name}=Keyword`]);
  // As operations asks of a real server: services share a queue evenly.
  const wanted = Object.entries({ 'matching.enableFairness': 'true', ...options.settings });
  const settings = wanted.flatMap(([name, value]) => ['--dynamic-config-value', `${name}=${value}`]);
  const place = ['--ip', '127.0.0.1', '--port', String(port), '--db-filename', join(directory, 'temporal.db')];
  return [
    'server',
    'start-dev',
    ...place,
    ...settings,
    ...ui,
    ...attributes,
    '--log-level',
    'warn',
    '--log-format',
    'json',
  ];
}

async function ask(address: string): Promise<string | undefined> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: '20s' });
    try {
      await connection.workflowService.describeNamespace({ namespace: 'default' });
      return undefined;
    } finally {
      await connection.close();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
