import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import type { RunState } from '../../workflows/run-state.ts';
import { eventually } from '../workflows/support/eventually.ts';
import { startVersionedServer } from '../workflows/support/versions.ts';
import type { VersionedServer } from '../workflows/support/versions.ts';
import type { RecordedState } from './recorded-state.ts';
import type { MovingRun, StateScenario } from './state-scenarios.ts';

/** Brings each run to its safe point, makes another version of the engine current, and keeps what the run carried into it. */
export async function recordStates(scenarios: [string, StateScenario][], target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const server = await startVersionedServer();
  try {
    await server.upgrade('before');
    const moving: [string, MovingRun][] = [];
    for (const [name, scenario] of scenarios) moving.push([name, await scenario(server)]);
    await server.upgrade('after');
    for (const [name, run] of moving) {
      run.go?.();
      const state = await eventually(`${name} to go on`, () => stateOf(server, run));
      await writeFile(join(target, `${name}.json`), `${JSON.stringify(state, null, 1)}\n`);
      console.log(`${name}.json: ${state.carried.done.join(', ')}`);
    }
  } finally {
    await server.stop();
  }
}

/** Undefined while it has not gone on. */
async function stateOf({ client }: VersionedServer, { id, world }: MovingRun): Promise<RecordedState | undefined> {
  const { events } = await client.workflow.getHandle(id).fetchHistory();
  const begun = events?.[0]?.workflowExecutionStartedEventAttributes;
  if (!begun?.continuedExecutionRunId) return undefined;
  const [input, carried] = (begun.input?.payloads ?? []).map((payload) =>
    defaultPayloadConverter.fromPayload<unknown>(payload),
  );
  const state = carried as RunState;
  const plan = state.plan && world.plans.get(state.plan.hash);
  return {
    workflowType: begun.workflowType?.name ?? '',
    workflowId: id,
    input,
    carried: state,
    service: world.service,
    spec: world.spec,
    ...(plan && { plan }),
  };
}
