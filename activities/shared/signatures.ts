import { createPublicKey, sign, verify, generateKeyPairSync, createPrivateKey, createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical.ts';
import type { Decision, SignedDecision } from '../../domain/contract/decisions.ts';

/** Ed25519 over the canonical JSON of a decision. The gateway holds the private key; workers hold public ones only. */
export interface Signer {
  sign(decision: Decision): SignedDecision;
}
export interface Verifier {
  /** False for an unknown key, a changed decision, or text that is no signature. */
  verify(signed: SignedDecision): boolean;
}

export function createSigner(privateKeyPem: string): Signer {
  const key = createPrivateKey(privateKeyPem);
  const keyId = keyIdOf(createPublicKey(key));
  return {
    sign: (decision) => ({ decision, keyId, signature: sign(null, bytesOf(decision), key).toString('base64') }),
  };
}

/** Takes any number of public keys, so that a key can be replaced while decisions signed by the old one still count. */
export function createVerifier(publicKeyPems: readonly string[]): Verifier {
  const keys = new Map(publicKeyPems.map((pem) => createPublicKey(pem)).map((key) => [keyIdOf(key), key]));
  return {
    verify({ decision, keyId, signature }) {
      const key = keys.get(keyId);
      return key !== undefined && verify(null, bytesOf(decision), key, Buffer.from(signature, 'base64'));
    },
  };
}

export function createKeyPair(): { privateKeyPem: string; publicKeyPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function bytesOf(decision: Decision): Buffer {
  return Buffer.from(canonicalJson(decision));
}

/** The first 16 hexadecimal characters of the public key's hash: enough to tell keys apart in a log. */
function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}
