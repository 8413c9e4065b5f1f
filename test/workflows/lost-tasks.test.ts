import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { workflowTypes } from '../../domain/contract/names.ts';
import { workflowTaskUnderWay } from './support/at-rest.ts';
import type { Events } from './support/at-rest.ts';
import { lanesSkipped, lostTasks } from './support/lost-tasks.ts';
import { useTemporal } from './support/temporal.ts';

const temporal = useTemporal();

/** A history, by what happened. */
const history = (...kinds: string[]) =>
  kinds.map((kind, n) => ({ eventId: n + 1, [`${kind}EventAttributes`]: {} })) as unknown as Events;
const scheduled = 'workflowTaskScheduled';
const started = 'workflowTaskStarted';
const completed = 'workflowTaskCompleted';

it.each([
  ['one that nobody has fetched', history(scheduled), '1'],
  ['one that was fetched', history(scheduled, started), '1'],
  ['one after others', history(scheduled, started, completed, 'timerFired', scheduled, started, 'signalled'), '5'],
  ['none while it waits for a timer', history(scheduled, started, completed, 'timerStarted'), undefined],
  ['none that a worker has failed', history(scheduled, started, 'workflowTaskFailed'), undefined],
  [
    'none that comes again because a worker has failed it',
    history(scheduled, started, 'workflowTaskFailed', scheduled),
    undefined,
  ],
  [
    'none that comes again because it took too long',
    history(scheduled, started, 'workflowTaskTimedOut', scheduled),
    undefined,
  ],
])('the workflow task that a run waits for: %s', (_which, events, task) => {
  expect(workflowTaskUnderWay(events)).toBe(task);
});

it('a workflow task that stays under way counts as lost, and a run that waits for a person has lost none', async () => {
  const run = await temporal.start(temporal.world());
  await run.until('awaiting-approval');
  const workflowId = `unheard/${randomUUID()}`;
  const { workflow } = temporal.env().client;
  const handle = await workflow.start(workflowTypes.deployRelease, {
    workflowId,
    taskQueue: 'nobody-here',
    args: [{}],
  });
  expect(await lostTasks(temporal.env(), 1_000)).toEqual([expect.stringContaining(`of ${workflowId}, run`)]);
  await handle.terminate('seen');
  expect(await lostTasks(temporal.env(), 1_000)).toEqual([]);
});

const aRun = (workflowId: string, state: 'open' | 'ended' | 'timed out') => ({
  ...{ workflowId, runId: 'r' },
  isOpen: state === 'open',
  isTimedOut: state === 'timed out',
});

it.each([
  ['a lane that is at rest after its run', ['timed out', 'ended'], ['lane/shop/production, run r']],
  ['no lane that is open', ['open', 'ended'], []],
  ['nothing that a run of ours may have waited for until then', ['timed out', 'timed out'], []],
  ['nothing beside a run that is open', ['timed out', 'open'], []],
] as const)('skipped to its end by the server counts: %s', (_which, [lane, release], skipped) => {
  expect(lanesSkipped([aRun('lane/shop/production', lane), aRun('release/shop/production/c/1', release)])).toEqual(
    skipped,
  );
});
