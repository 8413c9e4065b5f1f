import { writeFile } from 'node:fs/promises';

export interface RegistryLogin {
  username: string;
  password: string;
}

/** Who we are at a registry host; undefined means nobody in particular. Asked anew for each piece of work. */
export type RegistryCredentials = (host: string) => Promise<RegistryLogin | undefined>;

export const noCredentials: RegistryCredentials = async () => undefined;

/**
 * Writes the login in the form that docker, buildah, skopeo and trivy read, for the time of one command. Arguments would show it to every
 * user of the machine. Answers whether there was a login to write.
 */
export async function writeAuthFile(path: string, host: string, credentials: RegistryCredentials): Promise<boolean> {
  const login = await credentials(host);
  const auth = login && Buffer.from(`${login.username}:${login.password}`).toString('base64');
  await writeFile(path, JSON.stringify({ auths: auth ? { [host]: { auth } } : {} }), { mode: 0o600 });
  return auth !== undefined;
}

/** Registries on this machine speak plain HTTP; all others must speak HTTPS. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host);
}
