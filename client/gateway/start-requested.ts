import type { Attempt } from '../../activities/records/port.ts';
import { isVerified, verifiedRequest } from '../../activities/steps/verified-request.ts';
import type { ReleaseRequest } from '../../domain/contract/release.ts';
import { begun } from './begun.ts';
import type { GatewayParts } from './calls.ts';
import { openForward } from './older-commit.ts';

/**
 * Opens the attempt that this key asks for, signs its request and begins its run; the same key again is the same attempt, and begins what was
 * interrupted. Whether they may, and all that can be refused of it, was judged before.
 */
export async function startRequested(
  parts: GatewayParts,
  asked: Omit<ReleaseRequest, 'attempt'>,
  { requestKey, newAttempt }: { requestKey: string; newAttempt: boolean },
): Promise<{ attempt: Attempt; created: boolean }> {
  const { engine, records, signer, verifier } = parts;
  const opened = await openForward(parts, asked, (refuseNew) =>
    records.attempts.open(asked, {
      requestKey,
      fresh: newAttempt,
      sign: (taken) => signer.signRequest(taken),
      believes: (known) => isVerified(known, verifier),
      refuseNew,
    }),
  );
  const { attempt } = opened;
  // A recorded attempt without a run is one whose start was interrupted: starting is repeated until it has happened.
  if (attempt.outcome === undefined) {
    const signed = verifiedRequest(attempt, verifier);
    await begun(parts, { what: 'the request', run: attempt.releaseId }, () => engine.startRelease(signed));
  }
  return opened;
}
