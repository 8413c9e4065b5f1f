import * as oidc from 'openid-client';
import type { LoginOffer } from '../../../domain/contract/login.ts';
import { interruptedFailure, refusedFailure } from '../failures.ts';
import type { Io } from '../io.ts';
import { oneLine } from '../safe-text.ts';
import type { Login } from './kept.ts';
import { failed, isAway, loginIn, providerOf } from './provider.ts';

/** One login for which somebody types in a code elsewhere (RFC 8628). */
export interface BegunDevice {
  /** Where they do. */
  url: string;
  code: string;
  /** The same address with the code in it, where the provider has one. */
  whole?: string;
  /** Throws a failure where the provider refuses it, or nobody has done it in time, or after Ctrl-C. */
  finish(): Promise<Login>;
}

const grant = 'urn:ietf:params:oauth:grant-type:device_code';

/** s between two questions where the provider says nothing, what it adds by `slow_down`, and what is never waited longer. */
const pause = { usual: 5, slower: 5, most: 60 };

export async function beginDeviceLogin({ scopes, ...client }: LoginOffer, io: Io): Promise<BegunDevice> {
  const provider = await providerOf(client);
  if (provider.serverMetadata().device_authorization_endpoint === undefined)
    throw refusedFailure(
      `${oneLine(client.issuer)} has no login for machines without a browser`,
      'Log in on a machine with a browser (slipway login), or use a token (SLIPWAY_TOKEN).',
    );
  const begun = await oidc.initiateDeviceAuthorization(provider, { scope: scopes }).catch((error: unknown) => {
    throw failed(client, error);
  });
  const { user_code: code, verification_uri: url, verification_uri_complete: whole } = begun;
  const until = io.now() + begun.expires_in * 1_000;
  return {
    ...{ url, code },
    ...(whole !== undefined && { whole }),
    async finish() {
      let seconds = Math.max(1, begun.interval ?? pause.usual);
      while (io.now() < until) {
        await io.sleep(Math.min(seconds, pause.most) * 1_000, io.signal).catch(() => {
          throw interruptedFailure();
        });
        const answer = await askedFor(provider, begun.device_code);
        if (answer === 'slow_down') seconds += pause.slower;
        // Nobody has answered: the machine may have lost its network for a while (RFC 8628, 3.5).
        else if (answer === 'away') seconds *= 2;
        else if (answer instanceof Error) throw failed(client, answer);
        else if (answer !== 'authorization_pending') return loginIn(client, answer);
      }
      throw refusedFailure('nobody has typed in the code in time', 'Log in again: slipway login --device.');
    },
  };
}

type Answer = Awaited<ReturnType<typeof oidc.genericGrantRequest>>;

async function askedFor(
  provider: oidc.Configuration,
  deviceCode: string,
): Promise<Answer | 'authorization_pending' | 'slow_down' | 'away' | Error> {
  try {
    return await oidc.genericGrantRequest(provider, grant, { device_code: deviceCode });
  } catch (error) {
    if (!(error instanceof oidc.ResponseBodyError)) return isAway(error) ? 'away' : (error as Error);
    return error.error === 'authorization_pending' || error.error === 'slow_down' ? error.error : error;
  }
}
