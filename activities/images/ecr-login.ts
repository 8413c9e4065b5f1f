import { ECRClient, GetAuthorizationTokenCommand, type ECRClientConfig } from '@aws-sdk/client-ecr';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Login } from '../shared/logins.ts';
import type { RegistryCredentials } from '../shared/registry-login.ts';

export interface EcrOptions {
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Endpoint and credentials; by default the SDK finds them as everywhere in AWS. */
  client?: Omit<ECRClientConfig, 'region'>;
}

const ecrHost = /^(?<account>\d{12})\.dkr\.ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/;
const renewBeforeMs = 10 * 60_000;

/** Logins for private ECR registries, by host. A token holds 12 hours and is kept in memory until shortly before its end. Knows no other hosts. */
export function createEcrCredentials(options: EcrOptions = {}): RegistryCredentials {
  const now = options.now ?? Date.now;
  const kept = new Map<string, { login: Login; until: number }>();
  return async (host) => {
    const region = ecrHost.exec(host)?.groups?.['region'];
    if (region === undefined) return undefined;
    const known = kept.get(host);
    if (known && now() < known.until - renewBeforeMs) return known.login;
    const fresh = await getLogin(host, new ECRClient({ ...options.client, region }), now());
    kept.set(host, fresh);
    return fresh.login;
  };
}

async function getLogin(host: string, client: ECRClient, now: number): Promise<{ login: Login; until: number }> {
  try {
    const answer = await client.send(new GetAuthorizationTokenCommand({}));
    const data = answer.authorizationData?.[0];
    const [username, password] = Buffer.from(data?.authorizationToken ?? '', 'base64')
      .toString('utf8')
      .split(/:(.*)/s);
    if (!username || !password) throw failure('SLIP-IMG-5', `${host}: ECR answered no token`);
    return { login: { username, password }, until: data?.expiresAt?.getTime() ?? now + 12 * 3_600_000 };
  } catch (error) {
    throw ecrFailure(host, error);
  } finally {
    client.destroy();
  }
}

/** By the SDK's error name only: its messages may carry request details. */
function ecrFailure(host: string, error: unknown): Error {
  if (!(error instanceof Error) || error.name === 'Failure') return error as Error;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  const refused =
    /AccessDenied|UnrecognizedClient|ExpiredToken|InvalidSignature|CredentialsProvider/.test(error.name) ||
    status === 401 ||
    status === 403;
  return failure(refused ? 'SLIP-IMG-5' : 'SLIP-IMG-2', `${host}: ECR login failed (${error.name})`);
}
