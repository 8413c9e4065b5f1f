import { refuseElsewhere } from '../../domain/authority.ts';
import type { ReleaseRequest } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { releaseRecord, requireOwnRun } from './release-record.ts';
import type { RecordDependencies, ReleaseRecord } from './release-record.ts';
import { requireUnderstood } from './understood.ts';

/**
 * What is on record of an open release of this worker's own environment, for a step that its run has asked for. Throws SLIP-REL-10 and SLIP-REL-1
 * (terminal) for any other, SLIP-REL-17 (retryable) for one that this worker is too old for.
 */
export async function openHere(
  deps: RecordDependencies & { environment?: string },
  releaseId: string,
): Promise<{ record: ReleaseRecord; request: ReleaseRequest }> {
  requireOwnRun(releaseId);
  const record = releaseRecord(deps, releaseId);
  const request = await record.openRequest();
  const elsewhere = refuseElsewhere(request, deps);
  if (elsewhere !== undefined) throw failure('SLIP-REL-1', elsewhere);
  requireUnderstood(await record.read());
  return { record, request };
}
