import type { ChainEnd, ChainedEntry } from '../audit-chain.ts';
import type { SignedDecision } from './decisions.ts';
import type { SignedChainEnds } from './evidence.ts';
import type { EvidenceLog, ReleaseEvidence } from './kept-evidence.ts';
import type { SignedLaneOrder } from './lane.ts';
import type { Millis, ReleasePlan, SchemaChange, VerifiedRelease } from './release.ts';
import type { SignedRequest } from './requests.ts';
import type { ReleaseResult } from './status.ts';
import type { Check } from './verdicts.ts';

/** Bytes of a file of evidence. The largest plan there can be (4 MB), with the largest end (4 MB), is a third of that. */
export const mostBytesOfEvidence = 24_000_000;
/** Values in it: lists, maps and what they hold. JSON of small ones takes twenty times its bytes once it is read. */
export const mostPartsOfEvidence = 1_000_000;

/** What is on record of one release, to be checked by whoever has the gateway's public key and nothing else. */
export interface EvidenceBundle {
  kind: 'slipway.evidence';
  version: 1;
  /** By the clock of the gateway that has made it. */
  madeAt: Millis;
  release: { id: string; number: number; service: string; environment: string };
  request?: SignedRequest;
  /** Of the plan in force, the last that was made. */
  planHash?: string;
  /** Since when that was before people, by the clock of the records. */
  plannedAt?: Millis;
  /** The one in force, and those that somebody has approved or refused. */
  plans: { hash: string; plan: ReleasePlan }[];
  /** Addresses of who has written what is released; there where the plan keeps them from approving it. */
  authors?: string[] | 'unknown';
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

export interface BundledDecision extends SignedDecision {
  /** Why the run did not take it: then it stands for nothing. */
  refused?: string;
  /** It came after the run had begun to change something. */
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

/** Rows of one chain of the audit, without a gap: from the first about this run to the last, or to the next end that was signed. */
export interface BundledChain {
  chain: string;
  /** What the first row follows. */
  before: ChainEnd;
  /** Of the first and the last row about this run, by number. */
  first: number;
  last: number;
  rows: ChainedEntry[];
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
