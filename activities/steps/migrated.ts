import type { ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Records } from '../records/port.ts';
import type { Authority } from './types.ts';

type Of = Pick<Authority, 'releaseId' | 'planHash'>;
const nameOf = (database: string) => `migration-verified-${database}`;

/** The schema of this database was seen as the plan of this release wants it. */
export async function keepMigrated(
  plans: Pick<Records['plans'], 'keep'>,
  { releaseId, planHash }: Of,
  database: string,
): Promise<void> {
  await plans.keep(releaseId, nameOf(database), { planHash });
}

/** Code that wants another schema is not deployed before it is there, whatever its workflow says. Throws SLIP-REL-1 (terminal). */
export async function requireMigrated(
  plans: Pick<Records['plans'], 'kept'>,
  { releaseId, planHash }: Of,
  { migrations }: ReleasePlan,
): Promise<void> {
  for (const { database, pending } of migrations) {
    if (pending.length === 0) continue;
    const proof = (await plans.kept(releaseId, nameOf(database))) as { planHash: string } | undefined;
    if (proof?.planHash !== planHash) throw failure('SLIP-REL-1', `${database} has not been migrated by ${releaseId}`);
  }
}
