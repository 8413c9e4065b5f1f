import type { ChainEnd, ChainedEntry } from '../audit-chain.ts';
import type { SignedDecision } from './decisions.ts';
import type { SignedChainEnds } from './evidence.ts';
import type { EvidenceLog, ReleaseEvidence } from './kept-evidence.ts';
import type { SignedLaneOrder } from './lane.ts';
import type { Millis, ReleasePlan, SchemaChange, VerifiedRelease } from './release.ts';
import type { SignedRequest } from './requests.ts';
import type { ReleaseResult } from './status.ts';
import type { Check } from './verdicts.ts';

/** Bytes of an evidence file. The largest plan there can be (4 MB), with the largest end (4 MB), is a third of that. */
export const mostBytesOfEvidence = 24_000_000;
/** Values in it: lists, maps and what they hold. JSON of small ones takes twenty times its bytes once it is read. */
export const mostPartsOfEvidence = 1_000_000;

/** Why something is not in it that is on record. */
export const noRoom = `an evidence file has ${mostBytesOfEvidence / 1_000_000} MB at most, and this one is full`;

/** Rows of the audit are in it until so long after the end, ms: clocks differ, and the last row of a run comes after its end is on record. */
export const afterEndMs = 600_000;

/** What is on record of one release, to be checked by whoever has the gateway's public key and nothing else. */
export interface EvidenceBundle {
  kind: 'slipway.evidence';
  version: 1;
  /** By the clock of the gateway that has made it. */
  madeAt: Millis;
  release: { id: string; number: number; service: string; environment: string };
  request?: BundledRequest;
  /** Of the plan in force, the last that was made. */
  planHash?: string;
  /** Since when that was before people, by the clock of the records. */
  plannedAt?: Millis;
  /** The one in force, and those that somebody has approved or refused. */
  plans: { hash: string; plan: ReleasePlan }[];
  /**
   * There where the plan keeps those from approving it who have written it: who of those that have decided has, or may have, as no address of theirs is
   * known. By the gateway's word: addresses are not in here.
   */
  wrote?: string[] | 'unknown';
  decisions: BundledDecision[];
  /** Of the lane, about what this release has left there. */
  orders: SignedLaneOrder[];
  /** What it had begun to change, by the records. */
  changed: string[];
  end?: BundledEnd;
  /** What is on record as verified by it, and not revoked since. */
  verified: VerifiedRelease[];
  /** What it has done to databases. */
  migrations: SchemaChange[];
  /** As the steps have kept it. */
  kept?: ReleaseEvidence;
  logs: EvidenceLog[];
  audit: BundledChain[];
  /** Where these chains had come to, as a gateway has signed it afterwards. */
  statements: SignedChainEnds[];
  /** Of the keys by which something in here is signed. */
  keyIds: string[];
  missing: Missing[];
}

/**
 * Addresses of people are left out, and stand in what is signed: whether the signature holds with them is the gateway's word then. Absent where
 * none were in it.
 */
export interface Addressless {
  withAddresses?: 'holds' | 'does not hold';
}

export type BundledRequest = SignedRequest & Addressless;

export interface BundledDecision extends SignedDecision, Addressless {
  /** Why the run did not take it, by the records alone: where a row of the audit says what it has gone by, that counts. */
  refused?: string;
  /** It came after the run had begun to change something, by the records alone: as above. */
  afterChange: boolean;
}

export interface BundledEnd {
  outcome: string;
  summary: string;
  endedAt?: Millis;
  /** As the run has told it. */
  result?: ReleaseResult;
  checks?: Check[];
  log?: { at: Millis; line: string }[];
}

/**
 * All rows of one chain of the lane from when the release was asked for to a while after its end, whatever they are about, and on to an end that was signed: so that none
 * can be missing between them. None where nothing was written there meanwhile.
 */
export interface BundledChain {
  chain: string;
  /** What the first row follows. */
  before: ChainEnd;
  rows: ChainedEntry[];
  /** The number of that statement about its end; absent where none was signed, or whoever has asked may not see it. */
  statement?: number;
  /** There are more rows, for which there was no room. */
  isCut?: true;
}

/** What is not in here, and why. */
export interface Missing {
  what: string;
  why: string;
}

export interface SignedEvidence {
  bundle: EvidenceBundle;
  keyId: string;
  /** Ed25519 over the labelled canonical JSON of `bundle`, base64. */
  signature: string;
}
