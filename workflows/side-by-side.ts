import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { isReleasesOwn } from '../domain/failure-course.ts';
import { failureOf } from './failures.ts';

/**
 * Does work side by side and waits for all of it: nothing is left running behind a failure. What it throws is the failure that says most: one
 * of the release's own before one that somebody else has to mend. `stops`: whether this failure interrupts the rest, which is not waited for
 * to its end then.
 */
export async function sideBySide(
  work: (() => Promise<unknown>)[],
  stops: (error: unknown) => boolean = () => false,
): Promise<void> {
  const scope = new CancellationScope();
  const failures: unknown[] = [];
  await scope.run(() =>
    Promise.all(
      work.map(async (one) => {
        try {
          await one();
        } catch (error) {
          failures.push(error);
          if (!isCancellation(error) && stops(error)) scope.cancel();
        }
      }),
    ),
  );
  if (failures.length === 0) return;
  const real = failures.filter((error) => !isCancellation(error));
  throw real.find((error) => isReleasesOwn(failureOf(error))) ?? real[0] ?? failures[0];
}
