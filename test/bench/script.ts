import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { workflowTypes } from '../../domain/contract/names.ts';
import { readConfig } from '../../temporal.config.ts';
import { compose } from '../../workers/compose.ts';
import { runSameSteps } from './same-steps.ts';
import type { PlainRelease, Steps } from './same-steps.ts';

/** What the bench tells this process, and what it answers. */
export type ToScript = { kind: 'run'; release: PlainRelease } | { kind: 'approved'; decisionIds: string[] };
export type FromScript = 'ready' | { error?: string };

/** A release as a bare script: no Temporal, and nothing that survives its death. Ends when its parent does. */
async function main(): Promise<void> {
  const parts = await compose(readConfig());
  const engineSteps = parts.engineSteps(undefined as never); // the lane's client is not used: the script has no lane
  const all = { ...engineSteps, ...(await parts.environmentSteps('production')).steps };
  let approve: (decisionIds: string[]) => void = () => undefined;
  process.on('message', (message: ToScript) => {
    if (message.kind === 'approved') return approve(message.decisionIds);
    const approval = new Promise<string[]>((resolve) => (approve = resolve));
    runSameSteps(inContext(all, message.release), message.release, () => approval).then(
      () => process.send?.({}),
      (error: unknown) => process.send?.({ error: String(error) }),
    );
  });
  process.once('disconnect', () => process.exit(0));
  process.send?.('ready');
}

/** The steps ask who runs them, sleep and heartbeat: this answers in the place of a worker. */
function inContext(steps: Steps, { releaseId }: PlainRelease): Steps {
  const info = {
    workflowExecution: { workflowId: releaseId, runId: releaseId },
    workflowType: workflowTypes.deployRelease,
  };
  const wrapped = Object.entries(steps).map(([name, step]) => [
    name,
    (input: unknown) =>
      repeated(() => new MockActivityEnvironment(info).run(step as (input: unknown) => Promise<unknown>, input)),
  ]);
  return Object.fromEntries(wrapped) as Steps;
}

/** What may pass is tried again after the same pauses as in a workflow; a script without that would not get to its end. */
async function repeated<T>(step: () => Promise<T>): Promise<T> {
  for (let pause = 500; ; pause *= 2) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.nonRetryable || pause > 30_000) throw error;
      await sleep(pause);
    }
  }
}

await main();
