import type { Lanes } from '../../activities/lanes/port.ts';
import type { Engine } from '../../client/engine.ts';
import type { ReleaseSpec } from '../../domain/contract/release.ts';
import { aHash, aMigrationSpec, aPolicy, aRegion, aWave } from '../domain/builders.ts';
import { idOf } from '../workflows/support/fake-world.ts';
import type { FakeWorld } from '../workflows/support/fake-world.ts';

/** What a scenario acts on: a world of fake steps, and a server that takes real time. */
export interface Actor {
  engine: Engine;
  lanes: Lanes;
  world(spec?: Partial<ReleaseSpec>): FakeWorld;
  /** Resolves once the run is at this stage. */
  until(id: string, stage: string): Promise<{ planHash?: string }>;
  ended(id: string): Promise<void>;
  eventually(what: string, ask: () => Promise<boolean>): Promise<unknown>;
}

/** Plays one release; the id of the run whose history is kept. */
export type Scenario = (actor: Actor) => Promise<string>;

const two = {
  regions: [aRegion('de'), aRegion('nl')],
  waves: [aWave(['de'], 20), aWave(['nl'])],
};
const unasked = { approval: aPolicy({ required: false }) };

async function start({ engine }: Actor, world: FakeWorld, changes = {}): Promise<string> {
  const request = world.request(changes);
  await engine.startRelease(request);
  return idOf(request);
}

async function approved(actor: Actor, world: FakeWorld, id: string): Promise<void> {
  const { planHash = '' } = await actor.until(id, 'awaiting-approval');
  await actor.engine.decide(id, world.sign('approve', { releaseId: id, planHash }));
}

/** One for each outcome of a release, and a rollback. */
export const scenarios: Record<string, Scenario> = {
  async verified(actor) {
    const world = actor.world({ ...two, migrations: [aMigrationSpec()] });
    world.drifts = [{ kind: 're-approve', why: 'the policy has changed', rebuild: false }];
    const look = world.hold('judgePlanDrift');
    const id = await start(actor, world);
    await approved(actor, world, id);
    await look.reached;
    world.spec = { ...world.spec, policyHash: aHash('9') };
    look.go();
    await actor.eventually(
      'the second question',
      async () => world.calls.filter((c) => c === 'announce attention').length === 2,
    );
    await approved(actor, world, id);
    return id;
  },
  async 'rolled-back'(actor) {
    const world = actor.world({ ...two, ...unasked, onFailure: { partial: 'hold', confirm: true, holdMs: 60_000 } });
    world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    const id = await start(actor, world);
    await actor.until(id, 'held');
    await actor.engine.decide(id, world.sign('roll-back', { releaseId: id }));
    return id;
  },
  async unproven(actor) {
    const world = actor.world({
      ...two,
      ...unasked,
      onFailure: { partial: 'hold', confirm: true, holdMs: 60_000, onInconclusive: 'go-on' },
    });
    world.away('verifyRegion nl 1', 'SLIP-VER-3');
    return start(actor, world);
  },
  async rejected(actor) {
    const world = actor.world();
    const id = await start(actor, world);
    const { planHash = '' } = await actor.until(id, 'awaiting-approval');
    await actor.engine.decide(id, world.sign('reject', { releaseId: id, planHash }));
    return id;
  },
  async expired(actor) {
    return start(actor, actor.world({ approval: aPolicy({ expiresMs: 500 }) }));
  },
  async superseded(actor) {
    const world = actor.world();
    const older = await start(actor, world);
    await actor.until(older, 'awaiting-approval');
    const newer = await start(actor, world, { attempt: 2, requestedAt: 2_000 });
    await approved(actor, world, newer);
    await actor.ended(newer);
    return older;
  },
  async aborted(actor) {
    const world = actor.world();
    const build = world.hold('buildImage');
    const id = await start(actor, world);
    await build.reached;
    await actor.engine.decide(id, world.sign('abort', { releaseId: id }));
    build.go();
    return id;
  },
  async failed(actor) {
    const world = actor.world();
    world.fail('buildImage', 'SLIP-IMG-1', 'no such file');
    return start(actor, world);
  },
  async halted(actor) {
    const world = actor.world({ ...two, ...unasked });
    world.history = [];
    world.fail('watchRollout deploy core nl', 'SLIP-K8S-1', 'core: CrashLoopBackOff');
    return start(actor, world);
  },
  async rollback(actor) {
    const world = actor.world({ ...two, ...unasked });
    const id = await start(actor, world);
    await actor.ended(id);
    const lane = { service: world.service, environment: 'production' };
    const decision = world.sign('roll-back', { releaseId: id });
    const { releaseId } = await actor.engine.startRollback({ lane, releaseId: id, decision, request: world.request() });
    return releaseId;
  },
};
