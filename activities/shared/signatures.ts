import { createPublicKey, sign, verify, generateKeyPairSync, createPrivateKey, createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical.ts';
import type { Decision, SignedDecision } from '../../domain/contract/decisions.ts';
import type { LaneOrder, SignedLaneOrder } from '../../domain/contract/lane.ts';

/**
 * Ed25519 over the canonical JSON of what was decided. The gateway holds the private key; workers hold public ones only. A decision and an
 * order of a lane have no form in common, so that the signature of one can never stand under the other.
 */
export interface Signer {
  sign(decision: Decision): SignedDecision;
  signOrder(order: LaneOrder): SignedLaneOrder;
}
export interface Verifier {
  /** False for an unknown key, a changed decision, or text that is no signature. */
  verify(signed: SignedDecision): boolean;
  verifyOrder(signed: SignedLaneOrder): boolean;
}

export function createSigner(privateKeyPem: string): Signer {
  const key = createPrivateKey(privateKeyPem);
  const keyId = keyIdOf(createPublicKey(key));
  const seal = (content: Content) => ({ keyId, signature: sign(null, bytesOf(content), key).toString('base64') });
  return {
    sign: (decision) => ({ decision, ...seal(decision) }),
    signOrder: (order) => ({ order, ...seal(order) }),
  };
}

/** Takes any number of public keys, so that a key can be replaced while decisions signed by the old one still count. */
export function createVerifier(publicKeyPems: readonly string[]): Verifier {
  const keys = new Map(publicKeyPems.map((pem) => createPublicKey(pem)).map((key) => [keyIdOf(key), key]));
  const holds = (content: Content, { keyId, signature }: { keyId: string; signature: string }) => {
    const key = keys.get(keyId);
    return key !== undefined && verify(null, bytesOf(content), key, Buffer.from(signature, 'base64'));
  };
  return {
    verify: (signed) => holds(signed.decision, signed),
    verifyOrder: (signed) => holds(signed.order, signed),
  };
}

export function createKeyPair(): { privateKeyPem: string; publicKeyPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

type Content = Decision | LaneOrder;

function bytesOf(content: Content): Buffer {
  return Buffer.from(canonicalJson(content));
}

/** The first 16 hexadecimal characters of the public key's hash: enough to tell keys apart in a log. */
function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}
