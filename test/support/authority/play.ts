import type { LaneClosure } from '../../../domain/contract/lane.ts';
import { laneId } from '../../../domain/contract/names.ts';
import { createCourses } from './courses.ts';
import { commits, dana, eve, kim, lanes, lee, ola, people as everybody, regions, rob } from './ground.ts';
import type { Lane } from './ground.ts';
import { createIntruder, foreign } from './intruder.ts';
import { createLaneKeeper } from './lane-keeper.ts';
import { createPeople } from './people.ts';
import { newest, pick, regionsBy } from './picking.ts';
import type { AuthorityWorld } from './world.ts';

/** What may be done, and how often each is. */
export const deeds = {
  // People, and what follows by itself.
  asks: 2,
  releases: 6,
  undoes: 7,
  approves: 4,
  decides: 3,
  orders: 4,
  saysNo: 2,
  plansAnew: 2,
  voids: 1,
  seesBroken: 1,
  freezes: 1,
  thaws: 1,
  clears: 2,
  changesPolicy: 1,
  changesRota: 2,
  // Runs, their lanes, and the world.
  waits: 3,
  goesOn: 7,
  goesBack: 4,
  continues: 1,
  looksAtHolder: 2,
  settles: 3,
  sickens: 1,
  // Whoever may do everything in Temporal.
  terminates: 1,
  resets: 2,
  takesOver: 1,
  startsAgain: 2,
  leavesOut: 3,
  wavers: 1,
  writesLane: 5,
  intrudes: 16,
};
export type Deed = keyof typeof deeds;

/** One thing that somebody does; the numbers say which of what there is. */
export interface Operation {
  does: Deed;
  picks: number[];
}

/** Nobody remembers what they said yes to. */
const longAgo = 31 * 86_400_000;

/** Plays operations of people, of runs on their course, and of somebody who may do everything in Temporal. */
export function createPlay(world: AuthorityWorld) {
  const { state } = world;
  const people = createPeople(world);
  const keeper = createLaneKeeper(world);
  const courses = createCourses(world, keeper);
  const intrudes = createIntruder(world, people, courses);
  const { releases, runs, decisions, fresh, decide } = people;
  const { goOn } = courses;
  /** The first lane more often. */
  const often = [lanes[0]!, ...lanes];
  const later = (ms: number) => state.now + ms;

  const can: Record<Deed, (picks: number[]) => unknown> = {
    asks: ([lane, commit, by, older = 0]) =>
      people.ask(pick(often, lane), pick(commits, commit), pick([dana, rob], by), older % 2 === 1),
    /** A release as it should be, mostly to its end; now and then long after it was approved. */
    releases: async ([lane, commit, steps = 0, older = 0, late = 0]) => {
      const run = await people.ask(pick(often, lane), pick(commits, commit), dana, older % 3 !== 0);
      for (const by of [lee, rob]) await decide('approve', run, by);
      if (late % 16 === 1) state.now += longAgo;
      await goOn(run, { steps: steps % 3 === 0 ? 1 + (steps % 16) : 24 });
    },
    /** A rollback as it should be; now and then one to which somebody says no before it begins. */
    undoes: async ([of, steps = 0, where, expires, beyond = 0, no = 0]) => {
      const about = newest(releases, of);
      const among = regionsBy(where);
      const how = {
        ...(among && { regions: among }),
        expiresAt: later(pick([50_000, 50_000, 2], expires)),
        planHash: about.hash,
      };
      const run = await people.order(about, lee, how);
      const everywhere = beyond % 4 === 1;
      if (no % 8 === 1)
        await decide('abort', { about: run.id, hash: run.hash }, pick([lee, dana, rob, eve, ola], no >> 3));
      await goOn(run, {
        steps: steps % 3 === 0 ? 1 + (steps % 6) : 24,
        back: true,
        stubborn: everywhere,
        ...(everywhere && { regions }),
      });
    },
    /** Two who may, mostly: without them nothing would ever happen. */
    approves: async ([of]) => {
      for (const by of [lee, kim, rob]) await decide('approve', newest(releases, of), by);
    },
    decides: ([of, kind, by, hash = 0]) =>
      decide(
        pick(['approve', 'approve', 'reject', 'abort', 'roll-back', 'accept-failure'] as const, kind),
        newest(runs, of),
        pick(everybody, by),
        hash % 5 === 0 ? pick(runs, hash).hash : undefined,
      ),
    orders: ([of, by, where, expires, hash = 0]) => {
      const about = newest(releases, of);
      const among = regionsBy(where);
      return people.order(about, pick([kim, lee, kim, rob, dana, eve, ola], by), {
        ...(among && { regions: among }),
        expiresAt: later(pick([50_000, 500], expires)),
        planHash: hash % 7 === 0 ? pick(runs, hash).hash : about.hash,
      });
    },
    /** To a release, or to a rollback. */
    saysNo: ([of, kind, by]) => {
      const { id, hash } = newest(runs, of);
      return decide(pick(['reject', 'abort'] as const, kind), { about: id, hash }, pick([lee, dana, rob, ola], by));
    },
    /** Its workflow hears of the plan, or goes on with the one that it had. */
    plansAnew: async ([of, configuration = 0, deaf = 0]) => {
      const run = newest(releases, of);
      const { hash } = run;
      await people.plan(run, configuration % 2);
      if (deaf % 2 === 1) run.hash = hash;
    },
    /** One that was made, or the last three: those of a release, mostly. */
    voids: async ([of, many = 0]) => {
      const known = decisions.filter(({ kind }) => kind === 'approve' || kind === 'roll-back');
      if (known.length === 0) return;
      const those = many % 2 === 1 ? known.slice(-3) : [newest(known, of)];
      for (const { id } of those) await people.refuse(id);
    },
    seesBroken: ([of, where]) => people.seeBroken(newest(releases, of), regionsBy(where) ?? regions),
    freezes: ([of, until = 0]) => people.freeze(pick(lanes, of), until % 2 === 1 ? later(15_000) : undefined),
    thaws: ([of]) => people.thaw(pick(lanes, of)),
    clears: ([of]) => people.clearHolds(pick(lanes, of)),
    changesPolicy: ([what]) => {
      const now = world.policy();
      const changed = [
        { quorum: now.quorum === 1 ? 2 : 1 },
        { groups: now.groups[0] === 'approvers' ? ['chiefs'] : ['approvers'] },
        { shop: !now.shop },
        { rollBackOnBreach: !now.rollBackOnBreach },
        { onCall: now.onCall.length > 0 ? [] : ['on-call'] },
      ];
      world.setPolicy({ ...now, ...pick(changed, what) });
    },
    /** Who is on call, or who approves, is another. */
    changesRota: ([what = 0]) => can.changesPolicy([what % 3 === 0 ? 1 : 4]),

    waits: ([ms]) => {
      state.now += pick([1, 400, 2_000, 20_000, longAgo], ms);
      world.environment.finishAll();
    },
    goesOn: ([of, steps = 0, stubborn = 0]) =>
      goOn(newest(runs, of), { steps: 1 + (steps % 16), stubborn: stubborn % 2 === 1 }),
    goesBack: ([of, steps = 0, stubborn = 0, where = 0]) =>
      goOn(newest(runs, of), {
        steps: 1 + (steps % 12),
        back: true,
        stubborn: stubborn % 2 === 1,
        ...(where % 3 === 1 && { regions }),
      }),
    continues: ([of]) => courses.continueAsNew(newest(runs, of), fresh('run')),
    looksAtHolder: ([of]) => keeper.look(pick(often, of)),
    /** What somebody does who comes to look: what is there no more is let go of, and the hold is cleared. */
    settles: async ([of]) => {
      const { lane } = newest(runs, of);
      const holder = await world.records.lanes.holder(lane);
      if (holder) world.closes(holder.member.releaseId);
      await keeper.look(lane);
      await people.clearHolds(lane);
    },
    sickens: ([of, where]) => world.environment.turn(pick(often, of), pick(regions, where)),

    terminates: ([of]) => world.closes(newest(runs, of).id),
    /** Somebody resets it, or starts it again: from then on another of Temporal's runs goes on under its id. */
    resets: ([of, steps = 0]) => {
      const run = newest(runs, of);
      run.runId = fresh('run');
      run.at = Math.max(0, run.at - (steps % 6));
      world.opens(run.id);
      return goOn(run, { steps: steps % 16, stubborn: true });
    },
    takesOver: async ([of, from, steps = 0]) => {
      const run = newest(runs, of);
      const before = run.runId;
      run.runId = fresh('run');
      const named = { releaseId: run.id, from: pick([before, newest(runs, from).runId], from) };
      const caller = {
        workflowId: run.id,
        runId: run.runId,
        type: run.isRelease ? 'deployRelease' : 'rollBackRelease',
      };
      await world.schedule(caller, 'takeOver', named, 'production');
      await goOn(run, { steps: steps % 16, stubborn: true });
    },
    /** A workflow under the id of a run that has ended. */
    startsAgain: ([of, at = 0, steps = 0, back = 0]) => {
      const ended = runs.filter(({ id }) => world.hasEnded(id));
      if (ended.length === 0) return;
      const run = newest(ended, of);
      if (at % 2) run.runId = fresh('run');
      run.at = at % 12;
      world.opens(run.id);
      return goOn(run, { steps: 1 + (steps % 20), back: back % 2 === 1, stubborn: true });
    },
    /** One that goes its way but for a few steps; often of a release that people have just approved. */
    leavesOut: async ([of, one = 0, another = 0, steps = 0, back = 0, which = 0, commit = 0]) => {
      const run =
        which % 3 === 0 ? newest(runs, of) : await people.ask(pick(often, which), pick(commits, commit), dana, true);
      if (which % 3 > 0) for (const by of [lee, rob]) await decide('approve', run, by);
      await goOn(run, {
        steps: 1 + (steps % 24),
        back: back % 3 === 2,
        stubborn: true,
        without: [one, another].map((n) => n % 24),
      });
    },
    /** It goes back for some steps, and then on as if it had not. */
    wavers: async ([of, steps = 0, more = 0, where = 0]) => {
      const run = newest(releases, of);
      const { at } = run;
      await goOn(run, { steps: 2 + (steps % 7), back: true, stubborn: true, regions: pick([regions, ['nl']], where) });
      run.at = at;
      await goOn(run, { steps: 1 + (more % 8), stubborn: true });
    },
    writesLane: ([of, lies = 0, a = 0, b = 0]) => {
      const run = newest(runs, of);
      const holder = lies % 7 === 1 ? pick([undefined, ...foreign], a) : run.id;
      return keeper.write(lies % 5 === 1 ? pick(lanes, a) : run.lane, holder, {
        again: lies % 3 === 1,
        ...(lies % 4 === 3 && { ticket: { n: a % 12, ...(b % 2 && { incarnation: b % 5 }) } }),
        ...(lies % 6 === 5 && { id: pick([...lanes.map(laneId), ...foreign], a) }),
        ...(lies % 9 === 8 && { late: true, sequence: a % 12 }),
        ...(lies % 8 === 7 && { closures: [inventedFreeze(run.lane)] }),
      });
    },
    intrudes,
  };

  /** That nobody has ordered. */
  const inventedFreeze = (scope: Lane): LaneClosure => ({
    id: fresh('said'),
    kind: 'freeze',
    scope,
    from: 0,
    passes: [],
    by: 'eve',
    reason: '',
  });

  return {
    /** In the first lane one commit, asked for and approved; verified, and at its end, if that is wanted. The others are empty. */
    async prepare(isVerified: boolean) {
      const run = await people.ask(lanes[0]!, commits[0]!, dana, false);
      for (const by of [lee, kim]) await decide('approve', run, by);
      if (isVerified) await goOn(run, { steps: 24 });
    },
    async perform({ does, picks }: Operation) {
      state.now += 1;
      await can[does](picks);
    },
  };
}
