import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { countsOf, runningIn } from '../support/world-counts.ts';
import { endOf, verified } from '../support/world-end.ts';
import { policyOnDisk } from '../support/world-policy.ts';
import type { Damage } from '../support/world-policy.ts';
import type { Service } from '../support/world-service.ts';
import type { Passing } from '../support/world-tap.ts';
import { resetTo, terminate } from '../support/world-temporal.ts';
import type { Place } from '../support/world-temporal.ts';
import { patience, until } from '../support/world-until.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** What people do by hand in the middle of a release: in Temporal's own UI, to the policy file, to a region's network. */

let world: World;
let service: Service;
let images: Record<string, string>;
let terminated: { service: Service; releaseId: string };
let n = 0;
const names = Array.from({ length: 8 }, (_, i) => `hand-${i}`);

beforeAll(async () => {
  world = await startWorld({ services: names });
  terminated = await terminateOne();
}, patience.preparation);

afterAll(async () => {
  await world?.stop();
});

beforeEach(async () => {
  service = await addService();
  images = await service.images();
});

function addService(): Promise<Service> {
  return world.add({ name: names[n++]!, migration: 'create table weights (grams integer)' });
}

/** Before everything else: a lane looks whether its holder is still there a minute after it let it in, and the other tests run meanwhile. */
async function terminateOne(): Promise<{ service: Service; releaseId: string }> {
  const gone = await addService();
  const { releaseId, goOn } = await halfDone(gone);
  await terminate(world.temporal, releaseId);
  goOn();
  return { service: gone, releaseId };
}

/** A release that is held right before its write in nl, when its database and de are changed; `goOn` lets the write pass. */
async function halfDone(service: Service): Promise<{ releaseId: string; goOn(): void }> {
  const { name } = service;
  const isWrite = ({ method, path }: Passing) =>
    method === 'PATCH' && path.startsWith(`/apis/apps/v1/namespaces/${name}/`) && !path.includes('dryRun');
  const stop = world.regions.nl.tap.stop('before', isWrite);
  const releaseId = await service.start();
  await service.approve(releaseId);
  await stop.reached;
  return { releaseId, goOn: () => stop.release() };
}

async function closuresOf({ lane }: Service): Promise<string[]> {
  return ((await world.developer.lane(lane)).status?.closures ?? []).map(({ kind }) => kind);
}

async function eachOnce(service: Service): Promise<void> {
  const counts = await countsOf(world, service);
  expect(Object.values(counts.images).filter((times) => times !== 1)).toEqual([]);
  expect(counts).toMatchObject({ migrationStatements: 1 });
  expect(counts.applyJobs).toHaveLength(1);
}

describe('a release that has changed something', () => {
  it.each<Place>(['first', 'middle', 'last'])(
    'halts when it is reset to its %s task, does nothing twice, and leaves the lane on hold',
    async (place) => {
      const { releaseId, goOn } = await halfDone(service);
      await resetTo(world.temporal, releaseId, place);
      goOn();
      const end = endOf(await service.ends(releaseId));
      expect(end).toMatchObject({ outcome: 'halted', because: expect.stringContaining('SLIP-REL-9') });
      await until('the lane to be on hold', async () => (await closuresOf(service)).includes('hold'));
      await eachOnce(service);
    },
    patience.preparation,
  );
});

describe('a release goes on', () => {
  it.each<Damage>(['typo', 'half-written'])('while the policy file on disk is broken (%s)', async (how) => {
    const policy = policyOnDisk(world.engine.environment['SLIPWAY_POLICY_FILE']!);
    const { releaseId, goOn } = await halfDone(service);
    try {
      await policy.damage(how);
      goOn();
      expect(endOf(await service.ends(releaseId))).toEqual(verified);
    } finally {
      await policy.mend();
    }
    await eachOnce(service);
  });
});

describe('a region that is away for the whole run', () => {
  it(
    'keeps no other from going back when a person says so, and goes back itself once it can be reached',
    async () => {
      const first = await service.release({ images });
      expect(endOf(first)).toEqual(verified);
      const { faults } = world.regions.nl.sandbox;
      const commit = await service.commitNothing();
      faults.unreachable(true);
      const releaseId = await service.start({ commit });
      await service.approve(releaseId);
      // Also between two tries, when Temporal has forgotten that the step was ever taken.
      await until('nl to rest between two tries', async () =>
        (await world.developer.release(releaseId)).why.some((line) =>
          /in nl failed, and is tried again at .* cannot be reached/.test(line),
        ),
      );
      await world.approver.decide(releaseId, {
        decisionId: `back-${randomUUID()}`,
        kind: 'roll-back',
        channel: 'test',
        reason: 'nl is away',
      });
      const phaseOf = async (region: string) =>
        (await service.status(releaseId)).regions.find((r) => r.region === region)?.phase;
      await until('de to be back', async () => (await phaseOf('de')) === 'rolled-back');
      expect(await phaseOf('nl')).not.toBe('rolled-back');
      faults.unreachable(false);
      expect(endOf(await service.ends(releaseId))).toMatchObject({ outcome: 'rolled-back' });
      const good = images['core']!.replace(/^.*@/, '');
      expect(await runningIn(world, service)).toEqual({ 'de core': [good], 'nl core': [good] });
    },
    patience.preparation,
  );
});

describe('a release that was terminated after it had changed something', () => {
  it('is recorded as halted, and leaves the lane on hold', async () => {
    const { service, releaseId } = terminated;
    await until('the lane to be on hold', async () => (await closuresOf(service)).includes('hold'));
    expect(await world.developer.release(releaseId)).toMatchObject({ open: false, outcome: 'halted' });
    await eachOnce(service);
  });
});
