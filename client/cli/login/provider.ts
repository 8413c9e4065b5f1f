import * as oidc from 'openid-client';
import type { LoginOffer } from '../../../domain/contract/login.ts';
import { CliFailure, refusedFailure } from '../failures.ts';
import { oneLine } from '../safe-text.ts';
import { otherExitCodes } from '../../../domain/outcomes.ts';
import type { Login } from './kept.ts';

type Client = Pick<LoginOffer, 'issuer' | 'clientId'>;
type Tokens = Awaited<ReturnType<typeof oidc.refreshTokenGrant>>;

/** One login that has begun: its address for the browser, and what its answer must fit. */
export interface BegunLogin {
  url: URL;
  /** By which an answer is known as one to it. */
  state: string;
  /** Throws a failure for an answer that is not to this login, or that the provider has refused. */
  finish(answer: URL): Promise<Login>;
}

export async function beginLogin({ scopes, ...client }: LoginOffer, redirectUri: string): Promise<BegunLogin> {
  const provider = await providerOf(client);
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(provider, {
    ...{ redirect_uri: redirectUri, scope: scopes, state, nonce },
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return {
    url,
    state,
    finish: async (answer) => {
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
      const tokens = await oidc.authorizationCodeGrant(provider, answer, checks).catch((error: unknown) => {
        throw failed(client, error);
      });
      return loginIn(client, tokens);
    },
  };
}

/** The same login, with a new ID token. Throws a failure where the provider gives none any more. */
export async function refreshed({ issuer, clientId, refreshToken }: Login & { refreshToken: string }): Promise<Login> {
  const client = { issuer, clientId };
  const tokens = await oidc.refreshTokenGrant(await providerOf(client), refreshToken).catch((error: unknown) => {
    throw failed(client, error);
  });
  // Providers that keep the same one need not say it again.
  return { refreshToken, ...loginIn(client, tokens) };
}

/** Tells the provider that the refresh token is good for nothing any more. False where it takes no such word. */
export async function revoked({ issuer, clientId, refreshToken }: Login): Promise<boolean> {
  const client = { issuer, clientId };
  const provider = await providerOf(client);
  if (refreshToken === undefined || provider.serverMetadata().revocation_endpoint === undefined) return false;
  await oidc.tokenRevocation(provider, refreshToken).catch((error: unknown) => {
    throw failed(client, error);
  });
  return true;
}

export async function providerOf(client: Client): Promise<oidc.Configuration> {
  const url = URL.parse(client.issuer);
  const isHere = url?.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname);
  if (!url || (url.protocol !== 'https:' && !isHere))
    throw refusedFailure(
      'the gateway names an identity provider that is no https address',
      'Tell its operator: SLIPWAY_OIDC_ISSUER.',
    );
  const execute = [oidc.enableNonRepudiationChecks, ...(isHere ? [oidc.allowInsecureRequests] : [])];
  return oidc.discovery(url, client.clientId, undefined, oidc.None(), { execute }).catch((error: unknown) => {
    throw failed(client, error);
  });
}

export function loginIn(client: Client, tokens: Tokens): Login {
  const { id_token: idToken, refresh_token: refreshToken } = tokens;
  const exp = tokens.claims()?.exp;
  if (idToken === undefined || exp === undefined)
    throw refusedFailure('the identity provider has given no ID token', 'Log in again: slipway login.');
  return { ...client, idToken, expiresAt: exp * 1_000, ...(refreshToken !== undefined && { refreshToken }) };
}

/** Whether nobody has answered. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof oidc.ClientError)) return true;
  return error.code === 'OAUTH_TIMEOUT' || (error.cause instanceof Response && error.cause.status >= 500);
}

/** Refused by the provider, or not to be believed; or nobody has answered. No token is in what those errors say. */
export function failed({ issuer }: Client, error: unknown): CliFailure {
  const name = oneLine(issuer);
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError) {
    const why = oneLine(error.error_description ?? error.error).slice(0, 500);
    return refusedFailure(`${name} has refused it: ${why}`, 'Log in again: slipway login.');
  }
  if (error instanceof oidc.ClientError && !isAway(error))
    return refusedFailure(
      `what ${name} has answered cannot be believed: ${oneLine(error.message).slice(0, 500)}`,
      'Log in again: slipway login. Where it stays so, the operator compares the issuer and the client.',
    );
  return new CliFailure({
    code: 'unreachable',
    message: `the identity provider ${name} does not answer`,
    next: 'Try again in a moment; a token in SLIPWAY_TOKEN works without it.',
    exitCode: otherExitCodes.unreachable,
  });
}
