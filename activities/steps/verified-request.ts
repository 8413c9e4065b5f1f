import { canonicalJson } from '../../domain/canonical.ts';
import { releaseId as idOfRelease } from '../../domain/contract/names.ts';
import type { ReleaseRequest } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Attempt } from '../records/port.ts';
import type { Verifier } from '../shared/signatures.ts';
import { notSigned } from './not-signed.ts';

/**
 * The request of an attempt, as the gateway signed it: whoever can write to the table of attempts cannot say who asked, for which commit, or
 * from which repository. Throws SLIP-REC-6 (terminal) for a row that says something else, and for one without a signature that should have one;
 * SLIP-REC-9 (terminal) for one that was signed with a key that is not known here.
 */
export function verifiedRequest(attempt: Attempt, verifier: Verifier): ReleaseRequest {
  const { releaseId, request, requestKey, signed } = attempt;
  if (!signed) return unsignedRequest(attempt, verifier);
  const recorded = { releaseId, requestKey, request };
  const refuse = (why: string) => failure('SLIP-REC-6', `the request of ${releaseId} ${why}`);
  if (!verifier.verifyRequest(signed)) throw notSigned(`the request of ${releaseId}`, signed, verifier);
  if (canonicalJson(signed.taken) !== canonicalJson(recorded)) throw refuse('is not the one that was signed');
  if (idOfRelease(request) !== releaseId) throw refuse('was signed for a release with another id');
  return signed.taken.request;
}

/** Whether `verifiedRequest` would take it. */
export function isVerified(attempt: Attempt, verifier: Verifier): boolean {
  try {
    verifiedRequest(attempt, verifier);
    return true;
  } catch {
    return false;
  }
}

/** Gateways of older versions sign none: what they took before the first signature still finishes. */
function unsignedRequest({ releaseId, request, beforeSigning }: Attempt, verifier: Verifier): ReleaseRequest {
  const { unsignedRequests: believed } = verifier;
  if (believed === 'accept' || (believed === 'earlier' && beforeSigning)) return request;
  const since = believed === 'earlier' ? ', though others before it have one' : '';
  throw failure('SLIP-REC-6', `the request of ${releaseId} has no signature${since}`);
}
