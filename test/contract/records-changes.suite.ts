import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { BegunChange, GoneBy, Records } from '../../activities/records/port.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { aMember } from '../domain/builders.ts';
import { writeHolder } from '../support/lane-holder.ts';
import { aChange, aDecision, aLane, aRequest, aVerifiedRelease } from './records-builders.ts';

function aRunInLane(lane: LaneKey = aLane()): { lane: LaneKey; workflowId: string } {
  return { lane, workflowId: `release/${lane.service}/${lane.environment}/${randomUUID()}/1` };
}

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

/** What every keeper of records must do about changes of regions, and the ends of those who make them. `given`: once the suite has begun. */
export function describeChanges(given: () => { records: Records; elsewhere: Records }): void {
  let records: Records;
  let elsewhere: Records;
  beforeAll(() => {
    ({ records, elsewhere } = given());
  });

  const touchedBy = (workflowId: string, what = 'core in de') => ({ workflowId, runId: 'run-1', what, at: 10 });
  const twice = async (call: () => Promise<unknown>) => {
    await call();
    await call();
  };

  describe('the end of a run', () => {
    const refused = { details: { code: 'SLIP-REL-10' } };

    it('is met by nothing that begins later, and keeps no other run from anything', async () => {
      const { lane, workflowId } = aRunInLane();
      await twice(() => records.touched.close(workflowId));
      await expect(elsewhere.touched.record(touchedBy(workflowId))).rejects.toMatchObject(refused);
      await expect(elsewhere.changes.begin(aChange(lane), touchedBy(workflowId))).rejects.toMatchObject(refused);
      expect(await records.touched.find(workflowId)).toBeUndefined();
      await records.touched.record(touchedBy(aRunInLane(lane).workflowId));
    });

    it('comes before or after what begins at the same time: what was let in is on record when it has ended', async () => {
      const runs = Array.from({ length: 10 }, () => aRunInLane().workflowId);
      const letIn = async (workflowId: string) => {
        const begins = elsewhere.touched.record(touchedBy(workflowId)).then(
          () => true,
          () => false,
        );
        await records.touched.close(workflowId);
        const known = await records.touched.find(workflowId);
        return { was: await begins, isKnown: known !== undefined };
      };
      for (const { was, isKnown } of await Promise.all(runs.map(letIn))) expect(isKnown).toBe(was);
    });

    it('is met by no plan, nor is the first change: of a run that has begun nothing is planned anew', async () => {
      const { workflowId } = aRunInLane();
      const plans = (hash: string) => records.plans.keep(workflowId, 'planned', { hash });
      await plans('one');
      await plans('two');
      await records.touched.record(touchedBy(workflowId));
      await plans('two');
      await expect(plans('three')).rejects.toMatchObject(refused);
      const other = aRunInLane().workflowId;
      await records.touched.close(other);
      await expect(elsewhere.plans.keep(other, 'planned', { hash: 'one' })).rejects.toMatchObject(refused);
      expect(await records.plans.kept(workflowId, 'planned')).toEqual({ hash: 'two' });
    });

    it('is known by the outcome of a release alone', async () => {
      const asked = await records.attempts.open(aRequest(), { requestKey: randomUUID(), fresh: true });
      const { releaseId } = asked.attempt;
      await records.attempts.conclude(releaseId, { outcome: 'failed', summary: 'no build', endedAt: 2 });
      await expect(records.touched.record(touchedBy(releaseId))).rejects.toMatchObject(refused);
    });
  });

  describe('changes of a region', () => {
    const underWay = async (lane: LaneKey) => (await elsewhere.changes.lookAt(lane, 'de')).underWay;

    it('are numbered as they begin, of whichever run, and are under way until they are over', async () => {
      const { lane, workflowId } = aRunInLane();
      const other = aRunInLane(lane).workflowId;
      expect(await records.changes.lookAt(lane, 'de')).toEqual({ last: undefined, underWay: [] });
      const first = await records.changes.begin(aChange(lane), touchedBy(workflowId));
      const web = aChange(lane, { component: 'web' });
      const second = await elsewhere.changes.begin(web, touchedBy(other, 'web in de'));
      expect([first.before, second.before]).toEqual([undefined, first.number]);
      expect((await underWay(lane)).sort()).toEqual(['core', 'web']);
      const begun = (await records.changes.lookAt(lane, 'de')).last!;
      await twice(() => records.changes.end(second.number, true));
      expect(await underWay(lane)).toEqual(['core']);
      const { last } = await elsewhere.changes.lookAt(lane, 'de');
      expect(last!.number).toBe(second.number);
      expect(last!.at).toBeGreaterThanOrEqual(begun.at);
      expect(await elsewhere.changes.lookAt(lane, 'nl')).toEqual({ last: undefined, underWay: [] });
      expect(await records.touched.find(workflowId)).toMatchObject({ what: ['core in de'] });
    });

    it('are over once: what was said first stays', async () => {
      const { lane, workflowId } = aRunInLane();
      const { number } = await records.changes.begin(aChange(lane), touchedBy(workflowId));
      await records.changes.end(number, false);
      await elsewhere.changes.end(number, true);
      expect(await records.changes.lastOf([workflowId])).toMatchObject([{ number, isDone: false }]);
    });

    const another = { isOther: true, isDone: true };
    const own = { isOther: false, isDone: true };
    it.each<[string, { isOther: boolean; isDone: boolean }, Partial<BegunChange>, string[]]>([
      ['another run has written there', another, { artifact: digest('b') }, []],
      ['another run has failed to write there', { ...another, isDone: false }, {}, ['core']],
      ['its run has put the place back', own, { purpose: 'roll-back', artifact: digest('b') }, []],
      ['its run has put the same there since', own, {}, []],
      ['its run has failed to put the same there', { ...own, isDone: false }, {}, ['core']],
      ['its run has put something else there since', own, { artifact: digest('b') }, ['core']],
    ])('that nobody has ended are under way as long as they may land: %s', async (_what, how, later, left) => {
      const { lane, workflowId } = aRunInLane();
      await records.changes.begin(aChange(lane), touchedBy(workflowId));
      const by = how.isOther ? aRunInLane(lane).workflowId : workflowId;
      const { number } = await records.changes.begin(aChange(lane, later), touchedBy(by));
      await records.changes.end(number, how.isDone);
      expect(await underWay(lane)).toEqual(left);
    });

    it('take back, on the way back, what their own run has verified there, and nothing else', async () => {
      const { lane, workflowId: releaseId } = aRunInLane();
      const other = aRunInLane(lane).workflowId;
      const rows = ['de', 'nl'].map((region) => aVerifiedRelease({ ...lane, region, releaseId }));
      await records.inventory.record([...rows, aVerifiedRelease({ ...lane, releaseId: other })]);
      await records.changes.begin(aChange(lane), touchedBy(releaseId));
      expect(await records.inventory.of(releaseId)).toHaveLength(2);
      await records.changes.begin(aChange(lane, { purpose: 'roll-back' }), touchedBy(releaseId));
      expect(await records.inventory.of(releaseId)).toMatchObject([{ region: 'nl' }]);
      expect(await records.inventory.of(other)).toHaveLength(1);
    });

    it('begin by what their run was found to have the right by, and by nothing that has changed since', async () => {
      const { lane, workflowId } = aRunInLane();
      const ticket = { incarnation: 1, n: 1 };
      await writeHolder(records, lane, { member: aMember(workflowId), ticket, since: 1 });
      await records.plans.keep(workflowId, 'planned', { hash: 'one' });
      const goneBy = { ticket, subject: workflowId, decisions: 0, standing: 0, planHash: 'one' };
      const begin = (by: GoneBy) => elsewhere.changes.begin(aChange(lane), { ...touchedBy(workflowId), goneBy: by });
      const touch = (by: GoneBy) => elsewhere.touched.record({ ...touchedBy(workflowId, 'database main'), goneBy: by });
      await touch(goneBy);
      await begin(goneBy);
      const stale = { details: { code: 'SLIP-REL-14', kind: 'retryable' } };
      await records.decisions.store(aDecision({ releaseId: workflowId }));
      for (const late of [begin, touch]) await expect(late(goneBy)).rejects.toMatchObject(stale);
      const now = { ...goneBy, decisions: 1, standing: 1 };
      await begin(now);
      for (const other of [
        { ...now, ticket: { incarnation: 1, n: 2 } },
        { ...now, planHash: 'two' },
        { ...now, standing: 0 },
      ])
        for (const late of [begin, touch]) await expect(late(other)).rejects.toMatchObject(stale);
    });

    it('do not begin by a decision that was refused since: there are as many, and fewer that stand', async () => {
      const { lane, workflowId } = aRunInLane();
      const ticket = { incarnation: 1, n: 1 };
      await writeHolder(records, lane, { member: aMember(workflowId), ticket, since: 1 });
      await records.plans.keep(workflowId, 'planned', { hash: 'one' });
      const decision = aDecision({ releaseId: workflowId });
      await records.decisions.store(decision);
      await records.decisions.refuse(decision.decision.id, 'not now');
      const found = { ticket, subject: workflowId, decisions: 1, standing: 1, planHash: 'one' };
      const now = { ...found, standing: 0 };
      const begin = (by: GoneBy) => elsewhere.changes.begin(aChange(lane), { ...touchedBy(workflowId), goneBy: by });
      const touch = (by: GoneBy) => elsewhere.touched.record({ ...touchedBy(workflowId, 'database main'), goneBy: by });
      for (const late of [begin, touch])
        await expect(late(found)).rejects.toMatchObject({ details: { code: 'SLIP-REL-14', kind: 'retryable' } });
      await touch(now);
      await begin(now);
    });

    it('may be of a component that is called "database": it is none', async () => {
      const { lane, workflowId } = aRunInLane();
      for (const region of ['de', 'nl']) {
        const change = aChange(lane, { component: 'database', region });
        await records.changes.begin(change, touchedBy(workflowId, `database in ${region}`));
      }
      expect((await elsewhere.touched.find(workflowId))?.what).toEqual(['database in de', 'database in nl']);
    });

    it('keep their run from changing a database any more: what goes back is held against the schema before', async () => {
      const { lane, workflowId } = aRunInLane();
      await records.touched.record(touchedBy(workflowId, 'database main'));
      await records.changes.begin(aChange(lane), touchedBy(workflowId));
      await expect(elsewhere.touched.record(touchedBy(workflowId, 'database main'))).rejects.toMatchObject({
        details: { code: 'SLIP-REL-10' },
      });
      await elsewhere.touched.record(touchedBy(aRunInLane(lane).workflowId, 'database main'));
    });

    it('let nothing be verified there beside them, nor by a run that has put the place back', async () => {
      const { lane, workflowId: releaseId } = aRunInLane();
      const row = aVerifiedRelease({ ...lane, region: 'de', component: 'core', releaseId });
      const refused = { details: { code: 'SLIP-REL-12' } };
      const deploy = await records.changes.begin(aChange(lane), touchedBy(releaseId));
      await expect(elsewhere.inventory.record([row])).rejects.toMatchObject(refused);
      await records.inventory.record([{ ...row, component: 'web' }]);
      await records.changes.end(deploy.number, true);
      await elsewhere.inventory.record([row]);
      const other = aRunInLane(lane).workflowId;
      const back = await records.changes.begin(aChange(lane, { purpose: 'roll-back' }), touchedBy(other));
      await records.changes.end(back.number, true);
      await expect(records.inventory.record([{ ...row, releaseId: other }])).rejects.toMatchObject(refused);
    });

    it('are known of each run by the last one of each place', async () => {
      const { lane, workflowId } = aRunInLane();
      const other = aRunInLane(lane).workflowId;
      const begin = (changes: Partial<BegunChange>, by = workflowId) =>
        records.changes.begin(aChange(lane, changes), touchedBy(by));
      await begin({});
      const back = await begin({ purpose: 'roll-back' });
      const nl = await begin({ region: 'nl' });
      await begin({}, other);
      await records.changes.end(back.number, true);
      const found = (await elsewhere.changes.lastOf([workflowId, aRunInLane().workflowId])).sort(
        (a, b) => a.number - b.number,
      );
      const core = { workflowId, component: 'core' };
      expect(found).toEqual([
        { ...core, region: 'de', number: back.number, purpose: 'roll-back', isDone: true },
        { ...core, region: 'nl', number: nl.number, purpose: 'deploy', isDone: false },
      ]);
    });

    it('begin one after the other, however many runs come at once', async () => {
      const lane = aLane();
      const begun = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          (n % 2 ? records : elsewhere).changes.begin(aChange(lane), touchedBy(aRunInLane(lane).workflowId)),
        ),
      );
      const inOrder = begun.sort((a, b) => a.number - b.number);
      expect(inOrder.map(({ before }) => before)).toEqual([
        undefined,
        ...inOrder.slice(0, -1).map((one) => one.number),
      ]);
    });
  });
}
