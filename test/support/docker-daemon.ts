import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beginningAndEnd } from '../../lab/kubernetes/processes.ts';
import { runCommand } from '../../activities/shared/run-command.ts';
import { endDaemon, endedWithUs } from './docker-daemon-end.ts';
import { requireProgram } from './registry.ts';
import { patience } from './world-until.ts';

/** A Docker daemon that belongs to one test file: own data, own socket, no bridge of its own. */
export interface TestDaemon {
  /** As DOCKER_HOST would name it. */
  host: string;
  docker(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** The daemon's own defaults would leave a bridge, and rules that drop everybody else's forwarded packets, on the machine. */
const harmless = ['--iptables=false', '--ip-forward=false', '--ip-masq=false'];

export interface DaemonOptions {
  /** `own`: one that leads nowhere, where there must be one: BuildKit runs nothing without. It goes with the daemon. */
  bridge?: 'none' | 'own';
  /** `own`: with networks and ports for containers, by the daemon's own defaults, where nothing of this machine or outside is reached. */
  network?: 'shared' | 'own';
  /** What another daemon goes on with after this one; else it goes with the daemon. */
  data?: string;
  storage?: 'vfs' | 'overlay2';
}

export async function startDockerDaemon(options: DaemonOptions = {}): Promise<TestDaemon> {
  const { bridge = 'none', network = 'shared', storage = 'vfs' } = options;
  const program = await requireProgram('dockerd', 'docker.io');
  const name = bridge === 'none' ? bridge : `slipway-${randomBytes(3).toString('hex')}`;
  if (bridge === 'own') await run('ip', ['link', 'add', 'name', name, 'type', 'bridge']);
  const directory = await mkdtemp(join(tmpdir(), 'slipway-dockerd-'));
  const host = `unix://${join(directory, 'docker.sock')}`;
  const data = options.data ?? join(directory, 'data');
  const log = await open(join(directory, 'log'), 'w');
  const places = ['--data-root', data, '--exec-root', join(directory, 'exec'), '--pidfile', join(directory, 'pid')];
  const isolation = network === 'own' ? [] : [...harmless, '--bridge', name];
  const command = [program, ...places, ...isolation, '--host', host, '--storage-driver', storage];
  const [first, ...args] = [...endedWithUs, ...(network === 'own' ? inOwnNetwork : []), ...command];
  const child = spawn(first!, args, { stdio: ['ignore', log.fd, log.fd] });
  const docker = (...args: string[]) => dockerOutput(host, args);
  const stop = async () => {
    await endDaemon(child, data);
    await log.close();
    if (bridge === 'own') await run('ip', ['link', 'delete', 'dev', name]);
    await rm(directory, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + patience.event; ; await wait(100)) {
    const up = await docker('version').then(
      () => true,
      () => false,
    );
    if (up) return { host, docker, stop };
    if (child.exitCode !== null || Date.now() > deadline) {
      const said = await readFile(join(directory, 'log'), 'utf8');
      await stop();
      throw new Error(`dockerd did not start: ${beginningAndEnd(said)}`);
    }
  }
}

/** What follows is run there, in place of the shell. */
const inOwnNetwork = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"'];

const dockerOutput = (host: string, args: string[]) => run('docker', ['--host', host, ...args]);

async function run(program: string, args: string[]): Promise<string> {
  const result = await runCommand({ program, args });
  if (result.exitCode !== 0) throw new Error(`${program} ${args.join(' ')}: ${result.notStarted ?? result.tail}`);
  return result.stdout.toString('utf8').trim();
}
