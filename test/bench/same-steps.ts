import type { EngineSteps, EnvironmentSteps } from '../../activities/steps/types.ts';
import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { Ticket } from '../../domain/contract/release.ts';
import { inOrderOfNeed } from '../../domain/plan.ts';

/** Where the minimal workflow's worker listens. */
export const minimalQueue = 'bench-minimal';

/** The steps of a release without the engine around them: no lane, status, attributes, summaries, and nobody who handles failures. */
export type Steps = Pick<
  EngineSteps,
  'readRelease' | 'planRelease' | 'judgePlanDrift' | 'consumeApproval' | 'announce' | 'recordVerified' | 'recordEnd'
> &
  EnvironmentSteps;

export interface PlainRelease {
  releaseId: string;
  ticket: Ticket;
}

type Authority = Parameters<EnvironmentSteps['tagImages']>[0]['authority'];

/** The same steps with the same arguments in the same order as the engine, side by side where it has them side by side. */
export async function runSameSteps(
  steps: Steps,
  { releaseId, ticket }: PlainRelease,
  /** Resolves with the ids of the approvals that are stored. */
  approved: () => Promise<string[]>,
): Promise<void> {
  const { outline } = await steps.readRelease({ releaseId });
  const lookAtPlaces = async () => {
    await steps.lookAtRegions({ releaseId });
    await Promise.all(outline.databases.map((database) => steps.planMigration({ database, releaseId })));
  };
  await lookAtPlaces();
  const { plan } = await steps.planRelease({ releaseId });
  const planHash = plan.hash;
  const { notify, artifacts } = outline;
  await steps.announce({ message: 'approval' });
  const decisionIds = await approved();
  await lookAtPlaces();
  const drift = await steps.judgePlanDrift({ releaseId, planHash });
  if (drift.kind !== 'proceed') throw new Error(`${drift.kind}: ${drift.why}`);
  await steps.consumeApproval({ releaseId, planHash, decisionIds });

  const authority: Authority = { releaseId, subject: releaseId, planHash, ticket };
  await steps.tagImages({ authority, tags: 'commit' });
  for (const { database, count } of plan.migrations) if (count > 0) await migrate(steps, authority, database);
  for (const wave of plan.waves) {
    await Promise.all(wave.regions.map((region) => deployRegion(steps, authority, plan, region)));
  }
  await Promise.all(plan.regions.map((region) => verify(steps, authority, plan, region)));
  await steps.recordVerified({ authority, regions: plan.regions });
  if (plan.tags.length > 0) await steps.tagImages({ authority, tags: 'moving' });
  const result = { outcome: 'verified', summary: 'verified', planHash, artifacts, regions: [], timings: [] };
  await steps.recordEnd({ releaseId, result, notify });
}

async function migrate(steps: Steps, authority: Authority, database: string): Promise<void> {
  await steps.startMigration({ authority, database });
  await steps.watchMigration({ authority, database });
  await steps.verifyMigration({ authority, database });
}

async function deployRegion(steps: Steps, authority: Authority, plan: PlanOutline, region: string): Promise<void> {
  for (const group of inOrderOfNeed(plan.components)) {
    await Promise.all(
      group.map(async ({ name: component, image }) => {
        const input = { authority, region, component, image, purpose: 'deploy' as const };
        const applied = await steps.applyComponent(input);
        await steps.watchRollout({ ...input, applied, timeoutMs: plan.rolloutTimeoutMs });
      }),
    );
  }
  await verify(steps, authority, plan, region);
}

function verify(steps: Steps, authority: Authority, plan: PlanOutline, region: string) {
  const images = Object.fromEntries(plan.components.map(({ name, image }) => [name, image]));
  return steps.verifyRegion({ authority, region, images, purpose: 'deploy' });
}
