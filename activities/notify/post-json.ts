import { failure, failureDetails } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import type { PacedFailureDetails } from '../../domain/errors/failure.ts';
import { askOutside, pauseAsked } from './ask-outside.ts';
import type { Question } from './ask-outside.ts';

export type Posting = Omit<Question, 'method'> & { body: string };

/**
 * Throws what `askOutside` does; SLIP-NTF-1 (retryable: 408, 429, 5xx, with the pause that is asked for) and SLIP-NTF-2 (terminal: refused).
 */
export async function postJson(posting: Posting): Promise<void> {
  const { status, retryAfter } = await askOutside({ ...posting, method: 'POST' }, async (response) => {
    await response.body?.cancel();
    return { status: response.status, retryAfter: response.headers.get('retry-after') };
  });
  if (status >= 200 && status < 300) return;
  const detail = `${posting.url.host} answered ${status}`;
  const isPassing = status >= 500 || status === 408 || status === 429;
  if (!isPassing) throw failure('SLIP-NTF-2', detail);
  const retryAfterMs = pauseAsked(retryAfter);
  if (retryAfterMs === undefined) throw failure('SLIP-NTF-1', detail);
  const details: PacedFailureDetails = { ...failureDetails('SLIP-NTF-1', detail), retryAfterMs };
  throw new Failure(details);
}
