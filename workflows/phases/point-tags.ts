import { ActivityFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import { failureOf } from '../failures.ts';
import type { Run } from '../run.ts';
import { changing } from '../steps.ts';

/**
 * The commit's own tag, from the approval on. Done before anything is changed, so that a registry that refuses is heard in time. Never
 * cancelled: a step that goes on unheard would write after its run has left the lane. Deploys themselves never look at a tag.
 */
export async function tagCommit(run: Run, plan: ReleasePlan): Promise<void> {
  await tagImages(run, 'commit', plan.commit.slice(0, 12));
  if (CancellationScope.current().consideredCancelled) await CancellationScope.current().cancelRequested;
}

/** Tags that go from release to release, such as `latest`, name what is verified. What runs is right without them. */
export async function moveTags(run: Run, plan: ReleasePlan): Promise<void> {
  if (plan.tags.length === 0) return;
  try {
    await tagImages(run, 'moving', plan.tags.join(', '));
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    run.say(`${plan.tags.join(', ')} could not be moved: ${failureOf(error).detail}`);
  }
}

function tagImages(run: Run, tags: 'commit' | 'moving', names: string): Promise<void> {
  return CancellationScope.nonCancellable(() =>
    changing
      .in(run.request.environment)
      .tagImages.executeWithOptions({ summary: `tag ${names}` }, [{ authority: run.authority(), tags }]),
  );
}
