import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { PinnedImage } from '../../domain/contract/release.ts';
import { shortDigest } from '../../domain/images.ts';
import { patiently, type Patience } from '../patiently.ts';
import type { Run } from '../run.ts';
import { changing, watching } from '../steps.ts';

/** Applies one component's image in one region and sees it through. Also what a rollback is made of. */
export async function putInPlace(
  run: Run,
  plan: Pick<PlanOutline, 'rolloutTimeoutMs'>,
  change: { region: string; component: string; image: PinnedImage; purpose: 'deploy' | 'roll-back' },
  patience?: Patience,
): Promise<void> {
  run.state.touched = true;
  const { environment } = run.state.request;
  const what = `${change.component} ${shortDigest(change.image)} in ${change.region}`;
  const input = { ...change, authority: run.authority() };
  const note = await patiently(
    run,
    `${change.purpose} ${what}`,
    async () => {
      const applied = await changing
        .in(environment, change.purpose)
        .applyComponent.executeWithOptions({ summary: `${change.purpose} ${what}` }, [input]);
      if (Object.values(applied).every((workload) => workload.inPlace)) return 'was in place already';
      const watched = await watching
        .in(environment, change.purpose)
        .watchRollout.executeWithOptions({ summary: `rollout of ${what}` }, [
          { ...input, applied, timeoutMs: plan.rolloutTimeoutMs },
        ]);
      return watched.note;
    },
    { where: change.region, ...patience },
  );
  run.say(`${what}: ${note}`);
}

/** What a person sees beside a component that the release does not change. */
export function noteOf({ origin, putBack }: PlanOutline['components'][number], region: string): string {
  if (origin !== 'unchanged') return '';
  return putBack?.includes(region) ? 'put back to what is verified' : 'unchanged';
}
