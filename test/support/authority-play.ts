import type { RollbackChoice } from '../../domain/rollback.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
import { laneId, rollbackId } from '../../domain/contract/names.ts';
import type { Ticket } from '../../domain/contract/release.ts';
import { aDecision, aMember, aSpec } from '../domain/builders.ts';
import { keepPlanHash } from '../../activities/steps/recorded-result.ts';
import {
  allImages,
  authorsOf,
  commits,
  dana,
  eve,
  kim,
  lanes,
  lee,
  nameOf,
  people,
  planFor,
  plans,
  regions,
  rob,
} from './authority-ground.ts';
import type { Lane, Planned } from './authority-ground.ts';
import type { AuthorityWorld, Caller } from './authority-world.ts';

/** A run that is known by its id: of a release, or of an order. */
interface Run {
  id: string;
  planned: Planned;
  /** The release that it is about. */
  about: string;
  isRelease: boolean;
  regions: string[];
  /** How far its own course has come, and in which of Temporal's runs. */
  at: number;
  runId: string;
}

/** What may be done, and how often each is. */
export const deeds = {
  asks: 2,
  releases: 4,
  undoes: 3,
  approves: 4,
  decides: 3,
  orders: 4,
  saysNo: 2,
  resets: 2,
  voids: 1,
  seesBroken: 1,
  freezes: 1,
  thaws: 1,
  clears: 2,
  changesPolicy: 1,
  waits: 2,
  goesOn: 8,
  goesBack: 3,
  writesLane: 5,
  intrudes: 16,
  isOpen: 1,
};
export type Deed = keyof typeof deeds;

/** One thing that somebody does; the numbers say which of what there is. */
export interface Operation {
  does: Deed;
  picks: number[];
}

/** Plays operations of people, of runs on their course, and of somebody who may do everything in Temporal. */
export function createPlay(world: AuthorityWorld) {
  const { records, gateway, tell, state } = world;
  const releases: Run[] = [];
  const runs: Run[] = [];
  const decisions: Decision[] = [];
  const laneRuns = new Map<string, number>();
  /** The first lane more often. */
  const often = [lanes[0]!, ...lanes];
  const foreign = ['foreign-1', 'release/shop/production/' + commits[0] + '/9', 'rollback/shop/production/none'];
  let names = 0;
  const fresh = (what: string) => `${what}-${(names += 1)}`;

  async function ask(lane: Lane, commit: string, by: typeof dana): Promise<Run> {
    const planned = planFor(lane, commit);
    const request = {
      ...lane,
      repository: 'https://git.test/shop',
      branch: 'main',
      commit,
      requestedBy: by,
      requestedAt: (state.now += 1),
      images: {},
      downgrade: false,
    };
    const asked = { requestKey: fresh('key'), fresh: true, sign: gateway.signRequest };
    const { attempt } = await records.attempts.open(request, asked);
    const { releaseId: id } = attempt;
    const { plan, hash } = planned;
    await records.plans.store(hash, plan);
    await keepPlanHash(records.plans, id, hash);
    const spec = aSpec({ ...lane, regions: plan.regions, migrations: plan.migrationSpecs });
    await records.plans.keep(id, 'read', { spec, artifacts: [], toBuild: [], authors: authorsOf(commit) });
    for (const migration of plan.migrations)
      await records.plans.keep(id, `migrations-${migration.database}`, migration);
    tell({ kind: 'asked', run: id, lane, commit, by: by.id });
    const run = { id, planned, about: id, isRelease: true, regions, at: 0, runId: 'first' };
    releases.push(run);
    runs.push(run);
    return run;
  }

  async function decide(kind: Decision['kind'], about: Run, by: typeof dana, more: Partial<Decision> = {}) {
    const planHash = more.planHash ?? about.planned.hash;
    const decision = aDecision(kind, {
      ...more,
      id: fresh('decision'),
      releaseId: about.about,
      planHash,
      by,
      decidedAt: state.now,
    });
    decisions.push(decision);
    await records.decisions.store(gateway.sign(decision));
    tell({ kind: 'said', what: kind, id: decision.id, about: about.about, planHash, by: by.id });
  }

  async function order(about: Run, by: typeof dana, how: { regions?: string[]; expiresAt: number; planHash: string }) {
    const id = fresh('order');
    const run = rollbackId(about.planned.lane, id);
    const decision = aDecision('roll-back', { id, releaseId: about.id, by, decidedAt: state.now, run, ...how });
    decisions.push(decision);
    await records.decisions.store(gateway.sign(decision));
    tell({ kind: 'ordered', id, run, about: about.id, by: by.id, ...how });
    runs.push({
      ...about,
      id: run,
      about: about.id,
      isRelease: false,
      regions: how.regions ?? regions,
      at: 0,
      runId: 'first',
    });
  }

  const typeOf = ({ isRelease }: Run) => (isRelease ? 'deployRelease' : 'rollBackRelease');
  const ownCaller = (run: Run): Caller => ({ workflowId: run.id, runId: run.runId, type: typeOf(run) });
  const environmentOf = ({ planned }: Run) => planned.lane.environment as 'production' | 'staging';

  async function authorityOf(run: Run) {
    const holder = await records.lanes.holder(run.planned.lane);
    const ticket = holder?.ticket ?? { incarnation: 1, n: 1 };
    return { releaseId: run.id, subject: run.about, planHash: run.planned.hash, ticket };
  }

  /** A write of the lane, by whoever runs under its id. */
  async function writeLane(
    lane: Lane,
    holder: string | undefined,
    how: { again?: boolean; ticket?: Partial<Ticket>; id?: string } = {},
  ) {
    const nth = (laneRuns.get(nameOf(lane)) ?? 1) + (how.again ? 1 : 0);
    laneRuns.set(nameOf(lane), nth);
    const caller = { workflowId: how.id ?? laneId(lane), runId: `lane-${nth}`, type: 'environmentLane' };
    const begun = (await world.schedule(caller, 'beginLane', { lane }, 'production')) as
      { incarnation: number; sequence: number } | undefined;
    const { incarnation = 1, sequence = 0 } = begun ?? {};
    const ticket = { incarnation, n: sequence + 1, ...how.ticket };
    const member = aMember(holder ?? '', { kind: 'rollback' });
    const memory = { waiting: [], closures: [], ...(holder !== undefined && { holder: { member, ticket, since: 0 } }) };
    const written = await world.schedule(
      caller,
      'recordLane',
      { lane, incarnation, sequence: sequence + 1, ...memory },
      'production',
    );
    return (written as { written: boolean } | undefined)?.written ?? false;
  }

  type Do = () => Promise<unknown>;
  /** What a release does by itself, step by step. */
  function courseOfRelease(run: Run): Do[] {
    const { plan, lane } = run.planned;
    const act = async (step: Parameters<AuthorityWorld['schedule']>[1], input: object) =>
      world.schedule(ownCaller(run), step, { authority: await authorityOf(run), ...input }, environmentOf(run));
    const inRegion = (region: string): Do[] => [
      ...plan.components.map(
        ({ name: component, image }) =>
          () =>
            act('applyComponent', { region, component, image, purpose: 'deploy' }),
      ),
      () => act('verifyRegion', { region, images: {}, purpose: 'deploy' }),
    ];
    return [
      () => writeLane(lane, run.id),
      () => act('tagImages', { tags: 'commit' }),
      ...plan.migrationSpecs.map(
        ({ database }) =>
          () =>
            act('startMigration', { database }),
      ),
      ...regions.flatMap(inRegion),
      () => act('recordVerified', { regions }),
      () => act('tagImages', { tags: 'moving' }),
      () => end(run, ownCaller(run), 'verified'),
      () => writeLane(lane, undefined),
    ];
  }

  const targetIn = async (run: string, region: string, component: string) => {
    const choice = (await records.plans.kept(run, `way-back-${region}`)) as RollbackChoice | undefined;
    return choice?.kind === 'go' ? choice.targets.find((target) => target.component === component)?.image : undefined;
  };

  /** The way back, of a release or of an order. */
  function courseBack(run: Run): Do[] {
    const { plan, lane, hash } = run.planned;
    const put = async (region: string, component: string) => {
      const image = await targetIn(run.id, region, component);
      if (image === undefined) return undefined;
      const input = { authority: await authorityOf(run), region, component, image, purpose: 'roll-back' };
      return world.schedule(ownCaller(run), 'applyComponent', input, environmentOf(run));
    };
    return [
      () => (run.isRelease ? Promise.resolve(true) : writeLane(lane, run.id)),
      () =>
        world.schedule(
          ownCaller(run),
          'chooseRollbacks',
          { planHash: hash, releaseId: run.about, regions: run.regions },
          'production',
        ),
      ...run.regions.flatMap((region) =>
        plan.components.map(
          ({ name }) =>
            () =>
              put(region, name),
        ),
      ),
      () => end(run, ownCaller(run), 'rolled-back', { releaseId: run.about, regions: run.regions }),
      () => writeLane(lane, undefined),
    ];
  }

  const end = (run: Run, caller: Caller, outcome: string, revoke?: { releaseId: string; regions: string[] }) =>
    world.schedule(
      caller,
      'recordEnd',
      {
        releaseId: caller.workflowId,
        result: { outcome, summary: '', artifacts: [], regions: [], timings: [], planHash: run.planned.hash },
        notify: [],
        ...(revoke && { revoke }),
      },
      'production',
    );

  /** `stubborn`: it goes on to the next step when one was refused. */
  async function goOn(run: Run, steps: number, isBack: boolean, stubborn = false) {
    const course = isBack || !run.isRelease ? courseBack(run) : courseOfRelease(run);
    if (isBack && run.at < 100) run.at = 100;
    for (let n = 0; n < steps; n += 1) {
      const done = await course[run.at % 100]?.();
      if (!stubborn && (done === undefined || done === false)) return;
      run.at += 1;
    }
  }

  const pick = <T>(from: readonly T[], n = 0): T => from[n % from.length]!;
  const newest = <T>(from: readonly T[], n = 0): T => from[from.length - 1 - (n % from.length)]!;
  const regionsBy = (n = 0) => pick([undefined, undefined, ['de'], ['nl'], ['de', 'nl']], n);

  /** A step of any kind, with what a run of it would say, but for what the intruder says otherwise. */
  async function intrude([of = 0, step = 0, ...more]: number[]) {
    const run = newest(runs, of);
    const { plan } = run.planned;
    const [lies = 0, a = 0, b = 0, c = 0, d = 0, e = 0] = more;
    /** Each lie by a bit: mostly none, or one. */
    const lie = (nth: number) => lies % 3 !== 0 && (lies >> 2) % 11 === nth;
    const region = pick(regions, a);
    const component = pick(plan.components, b).name;
    const purpose = c % 2 === 0 ? 'deploy' : 'roll-back';
    const own =
      purpose === 'deploy'
        ? plan.components.find(({ name }) => name === component)!.image
        : await targetIn(run.id, region, component);
    const ids = [
      ...runs.map(({ id }) => id),
      ...foreign,
      ...lanes.map(laneId),
      ...decisions.map(({ id }) => rollbackId(run.planned.lane, id)),
    ];
    const caller = {
      workflowId: lie(0) ? pick(ids, d) : run.id,
      runId: lie(1) ? pick(['second', 'lane-1'], d) : 'first',
      type: lie(2) ? pick(['foreign', 'deployRelease', 'rollBackRelease', 'environmentLane'], d) : typeOf(run),
    };
    const honest = await authorityOf(run);
    const authority = {
      releaseId: lie(0) && d % 2 ? caller.workflowId : lie(3) ? pick(ids, d) : honest.releaseId,
      subject: lie(4) ? pick(ids, d) : lie(0) && e % 2 ? caller.workflowId : honest.subject,
      planHash: lie(5) ? pick(plans, d).hash : honest.planHash,
      ticket: lie(6) ? { incarnation: 1 + (d % 3), n: 1 + (e % 9) } : honest.ticket,
    };
    const image = lie(7) ? pick(allImages, d) : (own ?? pick(allImages, e));
    const at = lie(8) ? pick(['production', 'staging'] as const, d) : environmentOf(run);
    const about = lie(9) ? pick(ids, d) : run.about;
    const some = lie(10) ? ['de', 'nl'] : (regionsBy(d) ?? run.regions);
    const inputs = {
      applyComponent: { authority, region, component, image, purpose },
      verifyRegion: {
        authority,
        region,
        images: e % 3 === 0 ? { [component]: image } : {},
        ...(d % 3 !== 0 && { purpose }),
      },
      recordVerified: { authority, regions: some },
      chooseRollbacks: { planHash: authority.planHash, releaseId: about, regions: some },
      startMigration: { authority, database: 'main' },
      tagImages: { authority, tags: d % 2 ? 'commit' : 'moving' },
      consumeApproval: {
        releaseId: about,
        planHash: authority.planHash,
        decisionIds: decisions.slice(-2).map(({ id }) => id),
      },
      recordEnd: {
        releaseId: lie(9) ? about : caller.workflowId,
        result: {
          outcome: pick(['verified', 'rolled-back', 'halted', 'unproven', 'failed', 'superseded'], e),
          summary: '',
          artifacts: [],
          regions: [],
          timings: [],
          planHash: authority.planHash,
        },
        notify: [],
        ...(c % 2 === 0 && { revoke: { releaseId: about, regions: some } }),
      },
      lookAtHolder: { releaseId: about },
    };
    const names = Object.keys(inputs) as (keyof typeof inputs)[];
    const those = [
      ...names,
      'applyComponent',
      'applyComponent',
      'applyComponent',
      'verifyRegion',
      'recordVerified',
      'chooseRollbacks',
    ] as const;
    const name = pick(those, step);
    await world.schedule(caller, name, inputs[name], at);
  }

  const can: Record<Deed, (picks: number[]) => Promise<unknown>> = {
    asks: ([lane, commit, by]: number[]) => ask(pick(often, lane), pick(commits, commit), pick([dana, rob], by)),
    /** A release as it should be, mostly to its end. */
    releases: async ([lane, commit, steps = 0]: number[]) => {
      const run = await ask(pick(often, lane), pick(commits, commit), dana);
      for (const by of [lee, rob]) await decide('approve', run, by);
      await goOn(run, steps % 3 === 0 ? 1 + (steps % 14) : 20, false);
    },
    /** A rollback as it should be. */
    undoes: async ([of, steps = 0, where]: number[]) => {
      const about = newest(releases, of);
      const among = regionsBy(where);
      const how = { ...(among && { regions: among }), expiresAt: state.now + 50_000, planHash: about.planned.hash };
      await order(about, lee, how);
      await goOn(runs.at(-1)!, steps % 3 === 0 ? 1 + (steps % 6) : 20, true);
    },
    /** Two who may, mostly: without them nothing would ever happen. */
    approves: async ([of]: number[]) => {
      const about = newest(releases, of);
      for (const by of [lee, kim, rob]) await decide('approve', about, by);
    },
    decides: ([of, kind, by, hash]: number[]) =>
      decide(
        pick(['approve', 'approve', 'reject', 'abort', 'roll-back', 'accept-failure'] as const, kind),
        newest(runs, of),
        pick(people, by),
        (hash ?? 0) % 5 === 0 ? { planHash: pick(plans, hash).hash } : {},
      ),
    orders: ([of, by, where, expires, hash]: number[]) => {
      const about = newest(releases, of);
      const among = regionsBy(where);
      return order(about, pick([kim, lee, kim, rob, dana, eve], by), {
        ...(among && { regions: among }),
        expiresAt: state.now + pick([50_000, 500], expires),
        planHash: (hash ?? 0) % 7 === 0 ? pick(plans, hash).hash : about.planned.hash,
      });
    },
    saysNo: ([of, kind, by]: number[]) =>
      decide(pick(['reject', 'abort'] as const, kind), newest(releases, of), pick([lee, dana, rob], by)),
    /** Somebody resets it, or starts it again: from then on another of Temporal's runs goes on under its id. */
    resets: ([of, steps = 0]: number[]) => {
      const run = newest(runs, of);
      run.runId = fresh('run');
      run.at = Math.max(0, run.at - (steps % 6));
      return goOn(run, steps % 14, false, true);
    },
    voids: async ([of]: number[]) => {
      const known = decisions.filter(({ kind }) => kind === 'approve' || kind === 'roll-back');
      if (known.length === 0) return;
      const { id } = newest(known, of);
      await records.decisions.refuse(id, 'the run did not take it');
      tell({ kind: 'void', id });
    },
    seesBroken: async ([of, where]: number[]) => {
      const about = newest(releases, of);
      const id = fresh('breach');
      const seen = regionsBy(where) ?? regions;
      const run = rollbackId(about.planned.lane, id);
      await records.breaches.record({
        id,
        releaseId: about.id,
        planHash: about.planned.hash,
        regions: seen,
        summary: '',
        seenAt: state.now,
        seenBy: 'watch',
      });
      tell({ kind: 'broken', run, about: about.id, regions: seen });
      runs.push({ ...about, id: run, isRelease: false, regions: seen, at: 0, runId: 'first' });
    },
    freezes: async ([of, until]: number[]) => {
      const lane = pick(lanes, of);
      const id = fresh('freeze');
      const ends = pick([undefined, state.now + 1_500], until);
      await orderLane(lane, { id, kind: 'freeze', ...(ends !== undefined && { until: ends }) });
      tell({ kind: 'frozen', id, lane, ...(ends !== undefined && { until: ends }) });
    },
    thaws: async ([of]: number[]) => {
      const lane = pick(lanes, of);
      const { orders } = await records.closings.list(lane);
      const last = orders.findLast(({ order }) => order.kind === 'freeze');
      if (!last) return;
      await orderLane(lane, { id: fresh('thaw'), kind: 'unfreeze', lifts: last.order.id });
      tell({ kind: 'thawed', lifts: last.order.id });
    },
    clears: async ([of]: number[]) => {
      const lane = pick(lanes, of);
      const { holds } = await records.closings.list(lane);
      for (const hold of holds) {
        await orderLane(lane, { id: fresh('clear'), kind: 'clear-hold', lifts: hold.id });
        tell({ kind: 'cleared', of: hold.by });
      }
    },
    changesPolicy: ([what]: number[]) => {
      const now = world.policy;
      const changed = [
        { quorum: now.quorum === 1 ? 2 : 1 },
        { groups: now.groups[0] === 'approvers' ? ['chiefs'] : ['approvers'] },
        { shop: !now.shop },
        { rollBackOnBreach: !now.rollBackOnBreach },
      ];
      world.setPolicy({ ...now, ...pick(changed, what) });
      return Promise.resolve();
    },
    waits: ([ms = 0]: number[]) => Promise.resolve(void (state.now += pick([1, 400, 2_000], ms))),
    goesOn: ([of, steps = 0, stubborn = 0]: number[]) =>
      goOn(newest(runs, of), 1 + (steps % 14), false, stubborn % 2 === 1),
    goesBack: ([of, steps = 0, stubborn = 0]: number[]) =>
      goOn(newest(runs, of), 1 + (steps % 8), true, stubborn % 2 === 1),
    writesLane: async ([of, lies = 0, a = 0, b = 0]: number[]) => {
      const run = newest(runs, of);
      await writeLane(lies % 5 === 1 ? pick(lanes, a) : run.planned.lane, lies % 7 === 1 ? pick(foreign, a) : run.id, {
        again: lies % 2 === 1,
        ...(lies % 4 === 3 && { ticket: { n: a % 12, ...(b % 2 && { incarnation: b % 5 }) } }),
        ...(lies % 6 === 5 && { id: pick([...lanes.map(laneId), ...foreign], a) }),
      });
    },
    intrudes: intrude,
    isOpen: ([open = 0]: number[]) => Promise.resolve(void (state.open = open % 2 === 1)),
  };

  const orderLane = (
    lane: Lane,
    what: { id: string } & ({ kind: 'freeze'; until?: number } | { kind: 'unfreeze' | 'clear-hold'; lifts: string }),
  ) => records.closings.order(gateway.signOrder({ lane, by: kim.id, at: state.now, reason: 'sale', ...what }));

  return {
    can,
    /** In the first lane one commit, asked for, approved, verified, and at its end. The others are empty. */
    async prepare() {
      const run = await ask(lanes[0]!, commits[0]!, dana);
      for (const by of [lee, kim]) await decide('approve', run, by);
      await goOn(run, 20, false);
    },
    async perform({ does, picks }: Operation) {
      state.now += 1;
      await can[does](picks);
    },
  };
}
