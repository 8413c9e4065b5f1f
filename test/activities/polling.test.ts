import { describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pause } from '../../activities/shared/polling.ts';

function aStep() {
  const activity = new MockActivityEnvironment();
  const said: unknown[] = [];
  activity.on('heartbeat', (details: unknown) => said.push(details));
  return { activity, said };
}

describe('a step that waits between two looks', () => {
  it.each([[1], [0], [-5_000]])('says what for, and that it lives, also where %d ms are left', async (ms) => {
    const { activity, said } = aStep();
    await activity.run(pause, ms, 'nl is good, 3 looks');
    expect(said).toEqual(['nl is good, 3 looks']);
  });

  it.each([[3_600_000], [0]])('ends when it is cancelled, where %d ms are left', async (ms) => {
    const { activity } = aStep();
    const waiting = activity.run(async () => {
      for (;;) await pause(ms, 'looks');
    });
    activity.cancel();
    await expect(waiting).rejects.toThrow('CANCELLED');
  });
});
