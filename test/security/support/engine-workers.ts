import { afterAll, beforeAll, expect } from '@jest/globals';
import { aPolicy } from '../../domain/builders.ts';
import { startSteppedWorkers } from '../../support/worker-steps.ts';
import type { SteppedWorkers } from '../../support/worker-steps.ts';

/** The product's workers for the tests of a file. `goesOn`: what somebody else asks for meanwhile is released. */
export function useEngineWorkers(): { workers: () => SteppedWorkers; goesOn: () => Promise<void> } {
  let workers: SteppedWorkers;
  beforeAll(async () => {
    workers = await startSteppedWorkers({});
  }, 120_000);
  afterAll(() => workers?.stop(), 60_000);
  return {
    workers: () => workers,
    async goesOn() {
      const world = workers.worlds.create({ approval: aPolicy({ required: false }) });
      const { releaseId: id } = await workers.engine.startRelease(world.request());
      expect(await workers.outcome(world, id)).toBe('verified');
    },
  };
}
