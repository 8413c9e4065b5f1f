import { failure } from '../../domain/errors/catalogue.ts';
import { resolveLogin, type LoginReferences } from '../shared/logins.ts';
import type { RegistryCredentials } from '../shared/registry-login.ts';
import { SecretNotResolved } from '../shared/secrets.ts';

/** Logins by registry host, the password by reference. They throw SLIP-IMG-5 when a reference cannot be resolved. */
export function secretCredentials(logins: LoginReferences): RegistryCredentials {
  return async (host) => {
    try {
      return await resolveLogin(logins, host);
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
