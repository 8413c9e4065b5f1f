import type { EvidenceDestination } from '../../activities/shared/evidence-destinations.ts';
import { inTime } from '../../activities/shared/in-time.ts';
import type { SignedChainEnds } from '../../domain/contract/evidence.ts';

type Send = (signed: SignedChainEnds) => Promise<void>;

/**
 * Sends to one destination, which has so much time to answer. What has not answered then may still be under way (a disk that hangs cannot be
 * called off): no second one is begun beside it, and its answer counts when it comes.
 */
export function sendingTo({ send }: Pick<EvidenceDestination, 'send'>, limitMs: number): Send {
  let underWay: { signed: SignedChainEnds; sent: Promise<void> } | undefined;
  const begin = (signed: SignedChainEnds) => {
    const sent = send(signed, AbortSignal.timeout(limitMs)).finally(() => (underWay = undefined));
    return { signed, sent };
  };
  return async (signed) => {
    underWay ??= begin(signed);
    if (underWay.signed.signature !== signed.signature)
      throw new Error(`it has not answered to statement ${underWay.signed.statement.n} yet`);
    await inTime(underWay.sent, limitMs, (words) => new Error(words));
  };
}
