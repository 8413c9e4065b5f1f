import type { SchemaChange, VerifiedRelease } from '../../domain/contract/release.ts';
import { aCommit, anImage, aReleaseId, aVerified } from '../domain/builders.ts';

/** A release of its own, verified in `de` at that time: with the commit and the image of this digit. */
export function verifiedAt(time: number, digit: string, state: VerifiedRelease['state'] = 'verified'): VerifiedRelease {
  const commit = aCommit(digit);
  return aVerified({
    commit,
    releaseId: aReleaseId(1, commit),
    image: anImage('core', digit),
    verifiedAt: time,
    state,
  });
}

/** What an earlier run did to the database `main`, after the release of `aVerified()` was verified: it only added. */
export function aSchemaChange(changes: Partial<SchemaChange> = {}): SchemaChange {
  return {
    service: 'shop',
    environment: 'production',
    database: 'main',
    releaseId: aReleaseId(1, aCommit('f')),
    pending: ['0002_weight'],
    contracting: [],
    changedAt: 600,
    ...changes,
  };
}
