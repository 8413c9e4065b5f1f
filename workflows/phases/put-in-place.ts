import type { ComponentOutline, PlanOutline } from '../../domain/contract/outline.ts';
import type { PinnedImage } from '../../domain/contract/release.ts';
import { shortDigest } from '../../domain/images.ts';
import { patiently, type Patience } from '../patiently.ts';
import type { Run } from '../run.ts';
import { changing, watching } from '../steps.ts';
import { forget, lookFailed, isAskedFor, ordersHeard, remember, writtenBy } from '../written.ts';

export interface Change {
  region: string;
  component: string;
  image: PinnedImage;
  purpose: 'deploy' | 'roll-back';
}

/** The step's name, and that of what it has written. */
export function stepOf({ purpose, component, image, region }: Change): string {
  return `${purpose} ${component} ${shortDigest(image)} in ${region}`;
}

/** Applies one component's image in one region and sees it through. Also what a rollback is made of. */
export async function putInPlace(
  run: Run,
  plan: Pick<PlanOutline, 'rolloutTimeoutMs'>,
  change: Change,
  patience?: Patience,
): Promise<void> {
  run.state.touched = true;
  const { environment } = run.state.request;
  const step = stepOf(change);
  const input = { ...change, authority: run.authority() };
  const known = writtenBy(run, step);
  // It stood, others have changed it since, and nobody has said `retry`: whoever verifies the region sees how it is.
  if (known && !known.applied && !isAskedFor(run, step)) return run.say(`${step}: left as others have made it`);

  const written = async () => {
    const before = writtenBy(run, step)?.applied;
    if (before && !isAskedFor(run, step)) return before;
    const applied = await changing
      .in(environment, change.purpose)
      .applyComponent.executeWithOptions({ summary: step }, [input]);
    remember(run, step, { applied });
    return applied;
  };
  const stand = async () => {
    const applied = await written();
    const parts = Object.values(applied);
    if (parts.every(({ inPlace }) => inPlace))
      return ['was in place already', ...parts.flatMap(({ note }) => note ?? [])].join('; ');
    const heard = ordersHeard(run);
    try {
      const watched = await watching
        .in(environment, change.purpose)
        .watchRollout.executeWithOptions({ summary: `rollout of ${whatOf(change)}` }, [
          { ...input, applied, timeoutMs: plan.rolloutTimeoutMs },
        ]);
      return watched.note;
    } catch (error) {
      lookFailed(run, step, error, heard);
      throw error;
    }
  };
  try {
    const note = await patiently(run, step, stand, { where: change.region, ...patience });
    run.say(`${whatOf(change)}: ${note}`);
  } finally {
    forget(run, step);
  }
}

function whatOf({ component, image, region }: Change): string {
  return `${component} ${shortDigest(image)} in ${region}`;
}

/** What a person sees beside a component that the release does not change. */
export function noteOf({ origin, putBack, otherVariables }: ComponentOutline, region: string): string {
  if (origin !== 'unchanged') return '';
  if (otherVariables?.includes(region)) return 'same image, other variables';
  return putBack?.includes(region) ? 'put back to what is verified' : 'unchanged';
}
