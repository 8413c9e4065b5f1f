import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { whyUnreadable } from '../../domain/unreadable.ts';
import { usageFailure } from './failures.ts';
import type { Io } from './io.ts';

/** What `slipway use` keeps for the person at this machine. No secret is in it. */
export interface OwnSettings {
  gateway?: string;
  service?: string;
  environment?: string;
}

const names = ['gateway', 'service', 'environment'] as const;

/** By the convention for settings of one person: https://specifications.freedesktop.org/basedir-spec/latest. Undefined where there is no home. */
export function settingsFile({ env }: Pick<Io, 'env'>): string | undefined {
  const home = env['XDG_CONFIG_HOME'] ?? (env['HOME'] ? join(env['HOME'], '.config') : undefined);
  return home ? join(home, 'slipway', 'use.json') : undefined;
}

/** Nothing where nothing was kept. Throws a usage failure for a file that cannot be read: what is meant by it is not guessed. */
export async function readSettings(io: Pick<Io, 'env'>): Promise<OwnSettings> {
  const file = settingsFile(io);
  if (!file) return {};
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw unreadable(file, whyUnreadable(error));
  });
  if (text === undefined) return {};
  const settings = parsed(text);
  if (!settings) throw unreadable(file, 'it is not what `slipway use` has written');
  return settings;
}

/** Written beside and renamed: whoever reads it meanwhile finds the old one or the new one. */
export async function writeSettings(io: Pick<Io, 'env'>, settings: OwnSettings): Promise<string> {
  const file = settingsFile(io);
  if (!file) throw usageFailure('there is no place for your settings', 'Set HOME or XDG_CONFIG_HOME.');
  const draft = `${file}.${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw usageFailure(`${file} cannot be written: ${whyUnreadable(error)}`, 'Nothing was changed.');
  }
  return file;
}

function parsed(text: string): OwnSettings | undefined {
  try {
    const known = JSON.parse(text) as Record<string, unknown> | null;
    if (typeof known !== 'object' || known === null || Array.isArray(known)) return undefined;
    const entries = names.flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]] as const]));
    return entries.every(([, value]) => typeof value === 'string') ? Object.fromEntries(entries) : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(file: string, why: string) {
  return usageFailure(`${file} cannot be read: ${why}`, 'Remove it, or say `slipway use` again.');
}
