import type { HeardDecision } from '../../domain/authority.ts';
import type { Records } from '../records/port.ts';
import type { Verifier } from '../shared/signatures.ts';

type Weighed = Awaited<ReturnType<Records['decisions']['weigh']>>;

/** Those of them that were not refused, and whose signature holds. */
export function heardAmong(decisions: Weighed, verifier: Pick<Verifier, 'verify'>): HeardDecision[] {
  const lawful = decisions.filter((signed) => signed.refused === undefined && verifier.verify(signed));
  return lawful.map(({ decision, afterChange }) => ({ ...decision, afterChange }));
}
