import { isInterrupted, refusedFailure } from '../failures.ts';
import type { Io } from '../io.ts';
import { keepLogin, keptLogin, type Login } from './kept.ts';

/** ms before its end in which a token is replaced: one that ends on the way is good for nothing. */
const early = 30_000;

/** What gives the token for each request, from the login that is kept for that gateway. Undefined where there is none. */
export async function bearerOfLogin(
  io: Pick<Io, 'env' | 'now'>,
  gateway: string,
): Promise<(() => Promise<string>) | undefined> {
  const first = await keptLogin(io, gateway);
  if (!first) return undefined;
  let login = first;
  return async () => {
    if (login.expiresAt - early <= io.now()) login = await renewed(io, gateway, login);
    return login.idToken;
  };
}

async function renewed(io: Pick<Io, 'env' | 'now'>, gateway: string, old: Login): Promise<Login> {
  // Another command may have done it meanwhile, and a refresh token may be good once.
  const kept = await keptLogin(io, gateway);
  if (kept && kept.expiresAt - early > io.now()) return kept;
  const { refreshToken } = kept ?? old;
  if (!kept || refreshToken === undefined) throw refusedFailure('your login has ended', 'Log in again: slipway login.');
  const { refreshed } = await import('./provider.ts');
  try {
    const login = await refreshed({ ...kept, refreshToken });
    await keepLogin(io, gateway, login);
    return login;
  } catch (error) {
    const now = await keptLogin(io, gateway);
    if (!isInterrupted(error) && now && now.idToken !== kept.idToken) return now;
    throw error;
  }
}
