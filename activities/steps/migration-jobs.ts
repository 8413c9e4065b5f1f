import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical.ts';
import type { ServiceBounds } from '../../domain/contract/policy.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import type { MigrationJob } from '../migrations/port.ts';
import { placeOf, type MigrationPlace } from './migration-place.ts';
import type { MigrationInput } from './types.ts';

/** `apply` changes the database; all others only look. */
export type Look = 'plan' | 'models' | 'verify' | 'left';

/** One look at it. */
export interface WantedLookJob {
  purpose: Look;
  command: string[];
  releaseId: string;
  /** Which try of the look, from 0. */
  nth: number;
  /** Whose look: what others have left is not its answer. */
  lookOf: string;
}

/**
 * Named by the run: once in a run, whoever asks and however often. Another attempt of the same commit, which somebody has to start by
 * hand, gets a Job of its own, and only when no other is at work on the database.
 */
export function applyJob(
  plan: ReleasePlan,
  { database, authority }: MigrationInput,
  { serviceAccounts }: ServiceBounds,
): MigrationJob {
  const place = placeOf(plan, database);
  const { commands, envFrom } = place.migration;
  const may = { for: 'changing' as const, serviceAccounts: serviceAccounts.apply };
  const job = jobOf(place, { purpose: 'apply', command: commands.apply, key: authority.releaseId, may });
  return { ...job, envFrom, alone: true, ...borrowingOf(place) };
}

/**
 * A Job that only looks. Named by what it looks at and for which release, and not by who asks: however many steps somebody schedules, there is one
 * of each try at a time.
 */
export function lookJob(
  place: MigrationPlace,
  { releaseId, nth, lookOf, ...look }: WantedLookJob,
  bounds: ServiceBounds,
): MigrationJob {
  const { planEnvFrom, planApart } = place.migration;
  const { secrets, serviceAccounts } = bounds;
  const may = { for: 'looking' as const, secrets: secrets.plan, serviceAccounts: serviceAccounts.plan };
  return {
    ...jobOf(place, { ...look, key: `${releaseId}/${nth}`, may }),
    lookOf,
    envFrom: planEnvFrom,
    ...borrowingOf(place, { apart: planApart === true }),
  };
}

/** `apart`: as somebody else than what it borrows from, so with nothing that is given to that. */
function borrowingOf(
  { migration: { like }, brought }: MigrationPlace,
  { apart = false } = {},
): Pick<MigrationJob, 'like' | 'brought'> {
  if (!like) return {};
  return apart ? { like: { ...like, only: 'place' } } : { like, ...(brought && { brought }) };
}

function jobOf(
  { migration, region, image }: MigrationPlace,
  { purpose, command, key, may }: { purpose: Look | 'apply'; command: string[]; key: string; may: MigrationJob['may'] },
): MigrationJob {
  const { database, lockTimeoutMs } = migration;
  const hash = createHash('sha256')
    .update(canonicalJson([database, purpose, image, command, key]))
    .digest('hex');
  return {
    cluster: region.cluster,
    namespace: region.namespace,
    name: `slipway-${purpose}-${database}`.slice(0, 46).replace(/(?<!-)-+$/, '') + `-${hash.slice(0, 12)}`,
    image,
    command,
    env: migration.env,
    envFrom: [],
    // A lock that cannot be had in time fails the migration instead of stopping the shop. libpq reads this variable; the last one counts.
    ...(lockTimeoutMs > 0 && { appended: { PGOPTIONS: `-c lock_timeout=${lockTimeoutMs}` } }),
    labels: { 'app.kubernetes.io/managed-by': 'slipway', 'slipway/purpose': purpose, 'slipway/database': database },
    timeoutMs: migration.timeoutMs,
    may,
  };
}

/** How the migration of this database ended, among the documents of its run. */
export function documentOf(database: string): string {
  return `migration-${database}`;
}
