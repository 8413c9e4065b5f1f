import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt, findProgram } from '../kubernetes/command.ts';
import { startOwned } from '../services/processes.ts';
import type { Lifetime, Stoppable } from './lifetime.ts';

/** A Docker daemon for builds and integration tests. */
export interface Docker {
  /** As DOCKER_HOST would name it; absent for the one that the docker client finds by itself. */
  host?: string;
  /** For people. */
  name: string;
}

const patience = 8_000;

/** The machine's daemon if it answers; else, for root, one of our own that ends with the demo; else undefined. */
export async function findDocker(directory: string, lifetime: Lifetime): Promise<Docker | undefined> {
  if (!(await findProgram('docker'))) return undefined;
  const version = await attempt('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 10_000 });
  if (version) return { name: `Docker ${version.stdout.trim()}` };
  const program = await findProgram('dockerd');
  if (!program || process.getuid?.() !== 0) return undefined;
  const started = await lifetime.keep(startDaemon(program, join(directory, 'docker'))).catch(() => undefined);
  return started && { host: started.host, name: 'a Docker daemon of its own' };
}

/** `docker compose` or `docker-compose`, for people; undefined when neither is there. */
export async function findCompose(): Promise<string | undefined> {
  const second = await attempt('docker', ['compose', 'version', '--short'], { timeout: 10_000 });
  if (second) return `Docker Compose ${second.stdout.trim()}`;
  const first = await attempt('docker-compose', ['version', '--short'], { timeout: 10_000 });
  return first && `docker-compose ${first.stdout.trim()}`;
}

/** Without a bridge and without firewall rules: its own defaults would change this machine's network. */
const harmless = ['--bridge', 'none', '--iptables=false', '--ip-forward=false', '--ip-masq=false'];

async function startDaemon(program: string, directory: string): Promise<Stoppable & { host: string }> {
  await mkdir(directory, { recursive: true });
  const host = `unix://${join(directory, 'docker.sock')}`;
  const places = { 'data-root': 'data', 'exec-root': 'exec', pidfile: 'pid' };
  const args = Object.entries(places).flatMap(([option, name]) => [`--${option}`, join(directory, name)]);
  const owned = await startOwned({ name: 'dockerd', directory, program, args: [...args, ...harmless, '--host', host] });
  for (const deadline = Date.now() + patience; ; await sleep(100)) {
    if (await attempt('docker', ['--host', host, 'version'], { timeout: 2_000 }))
      return { host, stop: () => owned.stop() };
    if ((await owned.failure()) === undefined && Date.now() < deadline) continue;
    await owned.stop();
    throw new Error('the Docker daemon did not start');
  }
}
