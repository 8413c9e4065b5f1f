import { failure } from '../../domain/errors/catalogue.ts';
import type { RegistryCredentials } from '../shared/registry-login.ts';
import { resolveSecret, SecretNotResolved, type SecretReference } from '../shared/secrets.ts';

/** Logins by registry host, the password by reference. They throw SLIP-IMG-5 when a reference cannot be resolved. */
export function secretCredentials(
  logins: Record<string, { username: string; password: SecretReference }>,
): RegistryCredentials {
  return async (host) => {
    const login = Object.hasOwn(logins, host) ? logins[host] : undefined;
    if (!login) return undefined;
    try {
      return { username: login.username, password: await resolveSecret(login.password) };
    } catch (error) {
      if (error instanceof SecretNotResolved) throw failure('SLIP-IMG-5', `${host}: ${error.message}`);
      throw error;
    }
  };
}

/** The first of several that knows the host. */
export function firstCredentials(...sources: RegistryCredentials[]): RegistryCredentials {
  return async (host) => {
    for (const source of sources) {
      const login = await source(host);
      if (login) return login;
    }
    return undefined;
  };
}
