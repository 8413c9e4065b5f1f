import type { FailureDetails } from '../../domain/errors/failure.ts';
import type { Alongside } from '../migrations/port.ts';
import type { Records } from '../records/port.ts';
import { documentOf } from './migration-jobs.ts';
import type { Authority, MigrationInput } from './types.ts';

/**
 * How the migration of a database ended in its run. Said before its Job is taken away: whoever finds none afterwards, because a worker died or
 * a reply was lost, would have to say that it may have run, or would run it again.
 */
export type MigrationEnd =
  ({ kind: 'succeeded'; log: string } & Alongside) | ({ kind: 'failed'; why: FailureDetails } & Alongside) | GivenUp;

/**
 * Before it began. Only the watch makes its Job again, where that may help. `lastLook`: it was certain at the look of that version, and is not
 * yet for what came after; without it nothing can have begun since.
 */
export interface GivenUp {
  kind: 'given up';
  why: FailureDetails;
  lastLook?: string;
}

type Of = Pick<MigrationInput, 'database'> & { authority: Pick<Authority, 'releaseId'> };

export interface MigrationEnds {
  keep(input: Of, job: string, end: MigrationEnd): Promise<void>;
  find(input: Of): Promise<MigrationEnd | undefined>;
  /** What was given up begins again, or could not be taken away and may have begun since. */
  withdraw(input: Of): Promise<void>;
}

export function migrationEnds({ plans }: Pick<Records, 'plans'>): MigrationEnds {
  return {
    keep: ({ authority, database }, job, end) => plans.keep(authority.releaseId, documentOf(database), { job, ...end }),
    async find({ authority, database }) {
      const kept = (await plans.kept(authority.releaseId, documentOf(database))) as Partial<MigrationEnd> | undefined;
      return kept?.kind && (kept as MigrationEnd);
    },
    withdraw: ({ authority, database }) => plans.keep(authority.releaseId, documentOf(database), {}),
  };
}
