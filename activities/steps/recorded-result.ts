import type { Millis, ReleasePlan } from '../../domain/contract/release.ts';
import type { VerifiedLast } from '../../domain/contract/gateway.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import type { Attempt, Plans, Records } from '../records/port.ts';
import { z } from 'zod';
import { releaseResult, runReport } from './input-documents.ts';
import type { RunReport } from './types.ts';

const ended = 'result';
const planned = 'planned';
/** What tells how a run has ended, and which plan is in force. */
export const standingDocuments = [ended, planned] as const;

/** How a run has ended, as `recordEnd` keeps it; undefined for one that has not. */
export async function resultOf(plans: Pick<Plans, 'kept'>, releaseId: string): Promise<ReleaseResult | undefined> {
  const kept = await plans.kept(releaseId, ended);
  return kept === undefined ? undefined : (releaseResult.safeParse(kept).data ?? unreadable);
}

/** It has ended: that counts, also where nobody can tell how. */
const unreadable: ReleaseResult = {
  outcome: 'halted',
  summary: 'what is on record of its end cannot be read: look at what it left behind',
  artifacts: [],
  regions: [],
  timings: [],
};

/** How a run has ended, as it is on record: of a release its outcome, of a rollback its result. Undefined for one that has not. */
export async function recordedOutcome(
  { attempts, plans }: Pick<Records, 'attempts' | 'plans'>,
  releaseId: string,
): Promise<string | undefined> {
  return outcomeOf(plans, releaseId, await attempts.find(releaseId));
}

/** The same, where its attempt is known already. */
export async function outcomeOf(
  plans: Pick<Plans, 'kept'>,
  releaseId: string,
  attempt: Attempt | undefined,
): Promise<string | undefined> {
  return attempt?.outcome ?? (await resultOf(plans, releaseId))?.outcome;
}

/** Its log and checks, where they are kept and can be read. */
export async function reportOf(plans: Pick<Plans, 'kept'>, releaseId: string): Promise<RunReport | undefined> {
  return runReport.safeParse(await plans.kept(releaseId, 'report')).data;
}

/** What was verified last when a plan was made; `nothing`: before anything was. */
export type ComparedWith = VerifiedLast | 'nothing';

const comparedWith = z.union([
  z.literal('nothing'),
  z.strictObject({ planHash: z.string(), releaseId: z.string(), verifiedAt: z.number() }),
]);

interface Planned {
  hash: string;
  /** Absent in what engines of before have kept. */
  comparedWith?: ComparedWith;
  /** When it came in force, by the clock of the records: from then on it is before people. Absent as that is. */
  since?: Millis;
}

/** Which plan is in force: kept when it is made, because a run that is ended from outside has no result to say it. */
export async function keepPlanHash(
  plans: Pick<Plans, 'keep'>,
  releaseId: string,
  hash: string,
  { comparedWith, since }: Omit<Planned, 'hash'> = {},
): Promise<void> {
  const made = { hash, ...(comparedWith && { comparedWith }), ...(since !== undefined && { since }) };
  await plans.keep(releaseId, planned, made satisfies Planned);
}

/** Since when that plan is the one in force; undefined where it is not, or nobody has kept it. */
export async function plannedSince(
  plans: Pick<Plans, 'kept'>,
  releaseId: string,
  hash: string,
): Promise<Millis | undefined> {
  const made = (await plans.kept(releaseId, planned)) as Planned | undefined;
  return made?.hash === hash && Number.isFinite(made.since) ? made.since : undefined;
}

/** The last plan that was made for it. What its run said of it at its end counts only where nothing else is known. */
export async function planHashOf(plans: Pick<Plans, 'kept'>, releaseId: string): Promise<string | undefined> {
  const made = (await plans.kept(releaseId, planned)) as Planned | undefined;
  return made?.hash ?? (await resultOf(plans, releaseId))?.planHash;
}

/** What this plan of a release was made beside; undefined where that is not on record. */
export async function comparedThen(
  plans: Pick<Plans, 'kept'>,
  { releaseId, hash }: { releaseId: string; hash: string },
): Promise<ComparedWith | undefined> {
  const made = (await plans.kept(releaseId, planned)) as Planned | undefined;
  const known = comparedWith.safeParse(made?.comparedWith);
  return made?.hash === hash ? known.data : undefined;
}

/** The plan with that hash; undefined where none was made, or where it is not stored any more. */
export async function lastPlanOf(
  plans: Pick<Plans, 'kept' | 'find'>,
  releaseId: string,
): Promise<ReleasePlan | undefined> {
  const hash = await planHashOf(plans, releaseId);
  return hash === undefined ? undefined : plans.find(hash);
}
