import type { SignedChainEnds } from '../../../domain/contract/evidence.ts';
import { keyIdCharacters, labelledText } from '../../../domain/signed-text.ts';
import { hexOf } from './hashes.ts';

/** Whether one of the keys has signed it. */
export type Holds = (signed: SignedChainEnds) => Promise<boolean>;

/** Of browsers, and of Node, which name the type differently. */
type PublicKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** The browser cannot check signatures of this kind. */
export class NoSignatures extends Error {}

/** Public keys in PEM, as the gateway writes them. Throws for a text without one, and NoSignatures where the browser knows no Ed25519. */
export async function holdsBy(pems: readonly string[]): Promise<Holds> {
  const keys = new Map<string, PublicKey>();
  for (const der of pems.flatMap(derOf)) {
    const key = await crypto.subtle.importKey('spki', der, 'Ed25519', false, ['verify']).catch((error: unknown) => {
      throw (error as Error).name === 'NotSupportedError'
        ? new NoSignatures('this browser knows no Ed25519')
        : new Error('that is no public key of a gateway (Ed25519)');
    });
    keys.set(hexOf(await crypto.subtle.digest('SHA-256', der)).slice(0, keyIdCharacters), key);
  }
  if (keys.size === 0) throw new Error('there is no public key in it');
  return async ({ statement, keyId, signature }) => {
    const key = keys.get(keyId);
    const bytes = bytesOf(signature);
    if (!key || !bytes) return false;
    try {
      const said = new TextEncoder().encode(labelledText('chain ends', statement));
      return await crypto.subtle.verify('Ed25519', key, bytes, said);
    } catch {
      // Of no form that anybody signs.
      return false;
    }
  };
}

function derOf(pem: string): Uint8Array<ArrayBuffer>[] {
  const blocks = pem.matchAll(/-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]{1,10000})-----END PUBLIC KEY-----/g);
  return [...blocks].flatMap(([, body = '']) => bytesOf(body.replace(/\s/g, '')) ?? []);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
