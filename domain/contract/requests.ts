import type { ReleaseRequest } from './release.ts';

/** What somebody has asked for, as the gateway took it: under which id it runs, and by which key a repetition is known. */
export interface TakenRequest {
  /** Workflow id of the release. */
  releaseId: string;
  requestKey: string;
  request: ReleaseRequest;
}

export interface SignedRequest {
  taken: TakenRequest;
  keyId: string;
  /** Ed25519 over the labelled canonical JSON of `taken`, base64. */
  signature: string;
}
