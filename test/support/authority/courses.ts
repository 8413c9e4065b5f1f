import { bakeOf } from '../../../domain/bake.ts';
import { database } from './ground.ts';
import { callerOf, environmentOf } from './people.ts';
import type { Run } from './people.ts';
import type { LaneKeeper } from './lane-keeper.ts';
import type { AuthorityWorld } from './world.ts';

type Do = () => Promise<unknown>;

/** How much of its course a run goes, and what its workflow, or somebody else under its id, makes of it. */
export interface Going {
  steps: number;
  /** The way back. */
  back?: boolean;
  /** It goes on to the next step when one was refused. */
  stubborn?: boolean;
  /** Steps that it leaves out, by their place in its course. */
  without?: readonly number[];
  /** It goes back there, whatever it was ordered. */
  regions?: readonly string[];
}

export type Courses = ReturnType<typeof createCourses>;

/** What runs do by themselves, step by step. */
export function createCourses({ records, schedule, state, continues, closes }: AuthorityWorld, lanes: LaneKeeper) {
  async function authorityOf(run: Run) {
    const holder = await records.lanes.holder(run.lane);
    const ticket = holder?.ticket ?? { incarnation: 1, n: 1 };
    return { releaseId: run.id, subject: run.about, planHash: run.hash, ticket };
  }
  const act = async (run: Run, step: Parameters<AuthorityWorld['schedule']>[1], input: object) =>
    schedule(callerOf(run), step, { authority: await authorityOf(run), ...input }, environmentOf(run));
  const componentsOf = async ({ hash }: Run) => (await records.plans.find(hash))?.components ?? [];
  const targetsIn = async ({ id }: Run, region: string) => {
    const chosen = (await records.plans.kept(id, `way-back-${region}`)) as
      { targets: { component: string; image: string }[] } | undefined;
    return chosen?.targets ?? [];
  };

  const end = (run: Run, outcome: string, revoke?: { releaseId: string; regions: string[] }) => {
    const said = { outcome, summary: '', artifacts: [], regions: [], timings: [], planHash: run.hash };
    const input = { releaseId: run.id, result: said, notify: [], ...(revoke && { revoke }) };
    return schedule(callerOf(run), 'recordEnd', input, 'production');
  };
  /** The last thing that a workflow does. */
  const leave = async (run: Run) => {
    closes(run.id);
    const holder = await records.lanes.holder(run.lane);
    return holder?.member.releaseId === run.id ? lanes.write(run.lane, undefined) : true;
  };

  async function courseOfRelease(run: Run): Promise<Do[]> {
    const plan = await records.plans.find(run.hash);
    const look = (region: string) => () => act(run, 'verifyRegion', { region, images: {}, purpose: 'deploy' });
    /** Once more when it has baked. */
    const looksAt = (region: string): Do[] => {
      const bakeMs = plan ? bakeOf(plan, region) : 0;
      const waits = () => Promise.resolve((state.now += bakeMs));
      return bakeMs > 0 ? [look(region), waits, look(region)] : [look(region)];
    };
    const inRegion = (region: string): Do[] => [
      ...(plan?.components ?? []).map(
        ({ name: component, image }) =>
          () =>
            act(run, 'applyComponent', { region, component, image, purpose: 'deploy' }),
      ),
      ...looksAt(region),
    ];
    const migrations = (plan?.migrations ?? []).some(({ pending }) => pending.length > 0)
      ? (['startMigration', 'watchMigration', 'verifyMigration'] as const)
      : [];
    const held = { releaseId: run.id, planHash: run.hash };
    return [
      () => lanes.letIn(run.lane, run.id),
      async () => {
        const verdict = await schedule(callerOf(run), 'judgePlanDrift', held, 'production');
        return (verdict as { kind: string } | undefined)?.kind === 'proceed' || undefined;
      },
      () => act(run, 'tagImages', { tags: 'commit' }),
      ...migrations.map((step) => () => act(run, step, { database })),
      ...run.regions.flatMap(inRegion),
      () => act(run, 'recordVerified', { regions: run.regions }),
      () => act(run, 'tagImages', { tags: 'moving' }),
      () => end(run, 'verified'),
      () => leave(run),
    ];
  }

  async function courseBack(run: Run, where: readonly string[]): Promise<Do[]> {
    const components = await componentsOf(run);
    const put = async (region: string, component: string) => {
      const target = (await targetsIn(run, region)).find((one) => one.component === component);
      return target && act(run, 'applyComponent', { region, component, image: target.image, purpose: 'roll-back' });
    };
    const look = async (region: string) => {
      const images = Object.fromEntries((await targetsIn(run, region)).map((one) => [one.component, one.image]));
      return act(run, 'verifyRegion', { region, images, purpose: 'roll-back' });
    };
    const about = { planHash: run.hash, releaseId: run.about, regions: [...where] };
    return [
      () => (run.isRelease ? Promise.resolve(true) : lanes.letIn(run.lane, run.id)),
      () => schedule(callerOf(run), 'chooseRollbacks', about, 'production'),
      ...where.flatMap((region) => [
        ...components.map(
          ({ name }) =>
            () =>
              put(region, name),
        ),
        () => look(region),
      ]),
      () => end(run, 'rolled-back', { releaseId: run.about, regions: [...where] }),
      () => leave(run),
    ];
  }

  return {
    authorityOf,
    componentsOf,
    targetsIn,
    end,
    async goOn(
      run: Run,
      { steps, back = false, stubborn = false, without = [], regions: where = run.regions }: Going,
    ): Promise<void> {
      const isBack = back || !run.isRelease;
      const course = isBack ? await courseBack(run, where) : await courseOfRelease(run);
      if (isBack && run.at < 100) run.at = 100;
      for (let n = 0; n < steps; n += 1) {
        const at = run.at % 100;
        const done = without.includes(at) ? true : await course[at]?.();
        if (!stubborn && (done === undefined || done === false)) return;
        run.at += 1;
      }
    },
    /** Temporal goes on with it in a new run, which says so first. */
    async continueAsNew(run: Run, to: string): Promise<void> {
      const from = run.runId;
      run.runId = to;
      continues(run.id, from, to);
      await schedule(callerOf(run), 'takeOver', { releaseId: run.id, from }, 'production');
    },
  };
}
