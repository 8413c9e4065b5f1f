import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { VerifiedRelease } from '../../domain/contract/release.ts';
import { aDecision, aLane, aLaneOrder, aMomentLater, aRequest, aVerifiedRelease } from './records-builders.ts';

/** What every keeper of records tells of many lanes at once. Each test has lanes of its own. */
export function describeLanesAtOnce(here: () => { records: Records; elsewhere: Records }): void {
  describe('many lanes at once', () => {
    const at = () => here().records.lanesAtOnce;
    const verified = async (lane: LaneKey, changes: Partial<VerifiedRelease>) => {
      const row = aVerifiedRelease({ ...lane, ...changes });
      await here().records.inventory.record([row]);
      return row;
    };

    it('are told with what was verified last in each place, and with what counts where that was revoked', async () => {
      const [one, other, unused] = [aLane(), aLane(), aLane()];
      await verified(one, { region: 'de', component: 'core', verifiedAt: 1_000 });
      const newest = await verified(one, { region: 'de', component: 'core', verifiedAt: 2_000 });
      const inNl = await verified(one, { region: 'nl', component: 'core', verifiedAt: 1_500 });
      const before = await verified(other, { region: 'de', component: 'web', verifiedAt: 1_000 });
      const gone = await verified(other, { region: 'de', component: 'web', verifiedAt: 3_000 });
      const alone = await verified(other, { region: 'nl', component: 'web', verifiedAt: 3_000 });
      await here().records.inventory.revoke(gone.releaseId, 'wrong VAT');
      await here().records.inventory.revoke(alone.releaseId, 'wrong VAT');
      const told = await here().elsewhere.lanesAtOnce.places([one, other, unused, one]);
      const because = { revokedBecause: 'wrong VAT' };
      expect(told.filter(({ last }) => last.service === one.service)).toEqual([
        { last: newest, current: newest },
        { last: inNl, current: inNl },
      ]);
      expect(told.filter(({ last }) => last.service === other.service)).toEqual([
        { last: { ...gone, state: 'revoked' }, current: before, ...because },
        { last: { ...alone, state: 'revoked' }, ...because },
      ]);
      expect(told).toHaveLength(4);
      expect(await at().places([])).toEqual([]);
    });

    it('are named where anything was verified, so many at most', async () => {
      const lane = aLane();
      await verified(lane, { component: 'core' });
      await verified(lane, { component: 'web' });
      expect((await at().used(10_000)).filter(({ service }) => service === lane.service)).toEqual([lane]);
      expect(await at().used(1)).toHaveLength(1);
    });

    it('are told with the runs that began to change something later than that, the newest first', async () => {
      const { records } = here();
      const [one, other] = [aLane(), aLane()];
      const touch = async (lane: LaneKey) => {
        await aMomentLater(records);
        const workflowId = `release/${lane.service}/${lane.environment}/${randomUUID()}/1`;
        await records.touched.record({ workflowId, runId: randomUUID(), what: 'core in de', at: 1 });
        return { workflowId, what: ['core in de'], begunAt: (await records.touched.find(workflowId))!.begunAt };
      };
      const [first, second, third] = [await touch(one), await touch(one), await touch(other)];
      const since = (lane: LaneKey, at: number) => ({ ...lane, since: at });
      expect(await at().changedSince([since(one, 0), since(other, third.begunAt)])).toEqual([second, first]);
      expect(await at().changedSince([since(one, first.begunAt), since(other, 0)])).toEqual([second, third]);
    });

    it('are told with what closes each, and it shows when that has become another', async () => {
      const { closings } = here().records;
      const [one, other] = [aLane(), aLane()];
      const counted = async () => here().elsewhere.lanesAtOnce.closingsCounted([one, other]);
      const [ofOne, ofOther] = await counted();
      await closings.order(aLaneOrder(one, { kind: 'freeze' }));
      const [afterOrder, still] = await counted();
      expect([afterOrder === ofOne, still]).toEqual([false, ofOther]);
      await closings.hold(one, { id: 'hold-1', by: 'release/x', reason: 'because', from: 1 });
      const [afterHold] = await counted();
      expect(afterHold).not.toBe(afterOrder);
      expect(await at().closings([one, other])).toEqual([await closings.list(one), await closings.list(other)]);
    });

    it('are told with how many other commits were verified there since one was', async () => {
      const lane = aLane();
      const commits = { old: '1'.repeat(40), next: '2'.repeat(40), newest: '3'.repeat(40), gone: '4'.repeat(40) };
      await verified(lane, { commit: commits.old, region: 'de', verifiedAt: 1_000 });
      await verified(lane, { commit: commits.old, region: 'nl', verifiedAt: 1_100 });
      await verified(lane, { commit: commits.next, region: 'de', verifiedAt: 2_000 });
      await verified(lane, { commit: commits.next, region: 'nl', verifiedAt: 2_000 });
      await verified(lane, { commit: commits.newest, region: 'de', verifiedAt: 3_000 });
      await verified(lane, { commit: commits.newest, region: 'nl', verifiedAt: 3_000 });
      const { releaseId } = await verified(lane, { commit: commits.gone, verifiedAt: 4_000 });
      await here().records.inventory.revoke(releaseId, 'broken');
      const asked = [commits.old, commits.next, commits.newest, commits.gone, '5'.repeat(40)];
      const told = await at().verifiedSince(asked.map((commit) => ({ ...lane, commit })));
      expect(told).toEqual([2, 1, 0, undefined, undefined]);
    });

    it('are told with how many that were in one place, which is released to still: each release has a row for each', async () => {
      const lane = aLane();
      const [old, next, newest] = ['1'.repeat(40), '2'.repeat(40), '3'.repeat(40)];
      await verified(lane, { commit: old, component: 'gone', verifiedAt: 1_200 });
      await verified(lane, { commit: old, component: 'core', verifiedAt: 1_000 });
      await verified(lane, { commit: next, component: 'core', verifiedAt: 2_000 });
      await verified(lane, { commit: newest, component: 'new', verifiedAt: 3_000 });
      expect(await at().verifiedSince([{ ...lane, commit: old }])).toEqual([1]);
    });

    it('are told with who has asked for releases', async () => {
      const { attempt } = await here().records.attempts.open(aRequest(), { requestKey: 'one', fresh: true });
      const { releaseId, number } = attempt;
      expect(await at().askedFor([releaseId, 'release/shop/none/x/1'])).toEqual([{ releaseId, number, by: 'sam' }]);
    });

    it('are told with the rollbacks that have no end on record', async () => {
      const { decisions, plans } = here().records;
      const lane = aLane();
      const order = async () => {
        const id = randomUUID();
        const releaseId = `release/${lane.service}/${lane.environment}/${'a'.repeat(40)}/1`;
        const run = `rollback/${lane.service}/${lane.environment}/${id}`;
        await decisions.store(aDecision({ id, kind: 'roll-back', releaseId, run }));
        return run;
      };
      const [over, open] = [await order(), await order()];
      await plans.keep(over, 'result', { outcome: 'rolled-back' });
      const told = async (filter: { open?: boolean }) =>
        (await decisions.ordersBack({ ...lane, limit: 10, ...filter })).map(({ signed }) => signed.decision.run);
      expect(await told({ open: true })).toEqual([open]);
      expect(await told({})).toEqual([open, over]);
    });
  });
}
