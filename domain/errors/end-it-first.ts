import type { FailureDetails } from './failure.ts';

/** Of these a next step, or one of them, is another release. */
const mendedByAnother: ReadonlySet<string> = new Set([
  'SLIP-IMG-3',
  'SLIP-IMG-4',
  'SLIP-MIG-17',
  'SLIP-K8S-2',
  'SLIP-K8S-23',
  'SLIP-K8S-27',
  'SLIP-VER-4',
  'SLIP-REL-4',
]);

export const endItFirst =
  'Another release waits until this run has ended: `slipway abort ID` before it has changed anything; after that `slipway rollback ID` or `slipway accept-failure ID`, and the hold of the lane is to be cleared.';

/** As it is told of a run that is held for it: the lane is that run's, and others wait for it. Once the run has ended these are no orders any more. */
export function asHeldFor<Told extends Pick<FailureDetails, 'code' | 'next'>>(failure: Told): Told {
  return mendedByAnother.has(failure.code) ? { ...failure, next: `${failure.next} ${endItFirst}` } : failure;
}
