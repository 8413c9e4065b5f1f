import type { Decision } from '../../domain/contract/decisions.ts';
import type { Decisions } from '../records/port.ts';

/** Why a decision counts no more, by the records, whoever says it again: its run did not take it then. Undefined for one that may count. */
export async function voidBy(
  decisions: Pick<Decisions, 'weigh'>,
  { id, releaseId }: Pick<Decision, 'id' | 'releaseId'>,
): Promise<string | undefined> {
  const refused = (await decisions.weigh(releaseId)).find(({ decision }) => decision.id === id)?.refused;
  return refused === undefined ? undefined : `it was refused when it was first said, and is void since: ${refused}`;
}
