import { approvalStanding } from '../../activities/steps/approval-standing.ts';
import { lastPlanOf } from '../../activities/steps/recorded-result.ts';
import type { RegionPreview, ReleaseView } from '../../domain/contract/gateway.ts';
import { secondLooks } from '../../domain/second-looks.ts';
import { besidePlan } from '../gateway/beside-plan.ts';
import type { GatewayParts } from '../gateway/calls.ts';
import { answerOf } from '../gateway/errors.ts';
import { planCommits } from '../gateway/plan-commits.ts';
import { view } from '../gateway/release-view.ts';
import { previewRollback } from '../gateway/rollback-preview.ts';
import type { Planned } from './details.ts';
import type { Shown } from './message.ts';
import { drawNudge } from './nudge.ts';

/** What the message of a run shows now. Throws as the gateway answers. */
export async function shownOf(parts: GatewayParts, run: string): Promise<Shown> {
  const now = await view(parts, run);
  const mayGoBack = now.open && now.status?.waitingFor?.decisions?.includes('roll-back') === true;
  const nudge =
    now.open && now.status?.stage === 'awaiting-approval'
      ? await nudgeFor(parts, run).catch(() => undefined)
      : undefined;
  return { view: now, ...(mayGoBack && { wayBack: await wayBackOf(parts, run) }), ...(nudge && { nudge }) };
}

async function nudgeFor(parts: GatewayParts, run: string): Promise<Shown['nudge']> {
  const standing = await approvalStanding(parts, run);
  return standing && drawNudge(standing, await parts.pipeline.people());
}

/** What going back would do, by the rules that it goes by, with what the schema says to it. */
async function wayBackOf(parts: GatewayParts, run: string): Promise<string[]> {
  try {
    return (await previewRollback(parts, { releaseId: run, regions: undefined })).regions.map(regionLine);
  } catch (error) {
    return [answerOf(error).body.message];
  }
}

function regionLine(preview: RegionPreview): string {
  if (preview.kind === 'refused') return `${preview.region} stays: ${preview.why}`;
  const since = [...new Set(preview.targets.flatMap(({ schemaSince = [] }) => schemaSince))];
  const schema =
    since.length === 0 ? 'the schema is as it was then' : `the schema carries it, with ${since.join(', ')}`;
  return `${preview.region} goes back; ${schema}`;
}

/** What the plan in force changes; undefined where there is none. What nobody can tell of it is left out. */
export async function plannedOf(
  parts: GatewayParts,
  { releaseId, recorded }: ReleaseView,
): Promise<Planned | undefined> {
  const hash = recorded?.planHash;
  const plan = hash === undefined ? undefined : await lastPlanOf(parts.records.plans, releaseId);
  if (hash === undefined || !plan) return undefined;
  const of = { hash, release: releaseId };
  const [beside, commits, inventory, attempt] = await Promise.all([
    besidePlan(parts, plan, of).catch(() => undefined),
    planCommits(parts, plan, of).catch(() => undefined),
    parts.records.inventory.current(plan),
    parts.records.attempts.find(releaseId),
  ]);
  return {
    hash,
    plan,
    looks: secondLooks(plan, beside?.verified?.plan),
    inventory,
    ...(commits && { commits }),
    ...(attempt && { repository: attempt.request.repository }),
  };
}
