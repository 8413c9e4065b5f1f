import type { ChainEnd } from '../audit-chain.ts';
import type { Millis } from './release.ts';

/** The end of one lane's audit, as the gateway saw it. */
export interface LaneEnd extends ChainEnd {
  lane: string;
}

/**
 * What the gateway says, outside of the records, about the ends of the audit: those that have moved since it last said something, and all of
 * them when it starts.
 */
export interface ChainEnds {
  /** Rises with the statements of an installation: by one, where nobody without a key has taken a number. A missing one is noticed by `previous`. */
  n: number;
  at: Millis;
  installation: string;
  ends: LaneEnd[];
  /** sha256 of the canonical JSON of the statement before, with its signature; of nothing for the first. */
  previous: string;
}

/** How far a destination has got the statements of an installation: signed, so that nobody else can say that something was sent. */
export interface Shipment {
  destination: string;
  n: number;
  installation: string;
  /** sha256 of the canonical JSON of the last one that it has got, with its signature: another may come to have its number. */
  statement: string;
}

export interface SignedShipment {
  shipment: Shipment;
  keyId: string;
  /** Ed25519 over the labelled canonical JSON of `shipment`, base64. */
  signature: string;
}

export interface SignedChainEnds {
  statement: ChainEnds;
  keyId: string;
  /** Ed25519 over the labelled canonical JSON of `statement`, base64. */
  signature: string;
}
