import { looksOf } from '../../domain/bake.ts';
import { componentsIn } from '../../domain/components-in.ts';
import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { ObserveSpec, PinnedImage } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { isInconclusive } from '../../domain/failure-course.ts';
import { inOrderOfNeed } from '../../domain/plan.ts';
import { failureOf } from '../failures.ts';
import { patiently, type Patience } from '../patiently.ts';
import type { Run } from '../run.ts';
import { watching } from '../steps.ts';
import { forget, isAskedFor, ordersHeard, undone } from '../written.ts';
import { putInPlace, stepOf, type Change } from './put-in-place.ts';

type Images = Record<string, PinnedImage>;

/** What should be in a region, and whether it was deployed there or put back. */
interface Place {
  region: string;
  images: Images;
  purpose: 'deploy' | 'roll-back';
}

/** One look at a region: what its pods run, and what its endpoints answer. */
export async function verifyRegion(run: Run, plan: PlanOutline, place: Place, patience: Patience = {}): Promise<void> {
  const { verifyRegion: look } = watching.in(run.state.request.environment, place.purpose);
  const input = { authority: run.authority(), ...place };
  const name = place.purpose === 'deploy' ? `verify ${place.region}` : `verify that ${place.region} is back`;
  const once = () => look.executeWithOptions({ summary: name }, [input]);
  await judge(run, plan, { ...place, name, patience, look: once });
}

/** The same checks again and again until the time is over; the last look is at its end. */
export async function observeRegion(
  run: Run,
  plan: PlanOutline,
  place: Place,
  { everyMs, until, onInconclusive }: Pick<ObserveSpec, 'everyMs' | 'onInconclusive'> & { until: number },
): Promise<void> {
  const { observeRegion: look } = watching.longer(run.state.request.environment, Math.max(0, until - Date.now()));
  const input = { authority: run.authority(), ...place, everyMs, until };
  const name = `bake ${place.region}`;
  const once = () => look.executeWithOptions({ summary: name }, [input]);
  await judge(run, plan, { ...place, name, patience: { onInconclusive }, look: once });
}

/** From the beginning, as its wave bakes. */
export async function bakeAgain(run: Run, plan: PlanOutline, place: Place): Promise<void> {
  for (const { everyMs, forMs, onInconclusive } of looksOf(plan, place.region))
    await observeRegion(run, plan, place, { everyMs, until: Date.now() + forMs, onInconclusive });
}

interface Looking extends Place {
  /** The step's name. */
  name: string;
  patience: Patience;
  look: () => Promise<Check[]>;
}

async function judge(run: Run, plan: PlanOutline, looking: Looking): Promise<void> {
  const { region, patience } = looking;
  try {
    const checks = await lookPatiently(run, plan, looking);
    run.status.checks = [...run.status.checks.filter((c) => !checks.some((n) => n.name === c.name)), ...checks];
    (run.state.unseen ??= {})[region] = checks.flatMap(({ unseen }) => unseen ?? []);
    run.mark(region, 'verified');
    run.say(`${region} is verified: ${checks.length} checks`);
  } catch (error) {
    const failure = failureOf(error);
    if (!isInconclusive(failure) || patience.onInconclusive !== 'go-on') throw error;
    run.markWhy(region, 'unproven', failure.detail);
    run.say(`${region} could not be verified, and the policy says to go on: ${failure.detail}`);
  }
}

/** What others have changed is only looked at, until a person says `retry`: then it is put in place again, and looked at after that. */
async function lookPatiently(
  run: Run,
  plan: PlanOutline,
  { name, patience, look, ...place }: Looking,
): Promise<Check[]> {
  const changes = changesOf(plan, place);
  const steps = changes.map(stepOf);
  const lookOnce = async () => {
    if (steps.some((step) => isAskedFor(run, step))) return undefined;
    const heard = ordersHeard(run);
    try {
      return await look();
    } catch (error) {
      undone(run, steps, error, heard);
      throw error;
    }
  };
  for (;;) {
    const checks = await patiently(run, name, lookOnce, { where: place.region, ...patience });
    if (checks) {
      forget(run, ...steps);
      return checks;
    }
    for (const change of changes) await putInPlace(run, plan, change, patience);
  }
}

/** In the order in which they were put there. */
function changesOf({ components }: PlanOutline, { images, ...place }: Place): Change[] {
  const groups = inOrderOfNeed(components);
  return (place.purpose === 'deploy' ? groups : groups.reverse()).flat().flatMap(({ name: component }) => {
    const image = images[component];
    return image === undefined ? [] : [{ ...place, component, image }];
  });
}

export function imagesIn(plan: Pick<PlanOutline, 'components'>, region: string): Images {
  return Object.fromEntries(componentsIn(plan, region).map((c) => [c.name, c.image]));
}
