import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import type { Progress } from '../kubernetes/command.ts';
import { claimDirectory } from './postgres-owner.ts';
import { freePort, onPort, startOwned, untilListening } from './processes.ts';
import type { OwnedProcess } from './processes.ts';
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
    const uiPort = options.ui === false ? undefined : (options.uiPort ?? (await freePort()));
    const server = await onPort(options.port, (port) => launch({ program, directory, port, uiPort, options }));
    const stop = async () => {
      await server.owned.stop();
      await release();
    };
    options.progress(`Temporal listens on ${server.address}`);
    return {
      address: server.address,
      pid: server.owned.pid,
      stop,
      ...(uiPort && { uiUrl: `http://127.0.0.1:${uiPort}` }),
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
  uiPort: number | undefined;
  options: TemporalOptions;
}

async function launch(request: Launch): Promise<{ owned: OwnedProcess; address: string }> {
  const { program, directory, port } = request;
  const owned = await startOwned({ name: 'temporal', directory, program, args: serverArguments(request) });
  const address = `127.0.0.1:${port}`;
  try {
    await untilListening(owned, port);
    await untilReady(owned, address);
    return { owned, address };
  } catch (error) {
    await owned.stop();
    throw error;
  }
}

function serverArguments({ directory, port, uiPort, options }: Launch): string[] {
  const ui = uiPort === undefined ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)];
  const attributes = (options.searchAttributes ?? []).flatMap((name) => ['--search-attribute', `${name}=Keyword`]);
  // As operations asks of a real server: services share a queue evenly.
  const wanted = Object.entries({ 'matching.enableFairness': 'true', ...options.settings });
  const settings = wanted.flatMap(([name, value]) => ['--dynamic-config-value', `${name}=${value}`]);
  const place = ['--ip', '127.0.0.1', '--port', String(port), '--db-filename', join(directory, 'temporal.db')];
  return ['server', 'start-dev', ...place, ...settings, ...ui, ...attributes, '--log-level', 'warn', '--log-format', 'json'];
}

/** The port is open before the namespace and the search attributes are there. */
async function untilReady(owned: OwnedProcess, address: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await sleep(50)) {
    const problem = await ask(address);
    if (problem === undefined) return;
    const failure = await owned.failure();
    if (failure) throw new Error(failure);
    if (Date.now() > deadline)
      throw new Error(`Temporal does not answer on ${address} (${problem}); see ${owned.logFile}`);
  }
}

async function ask(address: string): Promise<string | undefined> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: '5s' });
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
