import { laneId, rollbackId } from '../../../domain/contract/names.ts';
import { aHash } from '../../domain/builders.ts';
import type { Courses } from './courses.ts';
import { allImages, commits, database, lanes, regions } from './ground.ts';
import { callerOf, environmentOf } from './people.ts';
import type { People } from './people.ts';
import { newest, pick, regionsBy } from './picking.ts';
import type { AuthorityWorld } from './world.ts';

/** Ids that nobody has asked for. */
export const foreign = ['foreign-1', `release/shop/production/${commits[0]}/9`, 'rollback/shop/production/none'];

const outcomes = ['verified', 'rolled-back', 'halted', 'unproven', 'failed', 'superseded'];

/** One step of any kind, by somebody who may do everything in Temporal: with what a run of it would say, but for what they say otherwise. */
export function createIntruder({ schedule }: AuthorityWorld, people: People, courses: Courses) {
  return async ([of = 0, step = 0, lies = 0, a = 0, b = 0, c = 0, d = 0, e = 0]: number[]): Promise<void> => {
    const { runs, decisions } = people;
    const run = newest(runs, of);
    /** Mostly none, or one. */
    const lie = (nth: number) => lies % 3 !== 0 && (lies >> 2) % 12 === nth;
    const components = await courses.componentsOf(run);
    const region = pick(regions, a);
    const component = pick(components, b)?.name ?? 'core';
    const purpose = c % 2 === 0 ? 'deploy' : 'roll-back';
    const targets = await courses.targetsIn(run, region);
    const own = (
      purpose === 'deploy' ? components.map(({ name, image }) => ({ component: name, image })) : targets
    ).find((one) => one.component === component)?.image;
    const ids = [
      ...runs.map(({ id }) => id),
      ...foreign,
      ...lanes.map(laneId),
      ...decisions.map(({ id }) => rollbackId(run.lane, id)),
    ];
    const hashes = [...runs.map(({ hash }) => hash), aHash('0')];
    const caller = {
      workflowId: lie(0) ? pick(ids, d) : run.id,
      runId: lie(1) ? pick(['second', 'lane-1'], d) : run.runId,
      type: lie(2) ? pick(['foreign', 'deployRelease', 'rollBackRelease', 'environmentLane'], d) : callerOf(run).type,
    };
    const honest = await courses.authorityOf(run);
    const authority = {
      releaseId: lie(0) && d % 2 ? caller.workflowId : lie(3) ? pick(ids, d) : honest.releaseId,
      subject: lie(4) ? pick(ids, d) : lie(0) && e % 2 ? caller.workflowId : honest.subject,
      planHash: lie(5) ? pick(hashes, d) : honest.planHash,
      ticket: lie(6) ? { incarnation: 1 + (d % 3), n: 1 + (e % 9) } : honest.ticket,
    };
    const image = lie(7) ? pick(allImages, d) : (own ?? pick(allImages, e));
    const at = lie(8) ? pick(['production', 'staging'] as const, d) : environmentOf(run);
    const about = lie(9) ? pick(ids, d) : run.about;
    const some = lie(10) ? ['de', 'nl'] : (regionsBy(d) ?? run.regions);
    const { planHash } = authority;
    const releaseId = lie(9) ? about : caller.workflowId;
    const result = { outcome: pick(outcomes, e), summary: '', artifacts: [], regions: [], timings: [], planHash };
    const inputs = {
      applyComponent: { authority, region, component, image, purpose },
      verifyRegion: {
        authority,
        region,
        images: e % 3 === 0 ? { [component]: image } : Object.fromEntries(targets.map((t) => [t.component, t.image])),
        ...(!lie(11) && { purpose }),
      },
      recordVerified: { authority, regions: some },
      chooseRollbacks: { planHash, releaseId: about, regions: some },
      startMigration: { authority, database },
      watchMigration: { authority, database },
      verifyMigration: { authority, database },
      lookAtRegions: { releaseId },
      planMigration: { releaseId, database, ...(d % 2 && { authority }) },
      planRelease: { releaseId },
      judgePlanDrift: { releaseId, planHash },
      tagImages: { authority, tags: d % 2 ? 'commit' : 'moving' },
      consumeApproval: { releaseId: about, planHash, decisionIds: decisions.slice(-2).map(({ id }) => id) },
      recordEnd: { releaseId, result, notify: [], ...(c % 2 === 0 && { revoke: { releaseId: about, regions: some } }) },
      lookAtHolder: { releaseId: about },
      takeOver: { releaseId, from: lie(11) ? pick(['second', 'lane-1', run.runId], d) : run.runId },
    };
    const names = Object.keys(inputs) as (keyof typeof inputs)[];
    const oftener = ['applyComponent', 'applyComponent', 'applyComponent', 'verifyRegion', 'recordVerified'] as const;
    const name = pick([...names, ...oftener, 'chooseRollbacks', 'recordEnd', 'recordEnd'] as const, step);
    await schedule(caller, name, inputs[name], at);
  };
}
