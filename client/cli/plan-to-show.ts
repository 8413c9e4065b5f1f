import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical.ts';
import type { LaneView, PlanView } from '../../domain/contract/gateway.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import type { Cli } from './cli.ts';
import { CliFailure, isGatewayFailure } from './failures.ts';
import type { GatewayClient } from './gateway-client.ts';
import { renderPlan } from './render-plan.ts';

/**
 * The plan with that hash, as lines for the person who decides. Throws when the content is not what the hash was made of:
 * what is approved is what was shown.
 */
export async function shownPlan(
  cli: Cli,
  gateway: GatewayClient,
  hash: string,
): Promise<{ plan: PlanView; lines: string[] }> {
  const { plan, raw } = await gateway.plan(hash);
  if (createHash('sha256').update(canonicalJson(raw)).digest('hex') !== hash.replace(/^sha256:/, ''))
    throw anotherPlan(hash);
  const runs = await whatRuns(gateway, plan);
  return { plan, lines: renderPlan(plan, { hash, colors: cli.colors, ...runs }) };
}

/** Undefined when it cannot be asked: the plan can be read without it. */
async function whatRuns(
  gateway: GatewayClient,
  plan: PlanView,
): Promise<Pick<LaneView, 'inventory' | 'leftBehind'> | undefined> {
  try {
    return await gateway.lane(plan);
  } catch (error) {
    if (isGatewayFailure(error)) return undefined;
    throw error;
  }
}

function anotherPlan(hash: string): CliFailure {
  return new CliFailure({
    code: 'plan-mismatch',
    message: `what the gateway shows as plan ${hash} is not the plan with that hash`,
    next: 'Do not approve it. Tell whoever runs the gateway: its records may have been changed.',
    exitCode: otherExitCodes.refused,
  });
}
