import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { whyUnreadable } from '../../../domain/unreadable.ts';
import { usageFailure } from '../failures.ts';
import type { Io } from '../io.ts';
import { settingsFile } from '../own-settings.ts';

/** What `slipway login` keeps for one gateway. Secrets are in it. */
export interface Login {
  issuer: string;
  clientId: string;
  idToken: string;
  /** ms: when the ID token ends. */
  expiresAt: number;
  /** Absent where the provider gives none: then people log in again. */
  refreshToken?: string;
}

type Env = Pick<Io, 'env'>;
type Logins = Record<string, Login>;

export async function keptLogin(io: Env, gateway: string): Promise<Login | undefined> {
  const logins = await readLogins(io);
  return Object.hasOwn(logins, gateway) ? logins[gateway] : undefined;
}

/** `undefined`: nothing is kept of that gateway any more. */
export async function keepLogin(io: Env, gateway: string, login: Login | undefined): Promise<void> {
  const { [gateway]: _before, ...others } = await readLogins(io);
  await writeLogins(io, { ...others, ...(login && { [gateway]: login }) });
}

function fileOf(io: Env): string | undefined {
  const settings = settingsFile(io);
  return settings && join(dirname(settings), 'logins.json');
}

async function readLogins(io: Env): Promise<Logins> {
  const file = fileOf(io);
  if (!file) return {};
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return '{}';
    throw unreadable(file, whyUnreadable(error));
  });
  const logins = parsed(text);
  if (!logins) throw unreadable(file, 'it is not what `slipway login` has written');
  return logins;
}

/** Written beside and renamed, readable by nobody else from the first byte on. */
async function writeLogins(io: Env, logins: Logins): Promise<void> {
  const file = fileOf(io);
  if (!file) throw usageFailure('there is no place to keep a login', 'Set HOME or XDG_CONFIG_HOME.');
  const draft = `${file}.${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${JSON.stringify(logins, undefined, 2)}\n`, { mode: 0o600 });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw usageFailure(`${file} cannot be written: ${whyUnreadable(error)}`, 'Nothing was changed.');
  }
}

function parsed(text: string): Logins | undefined {
  try {
    const known = JSON.parse(text) as unknown;
    if (typeof known !== 'object' || known === null || Array.isArray(known)) return undefined;
    return Object.values(known).every(isLogin) ? (known as Logins) : undefined;
  } catch {
    return undefined;
  }
}

function isLogin(value: unknown): value is Login {
  const { issuer, clientId, idToken, expiresAt, refreshToken = '' } = (value ?? {}) as Partial<Login>;
  const texts: unknown[] = [issuer, clientId, idToken, refreshToken];
  return texts.every((one) => typeof one === 'string') && typeof expiresAt === 'number';
}

function unreadable(file: string, why: string) {
  return usageFailure(`${file} cannot be read: ${why}`, 'Remove it, and log in again: slipway login.');
}
