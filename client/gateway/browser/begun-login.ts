import { z } from 'zod';
import type { Signer, Verifier } from '../../../activities/shared/signatures.ts';
import type { BegunLogin } from '../../../domain/contract/sessions.ts';
import type { Millis } from '../../../domain/contract/release.ts';

/** s: as long as somebody has to log in at the identity provider. */
export const loginSeconds = 600;

/**
 * A login that has begun, as its browser keeps it: signed, so that it is over in time whatever the browser says, and kept by nobody else, so that
 * strangers who begin logins fill nothing here.
 */
export function writeLogin(login: BegunLogin, { signLogin }: Pick<Signer, 'signLogin'>): string {
  return Buffer.from(JSON.stringify(signLogin(login))).toString('base64url');
}

const part = z.string().min(20).max(200);
const form = z.strictObject({
  login: z.strictObject({ state: part, nonce: part, verifier: part, to: z.string().max(1_000), until: z.number() }),
  keyId: z.string(),
  signature: z.string(),
});

/** Undefined for what no gateway of this installation has signed, and what is over. */
export function readLogin(
  text: string,
  { verifier, now }: { verifier: Pick<Verifier, 'verifyLogin'>; now: Millis },
): BegunLogin | undefined {
  if (!/^[\w-]{1,6000}$/.test(text)) return undefined;
  const signed = form.safeParse(parsed(text)).data;
  return signed && verifier.verifyLogin(signed) && signed.login.until > now ? signed.login : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
