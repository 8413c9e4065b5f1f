import { componentsIn } from '../../domain/components-in.ts';
import { sha256 } from '../../activities/shared/sha256.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { LaneView, PlanCommits, PlanView, ReleaseView, VerifiedBeside } from '../../domain/contract/gateway.ts';
import type { Digest, VerifiedRelease } from '../../domain/contract/release.ts';
import { artifactDigestOf } from '../../domain/delivery.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import { planLines, told } from '../../domain/plan-differences.ts';
import type { PlanLine } from '../../domain/plan-differences.ts';
import { secondLooks } from '../../domain/second-looks.ts';
import type { SecondLook } from '../../domain/second-looks/seen.ts';
import { CliFailure, isGatewayFailure, usageFailure } from './failures.ts';
import type { GatewayClient } from './gateway-client.ts';
import type { BesideAnswer, VerifiedAnswer } from './gateway-shapes.ts';

export interface RunsThere extends Pick<LaneView, 'leftBehind'> {
  inventory: RunsInPlace[];
}
export interface RunsInPlace extends Pick<VerifiedRelease, 'region' | 'component' | 'image' | 'planHash'> {
  artifact: { digest: Digest | undefined };
}

/** A plan beside what was verified last: both are what their hashes were made of. */
export interface PlanToShow extends Pick<VerifiedBeside, 'approvalNow' | 'policyNow'> {
  hash: string;
  /** Safe to print, and so perhaps less than what is hashed: `lines` are all of it. */
  plan: PlanView;
  /** As the gateway gave it. */
  raw: unknown;
  /** What it is compared with. */
  verified?: Omit<VerifiedAnswer, 'raw'>;
  /** Why it is compared with nothing. */
  alone?: string;
  secondLooks: SecondLook[];
  lines: PlanLine[];
  /** What is verified in the regions now, or was when it was made; absent when that could not be asked. */
  runs?: RunsThere;
  /** Who has asked for the release that it is shown for, and when. */
  asked?: Pick<ReleaseView, 'requestedBy' | 'byItself' | 'startedAt'>;
  /** What it brings; absent where that could not be asked. */
  commits?: PlanCommits;
  /** What it is shown beside: what is verified now; what was when it was made, of a release that has ended since; or another plan that was named. */
  beside: 'now' | 'then' | 'other';
  /** Whose plan it is, where it is not shown beside what is verified now. */
  releaseId?: string;
}

/**
 * The plan with that hash, for the person who decides. Throws when the content is not what the hash was made of: what is approved is what
 * was shown. The same is asked of what it is compared with, so that nothing can be made to look as if it had been there before.
 */
export async function planToShow(gateway: GatewayClient, hash: string, ended?: string): Promise<PlanToShow> {
  const { plan, raw } = await gateway.plan(hash);
  requireHash(raw, hash);
  const [{ verified, alone, before, approvalNow, policyNow }, commits, now] = await Promise.all([
    baseOf(gateway, { hash, plan, ended }),
    ifItAnswers(() => gateway.commitsOf(hash, ended)),
    ended === undefined ? ifItAnswers(() => gateway.lane(plan)) : undefined,
  ]);
  const runs = ended === undefined ? now : verified && ranThen(before, verified);
  return {
    hash,
    plan,
    raw,
    ...(verified && { verified }),
    ...(alone !== undefined && { alone }),
    ...(approvalNow && { approvalNow }),
    ...(policyNow && { policyNow }),
    secondLooks: secondLooks(raw, before),
    lines: planLines(raw, before),
    ...(runs && { runs }),
    ...(commits && { commits }),
    beside: ended === undefined ? 'now' : 'then',
    ...(ended !== undefined && { releaseId: ended }),
  };
}

/** Whose plan it is, and when that was asked for (ms). */
export interface NamedPlan {
  hash: string;
  releaseId: string;
  at: number;
}

/** The plan of one release beside that of another, both as they were. Throws like `planToShow`. */
export async function planBeside(
  gateway: GatewayClient,
  { hash, releaseId }: NamedPlan,
  other: NamedPlan,
): Promise<PlanToShow> {
  const [{ plan, raw }, { raw: before }] = await Promise.all([gateway.plan(hash), gateway.plan(other.hash)]);
  requireHash(raw, hash);
  requireHash(before, other.hash);
  if ((before as PlanView).service !== plan.service)
    throw usageFailure('these are plans of two services', 'Compare releases of one service.');
  const beside = { planHash: other.hash, releaseId: other.releaseId, verifiedAt: other.at };
  const runs = ranThen(before, beside);
  return {
    hash,
    plan,
    raw,
    verified: beside,
    // They are for whoever approves a plan beside what is verified.
    secondLooks: [],
    lines: planLines(raw, before),
    ...(runs && { runs }),
    beside: 'other',
    releaseId,
  };
}

/** The same for programs: what differs, or all of it. */
export function planDocument(
  { hash, raw, verified, alone, secondLooks: looks, lines, beside, commits, approvalNow, policyNow }: PlanToShow,
  full: boolean,
) {
  const shown = full || alone !== undefined ? lines : told(lines);
  // Another plan that was named may never have been verified.
  const { planHash, releaseId } = verified ?? {};
  const before = beside === 'other' ? { comparedWith: { planHash, releaseId } } : { ...(verified && { verified }) };
  return {
    hash,
    plan: raw,
    ...before,
    ...(commits && { commits }),
    ...(alone !== undefined && { alone }),
    ...(approvalNow && { approvalNow }),
    ...(policyNow && { policyNow }),
    secondLooks: looks,
    lines: shown,
    ...(shown.length < lines.length && { moreLines: lines.length - shown.length }),
  };
}

type Base = Pick<PlanToShow, 'verified' | 'alone' | 'approvalNow' | 'policyNow'> & { before?: unknown };

interface Asked {
  hash: string;
  plan: PlanView;
  ended: string | undefined;
}

async function baseOf(gateway: GatewayClient, { hash, ...asked }: Asked): Promise<Base> {
  const answer = await ifItAnswers(() => gateway.verifiedBeside(hash, asked.ended));
  const { approvalNow, policyNow } = answer ?? {};
  return {
    ...baseIn(answer?.verified, asked),
    ...(approvalNow && { approvalNow }),
    ...(policyNow && { policyNow }),
  };
}

function baseIn(answer: BesideAnswer['verified'] | undefined, { plan, ended }: Omit<Asked, 'hash'>): Base {
  const isThen = ended !== undefined;
  const last = isThen ? 'What was verified here when it was made' : 'What was verified here last';
  if (!answer) return { alone: `${last} could not be asked, so that nothing can be compared.` };
  if (answer === 'untold') return { alone: `${last} is not on record, so that nothing can be compared.` };
  if (answer === 'nothing')
    return {
      alone: `Nothing ${isThen ? 'had' : 'has'} been verified here yet, so that all of it ${isThen ? 'was' : 'is'} new.`,
    };
  const { raw, ...verified } = answer;
  if (raw === undefined)
    return { verified, alone: `The plan of ${last.replace('What', 'what')} is not on record any more.` };
  requireHash(raw, verified.planHash);
  const { service, environment } = raw as Partial<PlanView>;
  if (service !== plan.service || environment !== plan.environment) throw anotherPlan(verified.planHash);
  return { verified, before: raw };
}

/** By the plan that was verified then: what each of its regions had of each component. */
function ranThen(before: unknown, { planHash }: Pick<VerifiedAnswer, 'planHash'>): RunsThere | undefined {
  const { regions, components } = (before ?? {}) as Partial<PlanView>;
  if (!regions || !components) return undefined;
  const inventory = regions.flatMap(({ name: region }) =>
    componentsIn({ components }, region).map((planned) => ({
      ...{ region, component: planned.name, image: planned.image, planHash },
      artifact: { digest: artifactDigestOf(planned) },
    })),
  );
  return { inventory };
}

/** Undefined when it cannot be asked: the plan can be read without it. */
async function ifItAnswers<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isGatewayFailure(error)) return undefined;
    throw error;
  }
}

function requireHash(raw: unknown, hash: string): void {
  if (sha256(canonicalJson(raw)) !== hash.replace(/^sha256:/, '')) throw anotherPlan(hash);
}

function anotherPlan(hash: string): CliFailure {
  return new CliFailure({
    code: 'plan-mismatch',
    message: `what the gateway shows as plan ${hash} is not the plan with that hash`,
    next: 'Do not approve it. Tell whoever runs the gateway: its records may have been changed.',
    exitCode: otherExitCodes.refused,
  });
}
