import type { ReleasePlan } from '../../domain/contract/release.ts';
import type { Run } from '../run.ts';
import { changing } from '../steps.ts';

/** The tags people use point to the approved digests from now on. Deploys themselves never look at a tag. */
export async function pointTags(run: Run, plan: ReleasePlan): Promise<void> {
  await changing
    .in(run.request.environment)
    .tagImages.executeWithOptions({ summary: `tag ${[plan.commit.slice(0, 12), ...plan.tags].join(', ')}` }, [
      { authority: run.authority() },
    ]);
}
