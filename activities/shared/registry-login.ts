import { writeFile } from 'node:fs/promises';
import { basicCredentials, type Login } from './logins.ts';

/** Who we are at a registry host; undefined means nobody in particular. Asked anew for each piece of work. */
export type RegistryCredentials = (host: string) => Promise<Login | undefined>;

export const noCredentials: RegistryCredentials = async () => undefined;

/**
 * Writes the login in the form that docker, buildah, skopeo and trivy read, for the time of one command. Arguments would show it to every
 * user of the machine. Answers whether there was a login to write.
 */
export async function writeAuthFile(path: string, host: string, credentials: RegistryCredentials): Promise<boolean> {
  const login = await credentials(host);
  const auth = login && basicCredentials(login);
  const names = auth === undefined ? [] : namesOf(host);
  const auths = Object.fromEntries(names.map((name) => [name, { auth }]));
  await writeFile(path, JSON.stringify({ auths }), { mode: 0o600 });
  return login !== undefined;
}

/** docker and trivy look for Docker Hub's login under the address of its first API, buildah and skopeo under its name. */
function namesOf(host: string): string[] {
  return host === 'docker.io' ? [host, 'https://index.docker.io/v1/'] : [host];
}
