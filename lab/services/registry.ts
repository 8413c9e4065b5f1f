import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { attempt, findProgram } from '../kubernetes/command.ts';
import type { Progress } from '../kubernetes/command.ts';
import { programFromPackage } from './debian-program.ts';
import { claimDirectory } from './postgres-owner.ts';
import { startOwned } from './processes.ts';
import type { OwnedProcess } from './processes.ts';
import { notListening, startedAgain, untilReady } from './starting.ts';

export interface RegistryOptions {
  /** Holds the images, the configuration, the log and the pid file; the same directory again finds the same images. */
  directory: string;
  /** A free one when none is given. */
  port?: number;
  /** Lines of an htpasswd file (bcrypt); without it everybody may push. */
  htpasswd?: string;
  progress: Progress;
}

export interface LabRegistry {
  /** `127.0.0.1:port`, plain HTTP. */
  host: string;
  /** One line per request, in Apache's combined format: `"PUT /v2/<name>/manifests/<reference> HTTP/1.1" 201`. Effects can be counted. */
  logFile: string;
  pid: number;
  /** May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts the real distribution registry on loopback. What a killed owner left running in the directory is ended first.
 * Throws when a living process owns the directory, or with what to install when there is no registry and no way to get one.
 */
export async function startRegistry(options: RegistryOptions): Promise<LabRegistry> {
  const directory = resolve(options.directory);
  await mkdir(directory, { recursive: true });
  const program = await ensureRegistry(options.progress);
  const release = await claimDirectory(directory);
  try {
    const { owned, host } = await startedAgain(options.port, (port) =>
      launch(program, port, { ...options, directory }),
    );
    options.progress(`the image registry listens on ${host}`);
    const stop = async () => {
      await owned.stop();
      await release();
    };
    return { host, logFile: owned.logFile, pid: owned.pid, stop };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Debian calls the program docker-registry, its makers call it registry: a name that other programs have too. */
export async function ensureRegistry(progress: Progress): Promise<string> {
  const debian = await findProgram('docker-registry');
  if (debian) return debian;
  const upstream = await findProgram('registry');
  const version = upstream && (await attempt(upstream, ['--version'], { timeout: 10_000 }));
  if (upstream && version && /distribution/.test(version.stdout)) return upstream;
  const unpacked = await programFromPackage({ package: 'docker-registry', path: 'usr/bin/docker-registry' }, progress);
  if (unpacked) return unpacked;
  throw new Error(
    'the image registry is missing on this machine, and there is no apt to take it from. Put the program `registry` of the distribution project on PATH.',
  );
}

async function launch(
  program: string,
  port: number,
  { directory, htpasswd }: RegistryOptions,
): Promise<{ owned: OwnedProcess; host: string }> {
  const host = `127.0.0.1:${port}`;
  const file = join(directory, 'registry.yml');
  const users = join(directory, 'htpasswd');
  if (htpasswd !== undefined) await writeFile(users, htpasswd, { mode: 0o600 });
  const auth = htpasswd === undefined ? {} : { auth: { htpasswd: { realm: 'lab', path: users } } };
  await writeFile(file, stringify({ ...configuration(directory, host), ...auth }));
  const owned = await startOwned({ name: 'registry', directory, program, args: ['serve', file] });
  try {
    await untilReady(owned, 'the image registry', () => notListening(owned.pid, port));
    return { owned, host };
  } catch (error) {
    await owned.stop();
    throw error;
  }
}

function configuration(directory: string, host: string): Record<string, unknown> {
  return {
    version: 0.1,
    log: { level: 'warn', accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: join(directory, 'images') }, delete: { enabled: true } },
    // Without a secret of its own it makes one up and says so at each start.
    http: { addr: host, secret: randomBytes(16).toString('hex'), headers: { 'X-Content-Type-Options': ['nosniff'] } },
  };
}
