import { condition, isCancellation } from '@temporalio/workflow';
import { componentsIn } from '../../domain/components-in.ts';
import type { PlanOutline } from '../../domain/contract/outline.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { FailureDetails } from '../../domain/errors/failure.ts';
import { inOrderOfNeed } from '../../domain/plan.ts';
import { newcomersInWords, type RollbackChoice } from '../../domain/rollback.ts';
import { failureOf } from '../failures.ts';
import { patiently, type Patience } from '../patiently.ts';
import type { Run } from '../run.ts';
import { goesFirst, looking } from '../steps.ts';
import { putInPlace } from './put-in-place.ts';
import { verifyRegion } from './verify-region.ts';

type Going = RollbackChoice & { kind: 'go' };

/**
 * Puts back what was last verified in each region, and verifies it. Regions go side by side, and none of them waits for another: one that
 * cannot go back, or cannot be reached, keeps no other on a bad release. One that goes back already goes on so, and is waited for. What came
 * of each is its phase; throws SLIP-REL-6 when none may go.
 */
export async function rollBackRegions(run: Run, plan: PlanOutline, regions: string[]): Promise<void> {
  const { goingBack } = run;
  const known = regions.flatMap((region) => goingBack.get(region) ?? []);
  const others = regions.filter((region) => !goingBack.has(region));
  const going = others.length > 0 ? putBack(run, plan, others) : Promise.resolve();
  const over = going.catch(() => {}).then(() => others.forEach((region) => goingBack.delete(region)));
  for (const region of others) goingBack.set(region, over);
  await Promise.all([going, ...known]);
}

/**
 * Waits for regions that go back, or for a person who orders all of it back: a region that cannot be reached is held for hours, and the others
 * do not wait for it. It goes on meanwhile.
 */
export async function untilOrdered(run: Run, goingBack: Promise<void>): Promise<void> {
  let isOver = false;
  const over = goingBack.finally(() => (isOver = true));
  // Where it is left, what came of it is in the regions' phases.
  over.catch(() => {});
  await condition(() => isOver || run.state.rollbackAsked !== undefined);
  if (isOver) await over;
}

async function putBack(run: Run, plan: PlanOutline, regions: string[]): Promise<void> {
  run.enter('rolling-back', `rolling back ${regions.join(', ')}`);
  const choices = await patiently(run, 'choose what to go back to', () =>
    looking.engine.chooseRollbacks.executeWithOptions({ summary: 'choose what to go back to', ...goesFirst }, [
      { planHash: plan.hash, releaseId: run.state.subject, regions },
    ]),
  );
  const going = choices.filter((choice) => choice.kind === 'go');
  const refused = choices.filter((choice) => choice.kind === 'refused');
  for (const { region, why, next } of refused) {
    run.markWhy(region, 'failed', `cannot be rolled back: ${why}. ${next}`);
    run.say(`${region} cannot be rolled back: ${why}. ${next}`);
  }
  if (going.length === 0)
    throw failure('SLIP-REL-6', refused.map(({ region, why, next }) => `${region}: ${why}. ${next}`).join(' '));
  // Neither this release nor what it left half done may ever be gone back to.
  const back = going.map(({ region }) => region);
  run.state.revoked = {
    releaseId: run.state.subject,
    regions: [...new Set([...(run.state.revoked?.regions ?? []), ...back])],
  };
  await Promise.all(going.map((choice) => rollBackRegion(run, plan, choice)));
}

/** Never throws: what went wrong is the region's phase and note. Components that need others go first; one that fails stops no other. */
async function rollBackRegion(run: Run, plan: PlanOutline, { region, targets, newcomers = [] }: Going): Promise<void> {
  const problems: FailureDetails[] = [];
  const onStuck = ({ title, detail }: FailureDetails) => run.markWhy(region, 'unknown', `${title}: ${detail}`);
  // Whatever the plan says of looks that tell nothing: what was put back has to be seen to stand.
  const patience: Patience = { onStuck, onInconclusive: 'hold' };
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (isCancellation(error)) throw error;
      problems.push(failureOf(error));
    }
  };
  run.mark(region, 'rolling-back');
  for (const group of inOrderOfNeed(componentsIn(plan, region)).reverse()) {
    await Promise.all(
      group.map(({ name }) =>
        attempt(async () => {
          const target = targets.find((t) => t.component === name);
          if (!target) return;
          run.mark(region, 'rolling-back', { name, image: target.image, note: `from ${target.commit.slice(0, 12)}` });
          await putInPlace(run, plan, { region, component: name, image: target.image, purpose: 'roll-back' }, patience);
        }),
      ),
    );
  }
  const images = Object.fromEntries(targets.map((t) => [t.component, t.image]));
  if (problems.length === 0)
    await attempt(() => verifyRegion(run, plan, { region, images, purpose: 'roll-back' }, patience));
  const [worst] = problems;
  if (!worst) return markBack(run, plan, { region, targets, newcomers });
  run.markWhy(region, worst.blame === 'release' ? 'failed' : 'unknown', `${worst.title}: ${worst.detail}`);
  run.say(`${region} is not back: ${worst.title}: ${worst.detail}`);
}

/** What is new stays as it is. Where the release has put something there, that is still the release to undo: the region is not wholly back. */
function markBack(run: Run, plan: PlanOutline, { region, targets, newcomers = [] }: Omit<Going, 'kind'>): void {
  run.mark(region, 'rolled-back');
  const left = newcomers.filter(({ touched }) => touched);
  for (const { component: name } of left) {
    const { image } = plan.components.find((component) => component.name === name)!;
    run.mark(region, 'unproven', { name, image, note: 'new: nothing ran before it' });
  }
  const unseen = targets
    .filter((target) => target.unseen)
    .map(({ component }) => `${component} was scaled to zero when it was verified, and was never seen running`);
  const note = [newcomersInWords(newcomers) ?? [], unseen].flat().join('; ');
  if (note === '') return;
  run.markWhy(region, left.length > 0 ? 'partly-back' : 'rolled-back', note);
  run.say(`${region} is back: ${note}`);
}

/**
 * What became of the regions that were to go back, a sentence each: first those that are not, or not wholly, with the reason; those that have the
 * same one together.
 */
export function backInWords(run: Run, regions: string[], onWhat: string): { isBack: boolean; words: string[] } {
  const those = regions.map((name) => run.region(name));
  const back = those.filter(({ phase }) => phase === 'rolled-back');
  const others = those.filter((region) => !back.includes(region));
  const alike = Map.groupBy(
    others,
    ({ phase, note }) => `${phase === 'partly-back' ? 'back only in part' : 'not back'}: ${note ?? phase}`,
  );
  const reasons = [...alike].map(
    ([how, same]) => `${same.map(({ region }) => region).join(', ')} ${same.length > 1 ? 'are' : 'is'} ${how}`,
  );
  const names = back.map(({ region, note }) => (note ? `${region} (${note})` : region)).join(', ');
  const isNothing = back.length === 0 && those.every(({ phase }) => phase !== 'partly-back');
  const good = [...(names ? [`${names}: ${onWhat}`] : []), ...(isNothing ? ['nothing is back'] : [])];
  return { isBack: reasons.length === 0, words: [...reasons, ...good] };
}
