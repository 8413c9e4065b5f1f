import { ActivityFailure, isCancellation } from '@temporalio/workflow';
import type { PlanOutline } from '../../domain/contract/outline.ts';
import { failureOf } from '../failures.ts';
import { patiently } from '../patiently.ts';
import type { Run } from '../run.ts';
import { tagging } from '../steps.ts';
import { stopIfCancelled } from '../stop-if-cancelled.ts';

/**
 * The commit's own tag, from the approval on. Done before anything is changed, so that a registry that refuses is heard in time. Deploys
 * themselves never look at a tag.
 */
export async function tagCommit(run: Run, plan: PlanOutline): Promise<void> {
  await run.once('tagged', async () => {
    run.say('tagging the images with their commit');
    const { tagImages } = tagging.commit(run.state.request.environment);
    const summary = `tag ${plan.commit.slice(0, 12)}`;
    await patiently(run, summary, () =>
      tagImages.executeWithOptions({ summary }, [{ authority: run.authority(), tags: 'commit' }]),
    );
  });
  await stopIfCancelled();
}

/** Tags that go from release to release, such as `latest`, name what was verified last. What runs is right without them. */
export async function moveTags(run: Run, plan: PlanOutline): Promise<void> {
  if (plan.tags.length === 0) return;
  const names = plan.tags.join(', ');
  const { tagImages } = tagging.moving(run.state.request.environment);
  try {
    await tagImages.executeWithOptions({ summary: `tag ${names}` }, [{ authority: run.authority(), tags: 'moving' }]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    run.say(`${names} could not be moved: ${failureOf(error).detail}`);
  }
  await stopIfCancelled();
}
