import { sleep } from '@temporalio/workflow';
import type { PinnedImage, PlannedComponent, ReleasePlan, WaveSpec } from '../../domain/contract/release.ts';
import { shortDigest } from '../../domain/images.ts';
import { inOrderOfNeed } from '../../domain/plan.ts';
import type { Run } from '../run.ts';
import { changing, watching } from '../steps.ts';

/** All regions of a wave side by side: deploy, verify, then let it bake. The first failure decides; the others are awaited, not left running. */
export async function deployWave(run: Run, plan: ReleasePlan, wave: WaveSpec): Promise<void> {
  run.enter('deploying', `deploying ${wave.regions.join(', ')}`);
  await settleAll(wave.regions.map((region) => deployRegion(run, plan, region)));
  if (wave.bakeMs > 0) {
    run.say(`${wave.regions.join(', ')} bakes for ${Math.round(wave.bakeMs / 1000)} s`);
    await sleep(wave.bakeMs, { summary: `bake ${wave.regions.join(', ')}` });
  }
}

async function deployRegion(run: Run, plan: ReleasePlan, region: string): Promise<void> {
  run.mark(region, 'deploying');
  try {
    for (const group of inOrderOfNeed(plan.components)) {
      await settleAll(group.map((component) => deployComponent(run, plan, region, component)));
    }
    await verifyRegion(run, region, imagesOf(plan));
  } catch (error) {
    run.region(region).phase = 'failed';
    run.show();
    throw error;
  }
}

async function deployComponent(
  run: Run,
  plan: ReleasePlan,
  region: string,
  { name, image, origin }: PlannedComponent,
): Promise<void> {
  const note = origin === 'unchanged' ? 'unchanged' : '';
  run.mark(region, 'deploying', { name, image, note });
  try {
    await putInPlace(run, plan, { region, component: name, image, purpose: 'deploy' });
  } catch (error) {
    run.mark(region, 'failed', { name, image, note });
    throw error;
  }
  run.mark(region, 'deployed', { name, image, note });
}

/** Applies one component's image in one region and sees it through. Also what a rollback is made of. */
export async function putInPlace(
  run: Run,
  plan: ReleasePlan,
  change: { region: string; component: string; image: PinnedImage; purpose: 'deploy' | 'roll-back' },
): Promise<void> {
  run.touched = true;
  const { environment } = run.request;
  const what = `${change.component} ${shortDigest(change.image)} in ${change.region}`;
  const input = { ...change, authority: run.authority() };
  const applied = await changing
    .in(environment, change.purpose)
    .applyComponent.executeWithOptions({ summary: `${change.purpose} ${what}` }, [input]);
  if (Object.values(applied).every((workload) => workload.inPlace)) {
    run.say(`${what}: was in place already`);
    return;
  }
  const { note } = await watching
    .in(environment, change.purpose)
    .watchRollout.executeWithOptions({ summary: `rollout of ${what}` }, [
      { ...input, applied, timeoutMs: plan.rollout.timeoutMs },
    ]);
  run.say(`${what}: ${note}`);
}

export async function verifyRegion(
  run: Run,
  region: string,
  images: Record<string, PinnedImage>,
  purpose: 'deploy' | 'roll-back' = 'deploy',
): Promise<void> {
  try {
    const checks = await watching
      .in(run.request.environment, purpose)
      .verifyRegion.executeWithOptions({ summary: `verify ${region}` }, [
        { authority: run.authority(), region, images },
      ]);
    run.status.checks = [...run.status.checks.filter((c) => !checks.some((n) => n.name === c.name)), ...checks];
    run.mark(region, 'verified');
    run.say(`${region} is verified: ${checks.length} checks`);
  } catch (error) {
    run.region(region).phase = 'failed';
    run.show();
    throw error;
  }
}

export function imagesOf(plan: ReleasePlan): Record<string, PinnedImage> {
  return Object.fromEntries(plan.components.map((c) => [c.name, c.image]));
}

/** Waits for all, then throws what the first of them that failed has thrown: nothing is left running behind a failure. */
export async function settleAll(work: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((r) => r.status === 'rejected');
  if (failed) throw failed.reason;
}
