import type { FastifyInstance } from 'fastify';
import type { LoginOffered } from '../../domain/contract/login.ts';
import type { GatewayParts } from './calls.ts';

/** To anybody: whoever wants to log in has no token yet. Nothing else of the configuration is told. */
export function loginRoute(server: FastifyInstance, { login, browser }: Pick<GatewayParts, 'login' | 'browser'>): void {
  server.get('/v1/login', () =>
    Promise.resolve({ ...offered(login), ...(browser && { browser: true }) } satisfies LoginOffered),
  );
}

function offered(login: GatewayParts['login']): LoginOffered {
  if (!login) return {};
  const { issuer, clientId, scopes } = login;
  return { oidc: { issuer, clientId, scopes } };
}
