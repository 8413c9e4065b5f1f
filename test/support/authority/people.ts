import type { Decision } from '../../../domain/contract/decisions.ts';
import { rollbackId } from '../../../domain/contract/names.ts';
import type { Identity } from '../../../domain/contract/release.ts';
import { aDecision } from '../../domain/builders.ts';
import type { Caller } from './events.ts';
import { artifactsOf, authorsOf, database, kim, migratesIn, regions, requestOf, specOf } from './ground.ts';
import type { Lane } from './ground.ts';
import type { AuthorityWorld } from './world.ts';

/** A run that is known by its id: of a release, or of an order. */
export interface Run {
  id: string;
  lane: Lane;
  commit: string;
  /** Of the plan that was made for it last, or of the release that it undoes. */
  hash: string;
  /** The release that it is about. */
  about: string;
  isRelease: boolean;
  regions: string[];
  /** How far its own course has come, and in which of Temporal's runs. */
  at: number;
  runId: string;
}

export const environmentOf = ({ lane }: Pick<Run, 'lane'>) => lane.environment as 'production' | 'staging';
export const callerOf = ({ id, runId, isRelease }: Run): Caller => ({
  workflowId: id,
  runId,
  type: isRelease ? 'deployRelease' : 'rollBackRelease',
});

export type People = ReturnType<typeof createPeople>;

/** What people do through the gateway, and what follows by itself: runs are started, and plans are made for them. */
export function createPeople(world: AuthorityWorld) {
  const { records, gateway, tell, state, schedule } = world;
  const releases: Run[] = [];
  const runs: Run[] = [];
  const decisions: Decision[] = [];
  let names = 0;
  const fresh = (what: string) => `${what}-${(names += 1)}`;

  function begin(run: Omit<Run, 'at' | 'runId'>): Run {
    const begun = { ...run, at: 0, runId: 'first' };
    runs.push(begun);
    if (run.isRelease) releases.push(begun);
    world.opens(run.id);
    return begun;
  }

  /** `configuration`: as which slipway.yaml is read. */
  async function plan(run: Run, configuration = 0): Promise<void> {
    const { id: releaseId, lane, commit } = run;
    const read = { spec: specOf(lane, commit, configuration), artifacts: artifactsOf(lane, commit), toBuild: [] };
    await records.plans.keep(releaseId, 'read', { ...read, authors: authorsOf(commit) });
    const asked = { database, releaseId };
    await schedule(callerOf(run), 'lookAtRegions', { releaseId }, environmentOf(run));
    if (migratesIn(commit)) await schedule(callerOf(run), 'planMigration', asked, environmentOf(run));
    const planned = await schedule(callerOf(run), 'planRelease', { releaseId }, 'production');
    if (planned) run.hash = (planned as { plan: { hash: string } }).plan.hash;
  }

  async function ask(lane: Lane, commit: string, by: Identity, downgrade: boolean): Promise<Run> {
    const request = { ...requestOf(lane, commit), requestedBy: by, requestedAt: (state.now += 1), downgrade };
    const asked = { requestKey: fresh('key'), fresh: true, sign: gateway.signRequest };
    const { attempt } = await records.attempts.open(request, asked);
    const { releaseId: id } = attempt;
    tell({ kind: 'asked', run: id, lane, commit, by: by.id, downgrade });
    const run = begin({ id, lane, commit, hash: 'none', about: id, isRelease: true, regions });
    await plan(run);
    return run;
  }

  async function say(decision: Decision): Promise<void> {
    decisions.push(decision);
    await world.takes(decision);
  }

  async function decide(
    kind: Decision['kind'],
    { about, hash }: Pick<Run, 'about' | 'hash'>,
    by: Identity,
    planHash = hash,
  ): Promise<void> {
    const decision = aDecision(kind, {
      id: fresh('decision'),
      releaseId: about,
      planHash,
      by,
      decidedAt: state.now,
    });
    await say(decision);
    tell({ kind: 'said', what: kind, id: decision.id, about, planHash, by: by.id });
  }

  async function order(
    about: Run,
    by: Identity,
    how: { regions?: string[]; expiresAt: number; planHash: string },
  ): Promise<Run> {
    const id = fresh('order');
    const run = rollbackId(about.lane, id);
    const decision = aDecision('roll-back', { id, releaseId: about.id, by, decidedAt: state.now, run, ...how });
    await say(decision);
    tell({ kind: 'ordered', id, run, about: about.id, by: by.id, ...how });
    return begin({ ...about, id: run, about: about.id, isRelease: false, regions: how.regions ?? regions });
  }

  /** Only the step that looks writes this. */
  async function seeBroken(about: Run, where: string[]): Promise<Run> {
    const id = fresh('breach');
    const run = rollbackId(about.lane, id);
    await records.breaches.record({
      id,
      releaseId: about.id,
      planHash: about.hash,
      regions: where,
      summary: '',
      seenAt: state.now,
      seenBy: 'watch',
    });
    tell({ kind: 'broken', run, about: about.id, regions: where });
    return begin({ ...about, id: run, about: about.id, isRelease: false, regions: where });
  }

  async function refuse(id: string): Promise<void> {
    await records.decisions.refuse(id, 'the run did not take it');
    tell({ kind: 'void', id });
  }

  type LaneOrder = { kind: 'freeze'; until?: number } | { kind: 'unfreeze' | 'clear-hold'; lifts: string };
  const orderLane = (lane: Lane, what: { id: string } & LaneOrder) =>
    records.closings.order(gateway.signOrder({ lane, by: kim.id, at: state.now, reason: 'sale', ...what }));

  async function freeze(lane: Lane, until?: number): Promise<void> {
    const id = fresh('freeze');
    const ends = until === undefined ? {} : { until };
    await orderLane(lane, { id, kind: 'freeze', ...ends });
    tell({ kind: 'frozen', id, lane, ...ends });
  }

  async function thaw(lane: Lane): Promise<void> {
    const { orders } = await records.closings.list(lane);
    const last = orders.findLast(({ signed }) => signed.order.kind === 'freeze');
    if (!last) return;
    await orderLane(lane, { id: fresh('thaw'), kind: 'unfreeze', lifts: last.signed.order.id });
    tell({ kind: 'thawed', lifts: last.signed.order.id });
  }

  async function clearHolds(lane: Lane): Promise<void> {
    const { holds } = await records.closings.list(lane);
    for (const hold of holds) {
      await orderLane(lane, { id: fresh('clear'), kind: 'clear-hold', lifts: hold.id });
      tell({ kind: 'cleared', of: hold.by });
    }
  }

  return {
    releases,
    runs,
    decisions,
    fresh,
    ask,
    plan,
    decide,
    order,
    seeBroken,
    refuse,
    freeze,
    thaw,
    clearHolds,
  };
}
