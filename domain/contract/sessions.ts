import type { Proof } from './people.ts';
import type { Millis } from './release.ts';

/** Somebody who has logged in with a browser: what the identity provider has said of them. As whom that counts is asked at each request. */
export interface Session {
  /** sha256, in hexadecimal digits, of what the browser has. */
  hash: string;
  issuer: string;
  clientId: string;
  proof: Pick<Proof, 'id' | 'called' | 'email' | 'belongs'>;
  at: Millis;
}

/** By a gateway: what somebody writes into the records themselves lets nobody in. */
export interface SignedSession {
  session: Session;
  keyId: string;
  signature: string;
}

/** A login that a browser has begun, and keeps itself until the identity provider sends it back. */
export interface BegunLogin {
  state: string;
  nonce: string;
  verifier: string;
  /** Where it goes then: a path of our own. */
  to: string;
  until: Millis;
}

export interface SignedLogin {
  login: BegunLogin;
  keyId: string;
  signature: string;
}
