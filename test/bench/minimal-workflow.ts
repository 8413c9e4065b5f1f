import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import { runSameSteps } from './same-steps.ts';
import type { PlainRelease, Steps } from './same-steps.ts';

const approvedSignal = defineSignal<[string]>('approved');

const steps = proxyActivities<Steps>({
  startToCloseTimeout: '2h',
  heartbeatTimeout: '20s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** What a release looks like when somebody writes it by hand. Its name is the engine's: the steps refuse to change anything for others. */
export async function deployRelease(release: PlainRelease): Promise<void> {
  const decisionIds: string[] = [];
  setHandler(approvedSignal, (id) => void decisionIds.push(id));
  await runSameSteps(steps, release, async () => {
    await condition(() => decisionIds.length > 0);
    return decisionIds;
  });
}
