import type { Millis } from './release.ts';
import type { Right } from './rights.ts';

/** A credential of somebody, good for less than they are: what the gateway has signed of it. The token itself is nowhere. */
export interface ServiceToken {
  name: string;
  /** sha256 of the token. */
  hash: string;
  /** By their name under `people`. */
  person: string;
  rights: readonly Right[];
  /** Lanes are those of one of these services in one of these environments. */
  services: readonly string[];
  environments: readonly string[];
  createdBy: string;
  createdAt: Millis;
  expiresAt: Millis;
}

export interface SignedToken {
  token: ServiceToken;
  keyId: string;
  /** Ed25519 over the labelled canonical JSON of `token`, base64. */
  signature: string;
}

/** As it is on record. */
export interface StoredToken {
  signed: SignedToken;
  /** By whom it was made void. */
  revokedBy?: string;
}

/** What people see of one. */
export interface TokenView extends Omit<ServiceToken, 'hash' | 'rights'> {
  rights: Right[];
  state: 'good' | 'expired' | 'revoked';
  revokedBy?: string;
}

export interface TokenList {
  tokens: TokenView[];
}

/** What the gateway is asked to make. */
export interface CreateToken {
  name: string;
  person: string;
  rights: Right[];
  services: string[];
  environments: string[];
  expiresInMs: Millis;
}

/** `secret`: the token itself, which nobody is told a second time. */
export interface TokenCreated extends TokenView {
  secret: string;
}
