import { Failure } from '../../domain/errors/failure.ts';
import type { FailureDetails } from '../../domain/errors/failure.ts';
import type { Records } from '../records/port.ts';
import { documentOf } from './migration-jobs.ts';
import type { MigrationInput } from './types.ts';

/**
 * A migration that its run gave up before it began. Said before its Job is taken away: whoever finds none afterwards, because a worker died
 * or a reply was lost, would have to say that it may have run. In this run the Job is not made again.
 */
export interface GivenUpMigrations {
  keep(input: MigrationInput, why: Failure): Promise<void>;
  find(input: MigrationInput): Promise<Failure | undefined>;
  /** It could not be taken away, and may have begun since. */
  withdraw(input: MigrationInput): Promise<void>;
}

export function givenUpMigrations({ plans }: Pick<Records, 'plans'>): GivenUpMigrations {
  return {
    keep: ({ authority, database }, { details }) =>
      plans.keep(authority.releaseId, documentOf(database), { givenUp: details }),
    async find({ authority, database }) {
      const kept = (await plans.kept(authority.releaseId, documentOf(database))) as Document | undefined;
      return kept?.givenUp && new Failure(kept.givenUp);
    },
    withdraw: ({ authority, database }) => plans.keep(authority.releaseId, documentOf(database), {}),
  };
}

interface Document {
  givenUp?: FailureDetails;
}
