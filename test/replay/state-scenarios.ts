import type { ReleaseSpec } from '../../domain/contract/release.ts';
import type { Stage } from '../../domain/contract/status.ts';
import type { ErrorCode } from '../../domain/errors/catalogue.ts';
import { aMigrationSpec, aPolicy, aRegion, aWave } from '../domain/builders.ts';
import { eventually } from '../workflows/support/eventually.ts';
import { idOf } from '../workflows/support/fake-world.ts';
import { untilHeld } from '../workflows/support/until-held.ts';
import type { FakeWorld } from '../workflows/support/fake-world.ts';
import type { VersionedServer } from '../workflows/support/versions.ts';

/** A run that will go on in a newer engine at its next safe point. */
export interface MovingRun {
  id: string;
  world: FakeWorld;
  /** Lets it come to that point, once the newer engine is there. Absent: it waits there already. */
  go?: () => void;
}

/** Brings a run to one of the safe points: each place where a run can carry what it knows into another version. */
export type StateScenario = (server: VersionedServer) => Promise<MovingRun>;

/** What is carried has its deadlines in it, and is read by tests for years. */
const forYears = 50 * 365 * 86_400_000;
const two: Partial<ReleaseSpec> = {
  regions: [aRegion('de'), aRegion('nl')],
  waves: [aWave(['de'], 20), aWave(['nl'])],
  migrations: [aMigrationSpec()],
  queue: 'fifo',
  approval: aPolicy({ expiresMs: forYears }),
  onFailure: { partial: 'hold', confirm: true, holdMs: forYears },
};
const unasked: Partial<ReleaseSpec> = { ...two, approval: aPolicy({ required: false }) };

async function start({ engine }: VersionedServer, world: FakeWorld, attempt = 1): Promise<string> {
  const request = world.request({ attempt });
  await engine.startRelease(request);
  return idOf(request);
}

function until({ engine }: VersionedServer, id: string, stage: Stage) {
  return eventually(`${id} to be ${stage}`, async () => {
    const seen = await engine.status(id);
    return seen?.stage === stage ? seen : undefined;
  });
}

async function approved(server: VersionedServer, world: FakeWorld, id: string): Promise<void> {
  const { planHash = '' } = await until(server, id, 'awaiting-approval');
  await server.engine.decide(id, world.sign('approve', { releaseId: id, planHash }));
}

async function heldAt(server: VersionedServer, step: string, code: ErrorCode): Promise<MovingRun> {
  const world = server.worlds.create(unasked);
  world.fail(step, code, 'not as it should be');
  const id = await start(server, world);
  await untilHeld(server, world, id);
  return { id, world };
}

export const stateScenarios: Record<string, StateScenario> = {
  async joined(server) {
    const world = server.worlds.create(two);
    const join = world.hold('joinLane');
    const id = await start(server, world);
    await join.reached;
    return { id, world, go: () => join.go() };
  },
  async 'awaiting-approval'(server) {
    const world = server.worlds.create(two);
    const id = await start(server, world);
    await until(server, id, 'awaiting-approval');
    return { id, world };
  },
  async 'awaiting-lane'(server) {
    const world = server.worlds.create(two);
    const first = world.hold('watchRollout deploy core de');
    const holder = await start(server, world);
    await approved(server, world, holder);
    await first.reached;
    const id = await start(server, world, 2);
    await approved(server, world, id);
    await until(server, id, 'awaiting-lane');
    return { id, world };
  },
  async 'between-waves'(server) {
    const world = server.worlds.create(two);
    const rollout = world.hold('watchRollout deploy core de');
    const id = await start(server, world);
    await approved(server, world, id);
    await rollout.reached;
    return { id, world, go: () => rollout.go() };
  },
  async 'held-after-failure'(server) {
    const world = server.worlds.create(unasked);
    world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    const id = await start(server, world);
    await until(server, id, 'held');
    return { id, world };
  },
  'held-at-a-step': (server) => heldAt(server, 'applyComponent deploy core nl', 'SLIP-K8S-6'),
  'undone-by-others': (server) => heldAt(server, 'watchRollout deploy core nl', 'SLIP-K8S-16'),
  async 'rollback-awaiting-lane'(server) {
    const world = server.worlds.create(unasked);
    const releaseId = await start(server, world);
    await eventually(`${releaseId} to end`, () => Promise.resolve(world.outcome(releaseId)));
    const busy = world.hold('watchRollout deploy core de');
    await start(server, world, 2);
    await busy.reached;
    const lane = { service: world.service, environment: 'production' };
    const decision = world.sign('roll-back', { releaseId });
    const run = await server.engine.startRollback({ lane, releaseId, decision, request: world.request() });
    await until(server, run.releaseId, 'awaiting-lane');
    return { id: run.releaseId, world };
  },
};
