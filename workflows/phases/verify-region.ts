import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { ObserveSpec, PinnedImage } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { isInconclusive } from '../../domain/failure-course.ts';
import { failureOf } from '../failures.ts';
import { patiently, type Patience } from '../patiently.ts';
import type { Run } from '../run.ts';
import { watching } from '../steps.ts';

type Images = Record<string, PinnedImage>;

/** One look at a region: what its pods run, and what its endpoints answer. */
export async function verifyRegion(
  run: Run,
  region: string,
  images: Images,
  { purpose = 'deploy', ...patience }: Patience & { purpose?: 'deploy' | 'roll-back' } = {},
): Promise<void> {
  const { verifyRegion: look } = watching.in(run.state.request.environment, purpose);
  const input = { authority: run.authority(), region, images, purpose };
  await judge(run, region, patience, () =>
    patiently(run, `verify ${region}`, () => look.executeWithOptions({ summary: `verify ${region}` }, [input]), {
      where: region,
      ...patience,
    }),
  );
}

/** The same checks again and again until the time is over; the last look is at its end. */
export async function observeRegion(
  run: Run,
  region: string,
  images: Images,
  { everyMs, until, onInconclusive }: Pick<ObserveSpec, 'everyMs' | 'onInconclusive'> & { until: number },
): Promise<void> {
  const { observeRegion: look } = watching.longer(run.state.request.environment, Math.max(0, until - Date.now()));
  const input = { authority: run.authority(), region, images, purpose: 'deploy' as const, everyMs, until };
  await judge(run, region, { onInconclusive }, () =>
    patiently(run, `bake ${region}`, () => look.executeWithOptions({ summary: `bake ${region}` }, [input]), {
      where: region,
      onInconclusive,
    }),
  );
}

async function judge(
  run: Run,
  region: string,
  { onInconclusive }: Patience,
  look: () => Promise<Check[]>,
): Promise<void> {
  try {
    const checks = await look();
    run.status.checks = [...run.status.checks.filter((c) => !checks.some((n) => n.name === c.name)), ...checks];
    run.mark(region, 'verified');
    run.say(`${region} is verified: ${checks.length} checks`);
  } catch (error) {
    const failure = failureOf(error);
    if (!isInconclusive(failure) || onInconclusive !== 'go-on') throw error;
    run.markWhy(region, 'unproven', failure.detail);
    run.say(`${region} could not be verified, and the policy says to go on: ${failure.detail}`);
  }
}

export function imagesOf(plan: Pick<PlanOutline, 'components'>): Images {
  return Object.fromEntries(plan.components.map((c) => [c.name, c.image]));
}
