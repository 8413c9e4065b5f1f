import { createPublicKey, sign, verify, generateKeyPairSync, createPrivateKey, createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical.ts';
import type { Decision, SignedDecision } from '../../domain/contract/decisions.ts';
import type { ChainEnds, Shipment, SignedChainEnds, SignedShipment } from '../../domain/contract/evidence.ts';
import type { LaneOrder, SignedLaneOrder } from '../../domain/contract/lane.ts';
import type { BegunLogin, Session, SignedLogin, SignedSession } from '../../domain/contract/sessions.ts';
import type { ServiceToken, SignedToken } from '../../domain/contract/tokens.ts';
import type { SignedRequest, TakenRequest } from '../../domain/contract/requests.ts';
import { keyIdCharacters, labelledText } from '../../domain/signed-text.ts';
import type { Label } from '../../domain/signed-text.ts';

/**
 * Ed25519 over the canonical JSON of what was decided. The gateway holds the private key; workers hold public ones only. A decision and an
 * order of a lane have no form in common, so that the signature of one can never stand under the other. What else is signed has a label in
 * front, which no JSON begins with: not even an older program takes it for a decision.
 */
export interface Signer {
  sign(decision: Decision): SignedDecision;
  signOrder(order: LaneOrder): SignedLaneOrder;
  signRequest(taken: TakenRequest): SignedRequest;
  signEnds(statement: ChainEnds): SignedChainEnds;
  signShipment(shipment: Shipment): SignedShipment;
  signToken(token: ServiceToken): SignedToken;
  signSession(session: Session): SignedSession;
  signLogin(login: BegunLogin): SignedLogin;
  readonly publicKeyPem: string;
}
export interface Verifier {
  /** False for an unknown key, a changed decision, or what is no signature, whatever it is. */
  verify(signed: SignedDecision): boolean;
  verifyOrder(signed: SignedLaneOrder): boolean;
  verifyRequest(signed: SignedRequest): boolean;
  verifyEnds(signed: SignedChainEnds): boolean;
  verifyShipment(signed: SignedShipment): boolean;
  verifyToken(signed: SignedToken): boolean;
  verifySession(signed: SignedSession): boolean;
  verifyLogin(signed: SignedLogin): boolean;
  /** Of the public keys that this process has. */
  readonly keyIds: readonly string[];
  readonly unsignedRequests: UnsignedRequests;
}

/**
 * Which requests without a signature are believed: those that gateways took before the first signed one (`earlier`), all (`accept`: while
 * gateways of an older version run beside newer ones), or none (`refuse`).
 */
export type UnsignedRequests = 'earlier' | 'accept' | 'refuse';

export function createSigner(privateKeyPem: string): Signer {
  const key = createPrivateKey(privateKeyPem);
  const keyId = keyIdOf(createPublicKey(key));
  const seal = (bytes: Buffer) => ({ keyId, signature: sign(null, bytes, key).toString('base64') });
  return {
    sign: (decision) => ({ decision, ...seal(bytesOf(decision)) }),
    signOrder: (order) => ({ order, ...seal(bytesOf(order)) }),
    signRequest: (taken) => ({ taken, ...seal(labelled('request', taken)) }),
    signEnds: (statement) => ({ statement, ...seal(labelled('chain ends', statement)) }),
    signShipment: (shipment) => ({ shipment, ...seal(labelled('shipment', shipment)) }),
    signToken: (token) => ({ token, ...seal(labelled('service token', token)) }),
    signSession: (session) => ({ session, ...seal(labelled('session', session)) }),
    signLogin: (login) => ({ login, ...seal(labelled('login', login)) }),
    publicKeyPem: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** Takes any number of public keys, so that a key can be replaced while decisions signed by the old one still count. */
export function createVerifier(
  publicKeyPems: readonly string[],
  { unsignedRequests = 'earlier' }: { unsignedRequests?: UnsignedRequests } = {},
): Verifier {
  const keys = new Map(publicKeyPems.map((pem) => createPublicKey(pem)).map((key) => [keyIdOf(key), key]));
  const shown = new Shown();
  const holds = <S extends Seal>(signed: S, bytesIn: (signed: S) => Buffer) => {
    try {
      const key = keys.get(signed.keyId);
      if (!key || !isSignature(signed.signature)) return false;
      const bytes = bytesIn(signed);
      return shown.once(bytes, signed, () => verify(null, bytes, key, Buffer.from(signed.signature, 'base64')));
    } catch {
      // Of no form that anybody signs: nested without end, a number that is none, nothing at all. Whoever may write to the records may write it there.
      return false;
    }
  };
  return {
    verify: (signed) => holds(signed, ({ decision }) => bytesOf(decision)),
    verifyOrder: (signed) => holds(signed, ({ order }) => bytesOf(order)),
    verifyRequest: (signed) => holds(signed, ({ taken }) => labelled('request', taken)),
    verifyEnds: (signed) => holds(signed, ({ statement }) => labelled('chain ends', statement)),
    verifyShipment: (signed) => holds(signed, ({ shipment }) => labelled('shipment', shipment)),
    verifyToken: (signed) => holds(signed, ({ token }) => labelled('service token', token)),
    verifySession: (signed) => holds(signed, ({ session }) => labelled('session', session)),
    verifyLogin: (signed) => holds(signed, ({ login }) => labelled('login', login)),
    keyIds: [...keys.keys()],
    unsignedRequests,
  };
}

/** Whether a key that this process does not have is named as the one that signed it. Whoever wrote it may have named what they like. */
export function isByUnknownKey({ keyId }: { keyId: unknown }, { keyIds }: Pick<Verifier, 'keyIds'>): boolean {
  return typeof keyId === 'string' && /^[0-9a-f]{16}$/.test(keyId) && !keyIds.includes(keyId);
}

/** 64 bytes in base64. Anything else is not looked at, nor remembered: it may be as long as a row, or be no text and only have a length. */
function isSignature(text: unknown): boolean {
  return typeof text === 'string' && /^[A-Za-z0-9+/]{86}==$/.test(text);
}

interface Seal {
  keyId: string;
  signature: string;
}

/** Some hours of a busy installation; more than all orders that a lane can have, which are asked for one after the other, over and over. */
const mostShown = 32_768;

/**
 * What was shown to hold, by its exact bytes, key and signature: it holds again. Each step of a release asks for the same few, and each asks
 * for every order that its lane was ever given. What does not hold has its own place: nobody can crowd out what does.
 */
class Shown {
  readonly #held = new Recent(mostShown);
  readonly #refused = new Recent(mostShown);

  once(bytes: Buffer, { keyId, signature }: Seal, holds: () => boolean): boolean {
    // The hash first, which is always as long: no part of the content can pass for a part of the signature.
    const what = `${createHash('sha256').update(bytes).digest('base64')} ${keyId} ${signature}`;
    if (this.#held.has(what)) return true;
    if (this.#refused.has(what)) return false;
    const isTrue = holds();
    (isTrue ? this.#held : this.#refused).add(what);
    return isTrue;
  }
}

/** Those that were asked for last. */
class Recent {
  readonly #all = new Set<string>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  has(what: string): boolean {
    if (!this.#all.delete(what)) return false;
    this.#all.add(what);
    return true;
  }

  add(what: string): void {
    this.#all.add(what);
    for (const oldest of this.#all) {
      if (this.#all.size <= this.#most) break;
      this.#all.delete(oldest);
    }
  }
}

export function createKeyPair(): { privateKeyPem: string; publicKeyPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function bytesOf(content: Decision | LaneOrder): Buffer {
  return Buffer.from(canonicalJson(content));
}

type Labelled = TakenRequest | ChainEnds | Shipment | ServiceToken | Session | BegunLogin;

function labelled(label: Label, content: Labelled): Buffer {
  return Buffer.from(labelledText(label, content));
}

function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, keyIdCharacters);
}
