import { sha256 } from '../../activities/shared/sha256.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { LaneView, PlanView } from '../../domain/contract/gateway.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import { planLines, told } from '../../domain/plan-differences.ts';
import type { PlanLine } from '../../domain/plan-differences.ts';
import { secondLooks } from '../../domain/second-looks.ts';
import type { SecondLook } from '../../domain/second-looks/seen.ts';
import { CliFailure, isGatewayFailure } from './failures.ts';
import type { GatewayClient } from './gateway-client.ts';
import type { VerifiedAnswer } from './gateway-shapes.ts';

/** A plan beside what was verified last: both are what their hashes were made of. */
export interface PlanToShow {
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
  /** What is verified in the regions now; absent when it could not be asked. */
  runs?: Pick<LaneView, 'inventory' | 'leftBehind'>;
}

/**
 * The plan with that hash, for the person who decides. Throws when the content is not what the hash was made of: what is approved is what
 * was shown. The same is asked of what it is compared with, so that nothing can be made to look as if it had been there before.
 */
export async function planToShow(gateway: GatewayClient, hash: string): Promise<PlanToShow> {
  const { plan, raw } = await gateway.plan(hash);
  requireHash(raw, hash);
  const [base, runs] = await Promise.all([baseOf(gateway, hash, plan), ifItAnswers(() => gateway.lane(plan))]);
  const { verified, alone, before } = base;
  return {
    hash,
    plan,
    raw,
    ...(verified && { verified }),
    ...(alone !== undefined && { alone }),
    secondLooks: secondLooks(raw, before),
    lines: planLines(raw, before),
    ...(runs && { runs }),
  };
}

/** The same for programs: what differs, or all of it. */
export function planDocument({ hash, raw, verified, alone, secondLooks: looks, lines }: PlanToShow, full: boolean) {
  const shown = full || alone !== undefined ? lines : told(lines);
  return {
    hash,
    plan: raw,
    ...(verified && { verified }),
    ...(alone !== undefined && { alone }),
    secondLooks: looks,
    lines: shown,
    ...(shown.length < lines.length && { moreLines: lines.length - shown.length }),
  };
}

type Base = Pick<PlanToShow, 'verified' | 'alone'> & { before?: unknown };

async function baseOf(gateway: GatewayClient, hash: string, plan: PlanView): Promise<Base> {
  const answer = await ifItAnswers(async () => ({ verified: await gateway.verifiedBeside(hash) }));
  if (!answer) return { alone: 'What was verified here last could not be asked, so that nothing can be compared.' };
  if (!answer.verified) return { alone: 'Nothing has been verified here yet, so that all of it is new.' };
  const { raw, ...verified } = answer.verified;
  if (raw === undefined)
    return { verified, alone: 'The plan of what was verified here last is not on record any more.' };
  requireHash(raw, verified.planHash);
  const { service, environment } = raw as Partial<PlanView>;
  if (service !== plan.service || environment !== plan.environment) throw anotherPlan(verified.planHash);
  return { verified, before: raw };
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
