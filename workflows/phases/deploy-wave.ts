import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { watchInWords } from '../../domain/bake.ts';
import { componentsIn } from '../../domain/components-in.ts';
import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { ObserveSpec } from '../../domain/contract/release.ts';
import { courseAfter, isUnseen } from '../../domain/failure-course.ts';
import { inOrderOfNeed } from '../../domain/plan.ts';
import { noteIn } from '../../domain/whole-text.ts';
import { checkpoint } from '../checkpoint.ts';
import { failureOf } from '../failures.ts';
import type { Run } from '../run.ts';
import type { WaveStage } from '../run-state.ts';
import { sideBySide } from '../side-by-side.ts';
import { noteOf, putInPlace } from './put-in-place.ts';
import { rollBackRegions, untilOrdered } from './roll-back-regions.ts';
import { tellPeople } from './tell-people.ts';
import { bakeAgain, imagesIn, observeRegion, verifyRegion } from './verify-region.ts';

/** The stages of a wave, one after the other, each in all its regions side by side. */
export async function deployWave(run: Run, plan: PlanOutline, index: number): Promise<void> {
  const { regions, stages } = plan.waves[index]!;
  const isLast = index === plan.waves.length - 1;
  for (const [n, { apply, observe }] of stages.entries()) {
    const part: WaveStage = `wave ${index} stage ${n}`;
    if (apply) await run.once(part, () => deployRegions(run, plan, regions, part));
    for (const [i, look] of observe.entries())
      await run.once(`${part} look ${i}`, () => observeRegions(run, plan, regions, look));
    await checkpoint(run);
  }
  // While the slow regions of a wave came up, the quick ones may have gone down. After the last wave all regions are looked at anyway.
  const unwatched = stages.every(({ observe }) => observe.length === 0) && regions.length > 1;
  if (unwatched && !isLast) await verifyRegions(run, plan, regions);
}

async function deployRegions(run: Run, plan: PlanOutline, regions: string[], part: WaveStage): Promise<void> {
  run.enter('deploying', `deploying ${regions.join(', ')}`);
  await inRegions(run, plan, regions, (region) => deployRegion(run, plan, region, part));
}

async function observeRegions(run: Run, plan: PlanOutline, regions: string[], look: ObserveSpec): Promise<void> {
  const until = Date.now() + look.forMs;
  run.say(watchInWords(regions, look));
  await inRegions(run, plan, regions, (region) =>
    observeRegion(run, plan, placeOf(plan, region), {
      everyMs: look.everyMs,
      until,
      onInconclusive: look.onInconclusive,
    }),
  );
}

/** Once more, all together: an earlier region may have been hurt by a later one. The last look before it is recorded. */
export async function verifyAcrossRegions(run: Run, plan: PlanOutline): Promise<void> {
  run.enter('verifying', 'verifying across regions');
  await verifyRegions(run, plan, plan.regions);
}

function verifyRegions(run: Run, plan: PlanOutline, regions: string[]): Promise<void> {
  return inRegions(run, plan, regions, (region) => verifyRegion(run, plan, placeOf(plan, region), plan.onFailure));
}

/**
 * Work in several regions side by side. What is stopped by a person is no region's failure. A region that fails by its own fault, where the
 * policy says so, goes back at once: it does not wait for the others, which may take hours.
 */
async function inRegions(
  run: Run,
  plan: PlanOutline,
  regions: string[],
  work: (region: string) => Promise<void>,
): Promise<void> {
  const { partial } = plan.onFailure;
  await sideBySide(
    regions.map((region) => async () => {
      try {
        await work(region);
      } catch (error) {
        if (isCancellation(error)) run.markWhy(region, 'interrupted', 'stopped before it was verified');
        else {
          run.markWhy(region, 'failed', whyOf(error));
          if (partial === 'roll-back-region' && goesBack(plan, error))
            await CancellationScope.nonCancellable(() => rollBackAlone(run, plan, region));
        }
        throw error;
      }
    }),
    (error) => {
      run.failing ||= goesBack(plan, error);
      return partial === 'roll-back-all' && goesBack(plan, error);
    },
  );
}

function goesBack({ onFailure }: PlanOutline, error: unknown): boolean {
  return courseAfter(failureOf(error), onFailure, { asked: false, gaveUp: false }) === 'roll-back';
}

/** Whatever comes of it is in the region's state, and taken up again when the failure is concluded. */
async function rollBackAlone(run: Run, plan: PlanOutline, region: string): Promise<void> {
  tellPeople(run, { message: 'region-failed', region });
  try {
    await untilOrdered(run, rollBackRegions(run, plan, [region]));
  } catch (error) {
    run.markWhy(region, 'failed', failureOf(error).detail);
  }
}

/** In one line, as a region and a component of it tell it. */
function whyOf(error: unknown): string {
  const { title, detail } = failureOf(error);
  return noteIn(`${title}: ${detail}`);
}

function placeOf(plan: PlanOutline, region: string) {
  return { region, images: imagesIn(plan, region), purpose: 'deploy' } as const;
}

/**
 * Where something was written to an earlier wave since it was looked at, even for nothing, it is looked at once more first. Where that is not
 * enough, because it was written to after it had baked, it bakes again.
 */
async function inTurn(run: Run, plan: PlanOutline, region: string, change: () => Promise<void>): Promise<void> {
  const turn = plan.waves.findIndex(({ regions }) => regions.includes(region));
  const earlier = plan.waves.slice(0, turn).flatMap(({ regions }) => regions);
  const again = [
    () => together(run, `look before wave ${turn}`, () => verifyRegions(run, plan, earlier)),
    () =>
      together(run, `bake before wave ${turn}`, () =>
        inRegions(run, plan, earlier, (one) => bakeAgain(run, plan, placeOf(plan, one))),
      ),
  ];
  for (;;) {
    try {
      return await change();
    } catch (error) {
      const look = again.shift();
      if (!look || !isUnseen(failureOf(error))) throw error;
      await look();
    }
  }
}

/** Once for all who ask while it is under way: each component of each region comes to its turn by itself. */
async function together(run: Run, name: string, work: () => Promise<void>): Promise<void> {
  const known = run.together.get(name);
  if (known) return known;
  const begun = work().finally(() => run.together.delete(name));
  run.together.set(name, begun);
  return begun;
}

async function deployRegion(run: Run, plan: PlanOutline, region: string, part: WaveStage): Promise<void> {
  run.mark(region, 'deploying');
  for (const group of inOrderOfNeed(componentsIn(plan, region))) {
    await sideBySide(
      group.map((component) => async () => {
        const { name, image } = component;
        const note = noteOf(component, region);
        run.mark(region, 'deploying', { name, image, note });
        try {
          await run.once(`${part}: ${name} in ${region}`, () =>
            inTurn(run, plan, region, () =>
              putInPlace(run, plan, { region, component: name, image, purpose: 'deploy' }),
            ),
          );
        } catch (error) {
          const stopped = isCancellation(error);
          run.mark(region, stopped ? 'interrupted' : 'failed', { name, image, note: stopped ? note : whyOf(error) });
          throw error;
        }
        run.mark(region, 'deployed', { name, image, note });
      }),
      (error) => goesBack(plan, error),
    );
  }
  await verifyRegion(run, plan, placeOf(plan, region), plan.onFailure);
}
