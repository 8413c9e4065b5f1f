import { knownSecrets } from './known-secrets.ts';
import { resolveSecret, type SecretReference } from './secrets.ts';

export interface Login {
  username: string;
  password: string;
}

/** A login that may be written down: its password is only a reference. */
export interface LoginReference {
  username: string;
  password: SecretReference;
}

/** What is configured now, by `host[:port]`. Asked anew for each piece of work, so that a change counts at once. */
export type LoginReferences = () => Promise<Readonly<Record<string, LoginReference>>>;

export const noLogins: LoginReferences = async () => ({});

/** The login for a host with its password; undefined for a host without one. Keep it no longer than the work at hand. Throws SecretNotResolved. */
export async function resolveLogin(logins: LoginReferences, host: string): Promise<Login | undefined> {
  const known = await logins();
  const login = Object.hasOwn(known, host) ? known[host] : undefined;
  return login && { username: login.username, password: await resolveSecret(login.password) };
}

/** User and password as Basic authentication sends them (RFC 7617), and as auth files keep them. As much a secret as the password. */
export function basicCredentials({ username, password }: Login): string {
  const credentials = Buffer.from(`${username}:${password}`).toString('base64');
  // A server may repeat what it is sent: from here on no text that is redacted shows it.
  for (const secret of [password, credentials]) knownSecrets.know(secret);
  return credentials;
}
