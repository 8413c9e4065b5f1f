import { CancellationScope } from '@temporalio/workflow';

/** After a step that ended well although its run was stopped meanwhile: what was ordered then is still to be done. */
export async function stopIfCancelled(): Promise<void> {
  const scope = CancellationScope.current();
  if (scope.consideredCancelled) await scope.cancelRequested;
}
