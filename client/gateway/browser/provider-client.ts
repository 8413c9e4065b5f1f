import * as oidc from 'openid-client';
import { readBounded } from '../../../activities/shared/bounded-body.ts';
import { redactedHead } from '../../../activities/shared/redact.ts';
import type { BegunLogin } from '../../../domain/contract/sessions.ts';
import { Refused } from '../errors.ts';
import type { Description, IdentityProvider } from '../provider.ts';

export interface BrowserClient {
  provider: IdentityProvider;
  clientId: string;
  /** Absent: a public client, by PKCE alone. */
  secret?: string;
  scopes: string;
  /** Where the provider sends browsers back to. */
  redirectUri: string;
}

const timeoutSeconds = 5;
const mostBytes = 1_000_000;

/** Where a browser is sent, and what its answer must fit. */
export async function beginLogin(
  client: BrowserClient,
): Promise<{ url: URL; begun: Pick<BegunLogin, 'state' | 'nonce' | 'verifier'> }> {
  const provider = await asked(client);
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(provider, {
    ...{ redirect_uri: client.redirectUri, scope: client.scopes, state, nonce },
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return { url, begun: { state, nonce, verifier } };
}

/** The ID token that this answer is good for, its signature not looked at. Throws 401 where the answer is good for nothing, and 503 where nobody can tell. */
export async function finishLogin(client: BrowserClient, search: string, begun: BegunLogin): Promise<string> {
  const provider = await asked(client);
  const answer = new URL(search, client.redirectUri);
  const checks = {
    ...{ pkceCodeVerifier: begun.verifier, expectedState: begun.state, expectedNonce: begun.nonce },
    idTokenExpected: true,
  };
  const tokens = await oidc.authorizationCodeGrant(provider, answer, checks).catch((error: unknown) => {
    throw refusalOf(error);
  });
  if (tokens.id_token === undefined) throw badLogin('the identity provider has given no ID token');
  return tokens.id_token;
}

async function asked({ provider, clientId, secret }: BrowserClient): Promise<oidc.Configuration> {
  const description = await provider.describe().catch(() => {
    throw away();
  });
  const { issuer, authorization_endpoint: login, token_endpoint: tokens } = description;
  if (!login || !tokens) throw away();
  const configuration = new oidc.Configuration(
    description as oidc.ServerMetadata,
    clientId,
    undefined,
    secret === undefined ? oidc.None() : bySecret(secret, description),
  );
  configuration.timeout = timeoutSeconds;
  configuration[oidc.customFetch] = boundedFetch;
  if (issuer.startsWith('http:')) oidc.allowInsecureRequests(configuration);
  return configuration;
}

/** Where it says nothing of how, it is in the header (OpenID Connect Discovery, 3). */
function bySecret(secret: string, { token_endpoint_auth_methods_supported: methods }: Description): oidc.ClientAuth {
  return methods?.includes('client_secret_post') ? oidc.ClientSecretPost(secret) : oidc.ClientSecretBasic(secret);
}

/** Its own failure is nobody's answer. */
class NoAnswer extends Error {}

async function boundedFetch(url: string, init: oidc.CustomFetchOptions): Promise<Response> {
  const response = await fetch(url, init as RequestInit);
  if (response.status >= 500) throw new NoAnswer(`it has answered ${response.status}`);
  const body = await readBounded(response.body as AsyncIterable<Uint8Array> | null, mostBytes);
  if (!body) throw new NoAnswer(`it has answered more than ${mostBytes} bytes`);
  const { status, headers } = response;
  return new Response(body, { status, headers });
}

/** No token, and no secret, is in what those errors say. */
function refusalOf(error: unknown): Refused {
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError)
    return badLogin(`the identity provider has refused it: ${error.error_description ?? error.error}`);
  const isAnswer = error instanceof oidc.ClientError && error.code !== undefined && !silent.has(error.code);
  return isAnswer ? badLogin(`what the identity provider has answered cannot be believed: ${error.message}`) : away();
}

const silent = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT']);

const mostWords = 500;

export function badLogin(why: string): Refused {
  const next = 'Log in again: /auth/login. Where it stays so, the operator compares the client with docs/login.md.';
  return new Refused(401, 'bad-credential', redactedHead(why, mostWords), next);
}

function away(): Refused {
  const next =
    'Try again. Whoever is logged in stays so, what runs goes on, and tokens that need no identity provider are taken.';
  return new Refused(503, 'unavailable', 'the identity provider cannot be asked to log anybody in', next);
}
