import { wayBackOnRecord } from '../../activities/steps/choose-rollbacks.ts';
import { lastPlanOf } from '../../activities/steps/recorded-result.ts';
import { changedBy } from '../../activities/steps/touching.ts';
import type { NoWayBack } from '../../domain/after-halt.ts';
import type { RegionPreview, RollbackPreview } from '../../domain/contract/gateway.ts';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { regionsOfOrder } from '../../domain/regions-of-order.ts';
import { artifactDigestOf } from '../../domain/delivery.ts';
import type { RollbackChoice, RollbackFacts } from '../../domain/rollback.ts';
import { carriedSince } from '../../domain/rollback-target.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';
import { requireUndoable } from './undoable.ts';

/**
 * What an order to roll back this release would do, by the very rules that it goes by. Throws what the order would be refused with, and 409 for an
 * open release that has changed nothing.
 */
export async function previewRollback(
  parts: GatewayParts,
  { releaseId, regions }: { releaseId: string; regions: string[] | undefined },
): Promise<RollbackPreview> {
  const { records } = parts;
  const attempt = await records.attempts.find(releaseId);
  if (!attempt) throw new Refused(404, 'not-found', `there is no release ${releaseId}`);
  const { service, environment } = attempt.request;
  const isOpen = attempt.outcome === undefined;
  if (isOpen && regions)
    throw new Refused(400, 'bad-request', 'a release that is open goes back as its own policy says, not by region');
  if (!isOpen) await requireUndoable(parts, { lane: { service, environment }, attempt, regions });
  const [plan, changed] = await Promise.all([lastPlanOf(records.plans, releaseId), changedBy(records, releaseId)]);
  if (!plan || (isOpen && changed.length === 0))
    throw new Refused(
      409,
      'conflict',
      `${releaseId} has changed nothing: there is nothing to put back`,
      isOpen ? `Stop it instead: slipway abort ${releaseId}` : `See how it has ended: slipway status ${releaseId}`,
    );
  const planned = plan.regions.map(({ name }) => name);
  const concerned = regionsOfOrder(regions, { outcome: attempt.outcome, isOpen, planned, changed });
  const found = await wayBackOnRecord(records, { plan, releaseId, regions: concerned });
  return { releaseId, regions: found.map(({ choice, facts }) => regionPreview(plan, choice, facts)) };
}

/** Undefined where an order to roll back this release would put something back somewhere, or without a plan to tell by. */
export async function whyNoWayBack(parts: GatewayParts, releaseId: string): Promise<NoWayBack | undefined> {
  if ((await lastPlanOf(parts.records.plans, releaseId)) === undefined) return undefined;
  try {
    const { regions } = await previewRollback(parts, { releaseId, regions: undefined });
    const refused = regions.flatMap((one) => (one.kind === 'refused' ? [one.why] : []));
    const isClosed = regions.length > 0 && refused.length === regions.length;
    return isClosed ? { why: [...new Set(refused)].join('; ') } : undefined;
  } catch (error) {
    // An order as a whole may be refused where one for some regions would not be, or where nothing is left to put back.
    if (error instanceof Refused && error.status === 409) return { why: error.message, next: error.body.next };
    throw error;
  }
}

function regionPreview(plan: ReleasePlan, choice: RollbackChoice, { history, schema }: RollbackFacts): RegionPreview {
  if (choice.kind === 'refused') return choice;
  const { kind, region, targets, newcomers = [] } = choice;
  return {
    kind,
    region,
    targets: targets.map((target) => {
      const row = history.find(
        (one) => one.component === target.component && one.releaseId === target.releaseId && one.image === target.image,
      );
      const planned = plan.components.find(({ name }) => name === target.component);
      const from = planned?.image;
      const isOther = row && planned && from === target.image && row.artifact.digest !== artifactDigestOf(planned);
      const since = row ? carriedSince(row.verifiedAt, schema) : [];
      return {
        ...target,
        ...(from && { from }),
        ...(isOther && { otherVariables: true as const }),
        ...(row && { verifiedAt: row.verifiedAt }),
        ...(since.length > 0 && { schemaSince: since }),
      };
    }),
    ...(newcomers.length > 0 && { newcomers: newcomers.map(({ component }) => component) }),
  };
}
