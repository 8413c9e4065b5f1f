import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AskedOtherwise, type Attempt, type AttemptFilter, type Records } from '../../activities/records/port.ts';
import type { Breach } from '../../domain/contract/breach.ts';
import type { DecisionKind, SignedDecision } from '../../domain/contract/decisions.ts';
import type { DeliveryKind } from '../../domain/contract/delivery.ts';
import type { ReleaseRequest } from '../../domain/contract/release.ts';
import type { SignedSession } from '../../domain/contract/sessions.ts';
import type { ServiceToken, SignedToken } from '../../domain/contract/tokens.ts';
import { standsRefused } from '../../domain/refused-decisions.ts';
import type { DecidedRun } from '../../domain/refused-decisions.ts';
import { aSchemaChange } from '../support/rollback-history.ts';
import { describeChanges } from './records-changes.suite.ts';
import { describeLanesAtOnce } from './records-lanes-at-once.suite.ts';
import { describeOutbox } from './records-outbox.suite.ts';
import {
  aDecision,
  aLane,
  aLaneMemory,
  aLaneOrder,
  aMomentLater,
  anAuditEntry,
  anImage,
  aPlan,
  aRequest,
  aVerifiedRelease,
  aWrite,
  begun,
} from './records-builders.ts';

export interface RecordsUnderTest {
  records: Records;
  /** The same records as another process sees them. */
  elsewhere: Records;
  tearDown(): Promise<void>;
}

/** Said as escapes, which JSON lets through. */
const notText = [
  ['half of a character', 'broken \ud83d'],
  ['NUL', 'broken \0'],
];

/** What every keeper of records must do. */
export function describeRecords(name: string, setUp: () => Promise<RecordsUnderTest>): void {
  describe(`Records: ${name}`, () => {
    let records: Records;
    let elsewhere: Records;
    let tearDown: () => Promise<void>;

    beforeAll(async () => {
      ({ records, elsewhere, tearDown } = await setUp());
    });
    afterAll(() => tearDown());

    /** The calls of one kind, each made twice: as after a lost reply. */
    async function twice<Result>(call: () => Promise<Result>): Promise<[Result, Result]> {
      return [await call(), await call()];
    }

    describe('attempts', () => {
      it('gives the same attempt again when the reply was lost', async () => {
        const request = aRequest();
        const [first, again] = await twice(() => records.attempts.open(request, { requestKey: 'run-1', fresh: true }));
        expect(first.created).toBe(true);
        expect(again).toEqual({ attempt: first.attempt, created: false });
        expect(await records.attempts.list({ ...request, limit: 10 })).toEqual([first.attempt]);
      });

      it('names the run after service, environment, commit and attempt, and keeps the request', async () => {
        const request = aRequest();
        const { attempt } = await records.attempts.open(request, { requestKey: 'run-1', fresh: false });
        const releaseId = `release/${request.service}/production/${request.commit}/1`;
        expect(attempt).toEqual({
          releaseId,
          number: expect.any(Number),
          request: { ...request, attempt: 1 },
          requestKey: 'run-1',
          startedAt: 1_000,
          beforeSigning: true,
        });
        expect(await elsewhere.attempts.find(releaseId)).toEqual(attempt);
      });

      it('answers with the newest attempt of the commit unless a fresh one is asked for', async () => {
        const request = aRequest();
        await records.attempts.open(request, { requestKey: 'one', fresh: false });
        const second = await records.attempts.open(request, { requestKey: 'two', fresh: true });
        const third = await records.attempts.open(request, { requestKey: 'three', fresh: false });
        expect(second.attempt.request.attempt).toBe(2);
        expect(third).toEqual({ attempt: second.attempt, created: false });
      });

      it.each<[string, Partial<ReleaseRequest>]>([
        ['with images', { images: { core: anImage('core') } }],
        ['as a downgrade', { downgrade: true }],
        ['on another branch', { branch: 'other' }],
        ['from another repository', { repository: 'https://other.test/shop.git' }],
      ])(
        'neither hands out, nor lets stand in the way, what somebody else has asked for first: %s',
        async (_, changes) => {
          const request = aRequest();
          const mallory = { ...request, ...changes, requestedBy: { ...request.requestedBy, id: 'mallory' } };
          const again = async (asked: typeof request, requestKey: string) =>
            records.attempts.open(asked, { requestKey, fresh: false });
          const theirs = await again(mallory, 'one');
          const own = await again(request, 'two');
          expect(own).toMatchObject({ created: true, attempt: { request: { ...request, attempt: 2 } } });
          expect(await again(request, 'three')).toEqual({ attempt: own.attempt, created: false });
          expect(await again(mallory, 'four')).toEqual({ attempt: theirs.attempt, created: false });
        },
      );

      it.each<[Partial<ReleaseRequest>, string]>([
        [{ images: { core: anImage('core') } }, `with the images core=${anImage('core')}`],
        [{ downgrade: false }, 'not as a downgrade'],
        [{ branch: 'other' }, 'on the branch other'],
        [{ repository: 'https://other.test/shop.git' }, 'from the repository https://other.test/shop.git'],
      ])(
        'begins no downgrade beside another attempt of the commit, unless that is said: %j',
        async (changes, words) => {
          const request = { ...aRequest(), downgrade: true };
          const { attempt } = await records.attempts.open(
            { ...request, ...changes },
            { requestKey: 'one', fresh: false },
          );
          const asked = () => records.attempts.open(request, { requestKey: 'two', fresh: false });
          await expect(asked()).rejects.toThrow(new AskedOtherwise(attempt, words));
          await expect(asked()).rejects.toThrow(`asked for it otherwise: ${words}`);
          const own = await records.attempts.open(request, { requestKey: 'two', fresh: true });
          expect(own).toMatchObject({ created: true, attempt: { request: { ...request, attempt: 2 } } });
          expect((await records.attempts.open(request, { requestKey: 'three', fresh: false })).attempt).toEqual(
            own.attempt,
          );
        },
      );

      it('adds none where that is refused, and hands out what there is all the same', async () => {
        const request = aRequest();
        const refuseNew = new Error('not today');
        const ask = (requestKey: string, more = {}) =>
          records.attempts.open(request, { requestKey, fresh: false, ...more });
        await expect(ask('one', { refuseNew })).rejects.toBe(refuseNew);
        expect(await records.attempts.list({ ...request, limit: 10 })).toEqual([]);
        const { attempt } = await ask('one');
        for (const key of ['one', 'two']) expect(await ask(key, { refuseNew })).toEqual({ attempt, created: false });
        await expect(ask('three', { refuseNew, fresh: true })).rejects.toBe(refuseNew);
      });

      it('passes over what is not believed, also where its key leads to it, and keeps to what is', async () => {
        const request = aRequest();
        const forged = await records.attempts.open(request, { requestKey: 'one', fresh: true });
        const believes = ({ releaseId }: Attempt) => releaseId !== forged.attempt.releaseId;
        const open = (requestKey: string) => records.attempts.open(request, { requestKey, fresh: false, believes });
        const own = await open('one');
        expect(own).toMatchObject({ created: true, attempt: { request: { ...request, attempt: 2 } } });
        for (const key of ['one', 'two', 'two'])
          expect(await open(key)).toEqual({ attempt: own.attempt, created: false });
      });

      it('is asked for once by a key that leads to what is not believed, also where a new attempt is wanted', async () => {
        const request = aRequest();
        const forged = await records.attempts.open({ ...request, branch: 'other' }, { requestKey: 'one', fresh: true });
        const believes = ({ releaseId }: Attempt) => releaseId !== forged.attempt.releaseId;
        const [first, again] = await twice(() =>
          records.attempts.open(request, { requestKey: 'one', fresh: true, believes }),
        );
        expect(first).toMatchObject({ created: true, attempt: { request: { attempt: 2 } } });
        expect(again).toEqual({ attempt: first.attempt, created: false });
      });

      it('lists what are requests, as many as are asked for, and nothing that somebody has put in place of one', async () => {
        const request = aRequest();
        const open = (asked: object, requestKey: string) =>
          records.attempts.open({ ...request, ...asked }, { requestKey, fresh: true });
        const first = await open({}, 'first');
        for (const odd of [{ requestedBy: { id: 5 } }, { branch: undefined }, { images: null }, { repository: 5 }])
          await open(odd, JSON.stringify(odd));
        const last = await open({}, 'last');
        expect(await records.attempts.list({ ...request, limit: 2 })).toEqual([last.attempt, first.attempt]);
      });

      it('keeps to the attempt that a key was once given, even when there are newer ones', async () => {
        const request = aRequest();
        const first = await records.attempts.open(request, { requestKey: 'one', fresh: false });
        await records.attempts.open(request, { requestKey: 'two', fresh: false });
        await records.attempts.open(request, { requestKey: 'three', fresh: true });
        expect((await records.attempts.open(request, { requestKey: 'two', fresh: false })).attempt).toEqual(
          first.attempt,
        );
      });

      it('gives many who ask at once the same attempt', async () => {
        const request = aRequest();
        const answers = await Promise.all(
          [records, elsewhere, records, elsewhere].map((from, position) =>
            from.attempts.open(request, { requestKey: `key-${position}`, fresh: false }),
          ),
        );
        expect(new Set(answers.map(({ attempt }) => attempt.releaseId)).size).toBe(1);
        expect(answers.filter(({ created }) => created)).toHaveLength(1);
      });

      it('numbers fresh attempts asked for at once without a gap', async () => {
        const request = aRequest();
        const answers = await Promise.all(
          [records, elsewhere, records].map((from, position) =>
            from.attempts.open(request, { requestKey: `key-${position}`, fresh: true }),
          ),
        );
        expect(answers.map(({ attempt }) => attempt.request.attempt).sort()).toEqual([1, 2, 3]);
      });

      it('refuses a request key that was used for another commit', async () => {
        const request = aRequest();
        await records.attempts.open(request, { requestKey: 'one', fresh: false });
        const other = { ...request, commit: 'f'.repeat(40) };
        await expect(records.attempts.open(other, { requestKey: 'one', fresh: false })).rejects.toThrow('SLIP-REC-2');
      });

      it('lists the newest first, of one lane or of all', async () => {
        const request = aRequest();
        const first = await records.attempts.open(request, { requestKey: 'one', fresh: true });
        const second = await records.attempts.open(request, { requestKey: 'two', fresh: true });
        const other = await records.attempts.open(aRequest(), { requestKey: 'one', fresh: true });
        const { service, environment } = request;
        expect(await records.attempts.list({ service, environment, limit: 10 })).toEqual([
          second.attempt,
          first.attempt,
        ]);
        expect(await records.attempts.list({ limit: 2 })).toEqual([other.attempt, second.attempt]);
      });

      it('lists by what is asked for: number, commit, since when, by whom, and how it has ended', async () => {
        const request = aRequest();
        const ask = async (changes: Partial<ReleaseRequest>) =>
          (await records.attempts.open({ ...request, ...changes }, { requestKey: randomUUID(), fresh: true })).attempt;
        const early = await ask({ requestedAt: 1_000 });
        const late = await ask({ requestedAt: 5_000, commit: `abc${'0'.repeat(37)}` });
        const other = await ask({ requestedAt: 5_000, requestedBy: { ...request.requestedBy, id: 'somebody-else' } });
        await records.attempts.conclude(early.releaseId, { outcome: 'rejected', summary: 'no', endedAt: 1_500 });
        const { service } = request;
        const listed = async (filter: Partial<AttemptFilter>) =>
          (await records.attempts.list({ service, limit: 10, ...filter })).map(({ releaseId }) => releaseId);
        expect(early.number < late.number && late.number < other.number).toBe(true);
        expect(await listed({ number: late.number })).toEqual([late.releaseId]);
        expect(await listed({ before: late.number })).toEqual([early.releaseId]);
        expect(await listed({ commit: 'abc' })).toEqual([late.releaseId]);
        expect(await listed({ commit: 'ab%' })).toEqual([]);
        expect(await listed({ since: 5_000 })).toEqual([other.releaseId, late.releaseId]);
        expect(await listed({ until: 5_000 })).toEqual([early.releaseId]);
        expect(await listed({ until: 5_000, limit: 1 })).toEqual([early.releaseId]);
        expect(await listed({ since: 1_001, until: 5_000 })).toEqual([]);
        expect(await listed({ by: 'somebody-else' })).toEqual([other.releaseId]);
        expect(await listed({ outcome: 'rejected' })).toEqual([early.releaseId]);
        expect(await listed({ open: true })).toEqual([other.releaseId, late.releaseId]);
        expect(await listed({ open: false })).toEqual([early.releaseId]);
      });

      it('lists of some lanes alone, whatever else is asked for, and of none where there is none', async () => {
        const request = aRequest();
        const ask = async (environment: string) =>
          (await records.attempts.open({ ...request, environment }, { requestKey: randomUUID(), fresh: true })).attempt;
        const [here, there] = [await ask('production'), await ask('staging')];
        const { service } = request;
        const listed = async (filter: Partial<AttemptFilter>) =>
          (await records.attempts.list({ limit: 10, ...filter })).map(({ releaseId }) => releaseId);
        const lanes = {
          production: { service, environment: 'production' },
          staging: { service, environment: 'staging' },
        };
        expect(await listed({ among: [lanes.staging] })).toEqual([there.releaseId]);
        expect(await listed({ among: [lanes.staging, lanes.production] })).toEqual([there.releaseId, here.releaseId]);
        expect(await listed({ among: [lanes.staging], environment: 'production' })).toEqual([]);
        expect(await listed({ among: [] })).toEqual([]);
      });

      it('writes an outcome once, and refuses another one later', async () => {
        const { attempt } = await records.attempts.open(aRequest(), { requestKey: 'one', fresh: false });
        const end = { outcome: 'verified', summary: 'log with \0 in it', endedAt: 9_000 };
        await twice(() => records.attempts.conclude(attempt.releaseId, end));
        await expect(elsewhere.attempts.conclude(attempt.releaseId, { ...end, outcome: 'failed' })).rejects.toThrow(
          'SLIP-REC-2',
        );
        expect(await records.attempts.find(attempt.releaseId)).toEqual({
          ...attempt,
          ...end,
          summary: 'log with \uFFFD in it',
        });
      });

      it('writes with the outcome what the run tells of its end, or neither', async () => {
        const { attempt } = await records.attempts.open(aRequest(), { requestKey: 'told', fresh: false });
        const { releaseId } = attempt;
        const end = { outcome: 'verified', summary: 'well', endedAt: 9_000 };
        const unstorable = { result: { outcome: 'verified' }, report: 'x'.repeat(16 * 1024 * 1024) };
        await expect(records.attempts.conclude(releaseId, { ...end, told: unstorable })).rejects.toThrow('SLIP-');
        expect(await records.attempts.find(releaseId)).toEqual(attempt);
        expect(await records.plans.kept(releaseId, 'result')).toBeUndefined();
        const told = { report: { log: [] }, result: { outcome: 'verified' } };
        await twice(() => records.attempts.conclude(releaseId, { ...end, told }));
        expect(await elsewhere.plans.kept(releaseId, 'result')).toEqual(told.result);
        expect(await elsewhere.plans.kept(releaseId, 'report')).toEqual(told.report);
      });

      it('refuses an outcome for a run that it does not know', async () => {
        const end = { outcome: 'verified', summary: '', endedAt: 1 };
        await expect(records.attempts.conclude('release/none', end)).rejects.toThrow('SLIP-REC-3');
        expect(await records.attempts.find('release/none')).toBeUndefined();
      });
    });

    describe('decisions', () => {
      it('makes a decision void however long the words are by which it was refused', async () => {
        const decision = aDecision();
        await records.decisions.store(decision);
        await records.decisions.refuse(decision.decision.id, 'no '.repeat(500_000));
        const [weighed] = await elsewhere.decisions.weigh(decision.decision.releaseId);
        expect(weighed?.refused?.startsWith('no no')).toBe(true);
      });

      it('stores a decision once when the reply was lost', async () => {
        const decision = aDecision();
        await twice(() => records.decisions.store(decision));
        await elsewhere.decisions.store(decision);
        expect(await records.decisions.list(decision.decision.releaseId)).toEqual([decision]);
      });

      it('finds a decision by its id alone', async () => {
        const decision = aDecision();
        await records.decisions.store(decision);
        await records.decisions.store(aDecision({ releaseId: decision.decision.releaseId }));
        expect(await elsewhere.decisions.find(decision.decision.id)).toEqual(decision);
        expect(await records.decisions.find(randomUUID())).toBeUndefined();
      });

      it('lists the orders to roll back that have a run of their own, newest first, of one lane or of all, and page by page', async () => {
        const service = `shop-${randomUUID()}`;
        const order = (environment: string, changes = {}) =>
          aDecision({
            releaseId: `release/${service}/${environment}/a/1`,
            kind: 'roll-back',
            run: `rollback/${service}/${environment}/${randomUUID()}`,
            ...changes,
          });
        const [first, elsewhere, second] = [order('production'), order('staging'), order('production')];
        const { run: _none, ...open } = order('production').decision;
        for (const signed of [first, elsewhere, aDecision({ ...open, id: randomUUID() }), second])
          await records.decisions.store(signed);
        const listed = (filter = {}) => records.decisions.ordersBack({ service, limit: 10, ...filter });
        const ids = async (filter = {}) => (await listed(filter)).map(({ signed }) => signed.decision.id);
        expect(await ids()).toEqual([second, elsewhere, first].map(({ decision }) => decision.id));
        expect(await ids({ environment: 'production' })).toEqual([second, first].map(({ decision }) => decision.id));
        const [newest] = await listed({ limit: 1 });
        expect(newest!.signed).toEqual(second);
        expect(await ids({ before: newest!.number, limit: 1 })).toEqual([elsewhere.decision.id]);
        const staging = { service, environment: 'staging' };
        expect(await ids({ service: undefined, among: [staging] })).toEqual([elsewhere.decision.id]);
        expect(await ids({ among: [] })).toEqual([]);
      });

      it('lists the decisions about one release in the order they came', async () => {
        const first = aDecision();
        const second = aDecision({ releaseId: first.decision.releaseId, kind: 'abort' });
        await records.decisions.store(first);
        await records.decisions.store(aDecision());
        await records.decisions.store(second);
        expect(await elsewhere.decisions.list(first.decision.releaseId)).toEqual([first, second]);
      });

      it('refuses the same id with other content', async () => {
        const decision = aDecision();
        await records.decisions.store(decision);
        const changed = { ...decision, decision: { ...decision.decision, planHash: 'e'.repeat(64) } };
        await expect(records.decisions.store(changed)).rejects.toThrow('SLIP-REC-2');
        expect(await records.decisions.list(decision.decision.releaseId)).toEqual([decision]);
      });

      it.each(notText)('refuses one that could not be read again, for %s in its words', async (_, words) => {
        const decision = aDecision({ reason: words });
        await expect(records.decisions.store(decision)).rejects.toThrow('SLIP-REC-5');
        expect(await records.decisions.list(decision.decision.releaseId)).toEqual([]);
      });

      it('lets a release use its approvals again and again, but no other release', async () => {
        const approval = aDecision();
        const { id, releaseId, planHash } = approval.decision;
        await records.decisions.store(approval);
        const use = { releaseId, planHash, decisionIds: [id], at: 5_000 };
        await twice(() => records.decisions.consume(use));
        await elsewhere.decisions.consume({ ...use, at: 6_000 });
        await expect(records.decisions.consume({ ...use, releaseId: 'release/other' })).rejects.toThrow('SLIP-REC-2');
      });

      it.each([
        ['a plan that it does not approve', {}, { planHash: 'f'.repeat(64) }],
        ['a decision that is no approval', { kind: 'reject' as const }, {}],
      ])('refuses to use an approval for %s', async (_, changes, useChanges) => {
        const { decision, ...signature } = aDecision(changes);
        await records.decisions.store({ decision, ...signature });
        const use = {
          releaseId: decision.releaseId,
          planHash: decision.planHash,
          decisionIds: [decision.id],
          at: 5_000,
          ...useChanges,
        };
        await expect(records.decisions.consume(use)).rejects.toThrow('SLIP-REC-2');
      });

      it('says of each what became of it: refused, unless it is a no, and whether it came after the first change', async () => {
        const before = aDecision({ releaseId: `release/shop-${randomUUID()}/production/a/1` });
        const { releaseId, planHash } = before.decision;
        const no = aDecision({ releaseId, planHash, kind: 'abort' });
        const after = aDecision({ releaseId, planHash, kind: 'reject' });
        for (const decision of [before, no]) await records.decisions.store(decision);
        const refuse = ({ decision }: SignedDecision) => records.decisions.refuse(decision.id, 'nobody took it \0');
        expect(await twice(() => refuse(before))).toEqual([true, true]);
        expect(await twice(() => refuse(no))).toEqual([false, false]);
        expect(await records.decisions.refuse(before.decision.id, 'said otherwise later')).toBe(true);
        expect(await records.decisions.refuse(randomUUID(), 'there is none')).toBe(true);
        await records.touched.record({ workflowId: releaseId, runId: 'run-1', what: 'core in de', at: 1 });
        await records.decisions.store(after);
        expect(await elsewhere.decisions.weigh(releaseId)).toEqual([
          { ...before, afterChange: false, refused: 'nobody took it \uFFFD' },
          { ...no, afterChange: false },
          { ...after, afterChange: true },
        ]);
      });

      it('keeps what a run that has changed something went by, or is to be turned back by, whatever that says', async () => {
        const approval = aDecision({ releaseId: `release/shop-${randomUUID()}/production/a/1` });
        const { releaseId, planHash } = approval.decision;
        const about = { releaseId, planHash };
        const back = aDecision({ ...about, kind: 'roll-back' });
        const retry = aDecision({ ...about, kind: 'retry' });
        const ofItsOwn = aDecision({ ...about, kind: 'roll-back', run: `rollback/shop/production/${randomUUID()}` });
        for (const decision of [approval, back, retry, ofItsOwn]) await records.decisions.store(decision);
        await records.decisions.consume({ ...about, decisionIds: [approval.decision.id], at: 5_000 });
        await records.touched.record({ workflowId: releaseId, runId: 'run-1', what: 'core in de', at: 1 });
        const voided = [approval, back, retry, ofItsOwn].map(({ decision: { id } }) =>
          elsewhere.decisions.refuse(id, 'no'),
        );
        expect(await Promise.all(voided)).toEqual([false, false, true, true]);
      });

      describe.each(['release', 'rollback'])('about a %s', (prefix) => {
        it.each<[string, DecidedRun]>([
          ['has changed nothing', { hasBegun: false, hasEnded: false }],
          ['has begun to change something', { hasBegun: true, hasEnded: false }],
          ['has ended', { hasBegun: true, hasEnded: true }],
          ['has ended, and changed nothing', { hasBegun: false, hasEnded: true }],
        ])('stand, refused, by the same rule as the steps go by, of a run that %s', async (_, run) => {
          const releaseId = `${prefix}/shop-${randomUUID()}/production/${randomUUID()}`;
          const kinds: Record<DecisionKind, true> = {
            ...{ approve: true, reject: true, abort: true, 'roll-back': true, 'accept-failure': true, retry: true },
          };
          const said = (Object.keys(kinds) as DecisionKind[]).flatMap((kind) => [
            aDecision({ releaseId, kind }),
            aDecision({ releaseId, kind, run: `rollback/shop/production/${randomUUID()}` }),
          ]);
          for (const signed of said) await records.decisions.store(signed);
          if (run.hasBegun)
            await records.touched.record({ workflowId: releaseId, runId: 'r', what: 'core in de', at: 1 });
          if (run.hasEnded) await records.plans.keep(releaseId, 'result', { outcome: 'verified' });
          for (const { decision } of said) {
            const { id, kind, run: own } = decision;
            const isVoid = await elsewhere.decisions.refuse(id, 'no');
            expect([kind, own, isVoid]).toEqual([kind, own, !standsRefused(decision, run)]);
          }
        });
      });

      it('lets an order to go back be void once the outcome of its release is on record', async () => {
        const { attempt } = await records.attempts.open(aRequest(), { requestKey: 'one', fresh: false });
        const { releaseId } = attempt;
        const back = aDecision({ releaseId, kind: 'roll-back' });
        await records.decisions.store(back);
        await records.touched.record({ workflowId: releaseId, runId: 'r', what: 'core in de', at: 1 });
        const refuse = () => elsewhere.decisions.refuse(back.decision.id, 'it has ended');
        expect(await refuse()).toBe(false);
        await records.attempts.conclude(releaseId, { outcome: 'verified', summary: 'well', endedAt: 2 });
        expect(await refuse()).toBe(true);
      });

      it('uses none of the approvals when one of them is not stored', async () => {
        const { decision, ...signature } = aDecision();
        await records.decisions.store({ decision, ...signature });
        const use = {
          releaseId: decision.releaseId,
          planHash: decision.planHash,
          decisionIds: [decision.id, 'zz-unknown'],
          at: 5_000,
        };
        await expect(records.decisions.consume(use)).rejects.toThrow('SLIP-REC-3');
        await records.decisions.consume({ ...use, decisionIds: [decision.id] });
      });
    });

    describe('inventory', () => {
      it('records a verified release once when the reply was lost', async () => {
        const row = aVerifiedRelease();
        await twice(() => records.inventory.record([row]));
        expect(await elsewhere.inventory.history({ ...row, limit: 10 })).toEqual([row]);
      });

      it('keeps of a component that it was scaled to zero, and never seen running', async () => {
        const row = aVerifiedRelease({ unseen: true });
        await twice(() => records.inventory.record([row]));
        expect(await elsewhere.inventory.history({ ...row, limit: 10 })).toEqual([row]);
      });

      it('answers with the newest verified release of each component in each region', async () => {
        const old = aVerifiedRelease();
        const { service, environment } = old;
        const newer = aVerifiedRelease({ service, environment, verifiedAt: 4_000, image: anImage('b') });
        const other = aVerifiedRelease({ service, environment, region: 'us' });
        await records.inventory.record([newer, other]);
        await records.inventory.record([old]); // late
        expect(await records.inventory.current({ service, environment })).toEqual([newer, other]);
        expect(await records.inventory.history({ ...old, limit: 10 })).toEqual([newer, old]);
        expect(await records.inventory.history({ ...old, limit: 1 })).toEqual([newer]);
      });

      it('returns to the release before one that is revoked, for good', async () => {
        const old = aVerifiedRelease();
        const { service, environment } = old;
        const bad = aVerifiedRelease({ service, environment, verifiedAt: 4_000 });
        await records.inventory.record([old, bad]);
        await twice(() => records.inventory.revoke(bad.releaseId, 'error rate'));
        await records.inventory.record([bad]); // late
        expect(await records.inventory.current({ service, environment })).toEqual([old]);
        expect(await records.inventory.history({ ...bad, limit: 1 })).toEqual([{ ...bad, state: 'revoked' }]);
      });

      it('is changed by no repetition, whatever that says', async () => {
        const row = aVerifiedRelease();
        await records.inventory.record([row]);
        await elsewhere.inventory.record([{ ...row, state: 'proven', verifiedAt: row.verifiedAt + 1 }]);
        expect(await records.inventory.current(row)).toEqual([row]);
      });

      it('adds nothing for a run that has its outcome; what it said before may be repeated', async () => {
        const { attempt } = await records.attempts.open(aRequest(), { requestKey: randomUUID(), fresh: false });
        const { releaseId, request } = attempt;
        const row = aVerifiedRelease({ service: request.service, releaseId });
        await records.inventory.record([row]);
        await records.attempts.conclude(releaseId, { outcome: 'halted', summary: 'its run is gone', endedAt: 1 });
        await elsewhere.inventory.record([row]);
        const late = elsewhere.inventory.record([row, { ...row, region: 'nl' }]);
        await expect(late).rejects.toMatchObject({ details: { code: 'SLIP-REC-2', kind: 'terminal' } });
        expect(await records.inventory.current(row)).toEqual([row]);
      });

      it('refuses another image for the same release, region and component, with all rows of the call', async () => {
        const row = aVerifiedRelease();
        await records.inventory.record([row]);
        const neighbour = { ...row, component: 'admin' };
        await expect(records.inventory.record([neighbour, { ...row, image: anImage('c') }])).rejects.toThrow(
          'SLIP-REC-2',
        );
        expect(await records.inventory.current(row)).toEqual([row]);
      });

      it('keeps what was made of the image, and refuses that something else was made of it', async () => {
        const artifact = { kind: 'chart' as DeliveryKind, digest: 'sha256:of-a-chart' };
        const row = aVerifiedRelease({ artifact });
        await records.inventory.record([row]);
        const other = { ...row, artifact: { ...artifact, digest: 'sha256:of-another' } };
        await expect(records.inventory.record([other])).rejects.toThrow('SLIP-REC-2');
        expect(await elsewhere.inventory.current(row)).toEqual([row]);
      });
    });

    describe('rows of the inventory since a position', () => {
      it('are those that came later, of this lane alone, whatever became of them', async () => {
        const first = aVerifiedRelease();
        const { service, environment } = first;
        const lane = { service, environment };
        expect(await records.inventory.position(lane)).toBe(0);
        await records.inventory.record([first]);
        const position = await records.inventory.position(lane);
        await records.inventory.record([aVerifiedRelease()]);
        expect(await elsewhere.inventory.position(lane)).toBe(position);
        const late = aVerifiedRelease({ service, environment, verifiedAt: 1 });
        const gone = aVerifiedRelease({ service, environment, region: 'us' });
        for (const row of [late, gone]) await records.inventory.record([row]);
        await records.inventory.revoke(gone.releaseId, 'error rate');
        expect(await elsewhere.inventory.since(lane, position)).toEqual([late, { ...gone, state: 'revoked' }]);
        expect(await records.inventory.since(lane, 0)).toHaveLength(3);
        expect(await records.inventory.position(lane)).toBeGreaterThan(position);
      });
    });

    describe('what was verified of a commit', () => {
      it('is all of it in this lane, the newest first, whatever became of it', async () => {
        const first = aVerifiedRelease();
        const { service, environment, commit } = first;
        const again = aVerifiedRelease({ service, environment, commit, verifiedAt: 4_000, region: 'us' });
        const other = { ...aVerifiedRelease(), service, environment, commit: 'e'.repeat(40) };
        await records.inventory.record([first, again]);
        await records.inventory.record([other]);
        await records.inventory.record([aVerifiedRelease({ service, environment: 'elsewhere', commit })]);
        await records.inventory.revoke(again.releaseId, 'error rate');
        const rows = [{ ...again, state: 'revoked' }, first];
        expect(await elsewhere.inventory.ofCommit({ service, environment }, commit)).toEqual(rows);
        expect(await records.inventory.ofCommit({ service, environment }, 'f'.repeat(40))).toEqual([]);
      });
    });

    describe('what a release has verified', () => {
      it('is all of it that is not revoked', async () => {
        const row = aVerifiedRelease({ region: 'us' });
        const other = { ...row, region: 'eu' };
        await records.inventory.record([row, other, { ...row, region: 'jp' }]);
        await records.inventory.record([aVerifiedRelease()]);
        await records.inventory.revoke(row.releaseId, 'error rate', ['jp']);
        expect(await elsewhere.inventory.of(row.releaseId)).toEqual([other, row]);
      });
    });

    describe('what runs have begun to change', () => {
      const aRun = ({ service, environment } = aLane()) => `release/${service}/${environment}/${randomUUID()}/1`;

      it('is said once, and never forgotten', async () => {
        const workflowId = aRun();
        const change = { workflowId, runId: 'run-1', what: 'core in de', at: 10 };
        await twice(() => records.touched.record(change));
        await records.touched.record({ ...change, what: 'web in de', at: 20 });
        expect(await elsewhere.touched.find(workflowId)).toMatchObject({
          runId: 'run-1',
          what: ['core in de', 'web in de'],
        });
        expect(await records.touched.find(aRun())).toBeUndefined();
      });

      it('began by the clock of the records, whatever time is said, and once', async () => {
        const workflowId = aRun();
        const before = await records.clock.now();
        await records.touched.record({ workflowId, runId: 'run-1', what: 'core in de', at: 10 });
        const { begunAt } = (await elsewhere.touched.find(workflowId))!;
        const after = await elsewhere.clock.now();
        expect(before <= begunAt && begunAt <= after ? 'between' : [before, begunAt, after]).toBe('between');
        await records.touched.record({ workflowId, runId: 'run-1', what: 'web in de', at: after + 1_000_000 });
        expect(await elsewhere.touched.find(workflowId)).toMatchObject({ begunAt });
      });

      it("is refused to another of Temporal's runs, but for one that it was handed over to", async () => {
        const workflowId = aRun();
        const change = { workflowId, runId: 'run-1', what: 'core in de', at: 10 };
        await records.touched.record(change);
        await expect(records.touched.record({ ...change, runId: 'run-2' })).rejects.toThrow('SLIP-REL-9');
        await expect(records.touched.handOver(workflowId, { from: 'run-2', to: 'run-3' })).rejects.toThrow(
          'SLIP-REL-9',
        );
        await twice(() => records.touched.handOver(workflowId, { from: 'run-1', to: 'run-2' }));
        await records.touched.handOver(aRun(), { from: 'run-1', to: 'run-2' });
        await records.touched.record({ ...change, runId: 'run-2', what: 'web in de' });
        expect(await elsewhere.touched.find(workflowId)).toMatchObject({
          runId: 'run-2',
          what: ['core in de', 'web in de'],
        });
      });

      it('is listed by lane, newest first, with when it began by the clock of the records, whatever that of a worker says', async () => {
        const lane = aLane();
        const [old, first, later] = [aRun(lane), aRun(lane), `rollback/${lane.service}/${lane.environment}/1`];
        const begins = async (workflowId: string, at: number, what = 'core in de') => {
          await aMomentLater(records);
          await records.touched.record({ workflowId, runId: 'run-1', what, at });
          const begunAt = (await elsewhere.touched.find(workflowId))!.begunAt;
          expect(begunAt).toBeLessThanOrEqual(await records.clock.now());
          return begunAt;
        };
        const since = await begins(old, 30);
        const firstAt = await begins(first, 20);
        const laterAt = await begins(later, 10);
        await begins(aRun({ ...lane, service: `${lane.service}-b` }), 25);
        await begins(aRun({ ...lane, environment: 'staging' }), 25);
        expect(await begins(first, 40, 'web in de')).toBe(firstAt);
        expect([since < firstAt, firstAt < laterAt]).toEqual([true, true]);
        expect((await elsewhere.touched.list({ ...lane, since })).runs).toEqual([
          { workflowId: later, what: ['core in de'], begunAt: laterAt },
          { workflowId: first, what: ['core in de', 'web in de'], begunAt: firstAt },
        ]);
      });

      it('is listed to its end by whoever goes on after the last: none is there twice, and none is missing', async () => {
        const lane = aLane();
        const all = Array.from({ length: 7 }, () => aRun(lane));
        for (const workflowId of all) {
          await aMomentLater(records);
          await records.touched.record({ workflowId, runId: 'run-1', what: 'core in de', at: 1 });
        }
        const listed: string[] = [];
        for (let after: string | undefined; ; after = listed.at(-1)) {
          const { runs, more } = await elsewhere.touched.list({ ...lane, since: 0, ...(after && { after }) });
          listed.push(...runs.map(({ workflowId }) => workflowId));
          if (!more) break;
        }
        expect(listed).toEqual([...all].reverse());
      });
    });

    describeChanges(() => ({ records, elsewhere }));
    describeLanesAtOnce(() => ({ records, elsewhere }));
    describeOutbox(() => ({ records, elsewhere }));

    describe('breaches', () => {
      const aBreach = (changes: Partial<Breach> = {}): Breach => ({
        id: randomUUID(),
        releaseId: 'release/shop/production/a/1',
        planHash: 'b'.repeat(64),
        regions: ['eu'],
        summary: 'front page: 502',
        seenAt: 9_000,
        seenBy: 'watch/shop/production/1',
        ...changes,
      });

      it('keeps what was seen, once, also when the reply was lost', async () => {
        const breach = aBreach();
        await twice(() => records.breaches.record(breach));
        expect(await elsewhere.breaches.find(breach.id)).toEqual(breach);
        expect(await records.breaches.find(randomUUID())).toBeUndefined();
      });

      it('refuses that something else was seen under the same name', async () => {
        const breach = aBreach();
        await records.breaches.record(breach);
        const other = { ...breach, releaseId: 'release/shop/production/b/1' };
        await expect(records.breaches.record(other)).rejects.toThrow('SLIP-REC-2');
        expect(await records.breaches.find(breach.id)).toEqual(breach);
      });
    });

    describe('schema changes', () => {
      it('records once what a run did to a database, and keeps what was said first', async () => {
        const change = aSchemaChange(aLane());
        await twice(() => records.schema.record(change));
        await elsewhere.schema.record({ ...change, pending: [], changedAt: change.changedAt + 1 });
        expect(await records.schema.list(change)).toEqual([change]);
      });

      it('takes back what was never begun, of this run and database alone, also when the reply was lost', async () => {
        const change = aSchemaChange(aLane());
        const others = [
          { ...change, database: 'stock' },
          { ...change, releaseId: randomUUID() },
        ];
        for (const one of [change, ...others]) await records.schema.record(one);
        await twice(() => records.schema.takeBack(change));
        expect(await elsewhere.schema.list(change)).toEqual(others);
        await records.schema.record({ ...change, changedAt: change.changedAt + 1 });
        expect(await records.schema.list(change)).toHaveLength(3);
      });

      it('lists what any run did to any database, oldest first, of this service and environment alone', async () => {
        const lane = aLane();
        const first = aSchemaChange({ ...lane, contracting: ['0002_weight'] });
        const otherDatabase = aSchemaChange({ ...lane, database: 'stock' });
        const laterRun = aSchemaChange({ ...lane, releaseId: randomUUID(), pending: ['*'], changedAt: 700 });
        for (const change of [first, otherDatabase, laterRun]) await records.schema.record(change);
        await records.schema.record(aSchemaChange(aLane()));
        await records.schema.record({ ...first, environment: 'staging' });
        expect(await elsewhere.schema.list(lane)).toEqual([first, otherDatabase, laterRun]);
        expect(await records.schema.list(aLane())).toEqual([]);
      });
    });

    describe('lanes', () => {
      it('gives the same run the same incarnation when the reply was lost, and the next run the next', async () => {
        const lane = aLane();
        expect(await twice(() => records.lanes.begin(lane, 'run-a'))).toEqual([begun(1), begun(1)]);
        expect(await elsewhere.lanes.begin(lane, 'run-b')).toEqual(begun(2));
        expect(await records.lanes.begin(lane, 'run-a')).toEqual(begun(1));
      });

      it('never gives one incarnation to two runs that begin at once', async () => {
        const lane = aLane();
        const runs = Array.from({ length: 20 }, (_, n) => `run-${n % 15}`); // five of them twice
        const all = await Promise.all(runs.map((run, n) => (n % 2 ? records : elsewhere).lanes.begin(lane, run)));
        const incarnations = all.map(({ incarnation }) => incarnation);
        expect(incarnations.slice(15)).toEqual(incarnations.slice(0, 5));
        expect(incarnations.slice(0, 15).sort((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, n) => n + 1));
      });

      it('tells a new lane who may be writing and who waits, as it was written last', async () => {
        const lane = aLane();
        const memory = aLaneMemory();
        await records.lanes.begin(lane, 'run-a');
        await twice(() => records.lanes.remember(lane, memory, aWrite(1, 1)));
        const holder = { ...memory.holder, heldSince: expect.any(Number) };
        expect(await elsewhere.lanes.holder(lane)).toEqual(holder);
        expect(await elsewhere.lanes.holders([lane, aLane()])).toEqual([{ ...lane, holder }]);
        expect(await elsewhere.lanes.look(lane)).toEqual({
          holder: { ...memory.holder, heldSince: expect.any(Number) },
          waiting: memory.waiting,
          lastTicket: { incarnation: 1, n: 1 },
        });
        expect(await elsewhere.lanes.begunBy(lane)).toBe('run-a');
        expect(await elsewhere.lanes.begin(lane, 'run-b')).toEqual({ ...memory, incarnation: 2, sequence: 0 });
        const less = { waiting: [] };
        await records.lanes.remember(lane, less, aWrite(2, 1, 'run-b'));
        expect(await records.lanes.begin(lane, 'run-b')).toEqual({ ...less, incarnation: 2, sequence: 1 });
        expect(await records.lanes.holder(lane)).toBeUndefined();
        expect(await records.lanes.holders([lane])).toEqual([]);
        expect(await records.lanes.holder(aLane())).toBeUndefined();
        expect(await records.lanes.look(lane)).toEqual({ ...less, lastTicket: { incarnation: 2, n: 1 } });
        expect(await records.lanes.look(aLane())).toBeUndefined();
        expect(await records.lanes.begunBy(lane)).toBe('run-b');
        expect(await records.lanes.begunBy(aLane())).toBeUndefined();
      });

      it.each<[string, ReturnType<typeof aWrite>]>([
        ['of an older sequence', aWrite(2, 1, 'run-b')],
        ['of an older incarnation', aWrite(1, 9)],
        ['with the number of another write, by a lane that was set back', aWrite(2, 2, 'run-c')],
        ['that leaves numbers out', aWrite(2, 4, 'run-b')],
        ['of an incarnation that nobody has begun', aWrite(999, 1, 'run-b')],
      ])('changes nothing by a write %s, and says so', async (_what, other) => {
        const lane = aLane();
        const memory = aLaneMemory();
        for (const run of ['run-a', 'run-b']) await records.lanes.begin(lane, run);
        for (const n of [1, 2]) expect(await records.lanes.remember(lane, memory, aWrite(2, n, 'run-b'))).toBe(true);
        expect(await elsewhere.lanes.remember(lane, { waiting: [] }, other)).toBe(false);
        expect(await records.lanes.begin(lane, 'run-b')).toEqual({ ...memory, incarnation: 2, sequence: 2 });
        expect((await records.lanes.look(lane))?.lastTicket).toEqual({ incarnation: 2, n: 2 });
      });

      it('changes nothing by a write of the lane before, once another one has begun', async () => {
        const lane = aLane();
        for (const run of ['run-a', 'run-b']) await records.lanes.begin(lane, run);
        expect(await elsewhere.lanes.remember(lane, aLaneMemory(), aWrite(1, 1))).toBe(false);
        // Its beginning repeated late takes nothing back either.
        await elsewhere.lanes.begin(lane, 'run-a');
        expect(await records.lanes.remember(lane, aLaneMemory(), aWrite(2, 1, 'run-b'))).toBe(true);
      });

      it('lets the same write through again when its reply was lost, also by the next run of the same lane', async () => {
        const lane = aLane();
        await records.lanes.begin(lane, 'run-a');
        expect(await twice(() => records.lanes.remember(lane, aLaneMemory(), aWrite(1, 1)))).toEqual([true, true]);
        const later = aWrite(1, 2, 'run-continued');
        expect(await records.lanes.remember(lane, { waiting: [] }, later)).toBe(true);
        expect(await records.lanes.holder(lane)).toBeUndefined();
      });

      it('lets one of many through that are its next write at once', async () => {
        const lane = aLane();
        await records.lanes.begin(lane, 'run-a');
        const writes = Array.from({ length: 12 }, (_, n) => n);
        const done = await Promise.all(
          writes.map((n) =>
            (n % 2 ? records : elsewhere).lanes.remember(lane, { waiting: [`${n}`] }, aWrite(1, 1, `run-${n}`)),
          ),
        );
        expect(done.filter(Boolean)).toHaveLength(1);
        expect((await records.lanes.look(lane))?.waiting).toEqual([`${done.indexOf(true)}`]);
      });

      it('gives out no ticket a second time: what was done by it counts for whoever had it', async () => {
        const lane = aLane();
        const { holder } = aLaneMemory();
        const by = (n: number) => ({ holder: { ...holder!, ticket: { incarnation: 1, n } }, waiting: [] });
        await records.lanes.begin(lane, 'run-a');
        const writes = [by(1), by(2), { waiting: [] }, by(2), by(1)];
        const written: boolean[] = [];
        for (const [i, memory] of writes.entries())
          written.push(await records.lanes.remember(lane, memory, aWrite(1, Math.min(i, 3) + 1)));
        expect(written).toEqual([true, true, true, false, false]);
        expect(await elsewhere.lanes.remember(lane, by(3), aWrite(1, 4))).toBe(true);
        await records.lanes.begin(lane, 'run-b');
        const anew = { holder: { ...holder!, ticket: { incarnation: 2, n: 1 } }, waiting: [] };
        expect(await records.lanes.remember(lane, anew, aWrite(2, 1, 'run-b'))).toBe(true);
      });

      it('knows since when it is held, whatever else it writes meanwhile', async () => {
        const lane = aLane();
        const { holder } = aLaneMemory();
        await records.lanes.begin(lane, 'run-a');
        await records.lanes.remember(lane, { holder: holder!, waiting: [] }, aWrite(1, 1));
        const since = (await records.lanes.holder(lane))?.heldSince;
        await records.lanes.remember(lane, { holder: holder!, waiting: ['release/two'] }, aWrite(1, 2));
        expect((await records.lanes.holder(lane))?.heldSince).toBe(since);
        const next = { ...holder!, ticket: { incarnation: 1, n: 8 } };
        await records.lanes.remember(lane, { holder: next, waiting: [] }, aWrite(1, 3));
        expect((await records.lanes.holder(lane))?.heldSince).toBeGreaterThan(since!);
      });
    });

    describe('what closes a lane', () => {
      it('is stored once when the reply was lost, in the order in which it came', async () => {
        const lane = aLane();
        const freeze = aLaneOrder(lane, { kind: 'freeze' });
        const lifted = aLaneOrder(lane, { kind: 'unfreeze', lifts: freeze.order.id });
        const hold = { id: 'hold-one', by: 'release/one', reason: 'rolled back \0', from: 5 };
        await twice(() => records.closings.order(freeze));
        await twice(() => records.closings.hold(lane, hold));
        await elsewhere.closings.order(lifted);
        await elsewhere.closings.hold(lane, { ...hold, reason: 'said otherwise later' });
        const known = await records.closings.list(lane);
        expect(known.orders.map(({ signed }) => signed)).toEqual([freeze, lifted]);
        expect(known.holds).toEqual([{ ...hold, reason: 'rolled back \uFFFD', storedAt: expect.any(Number) }]);
        const times = [known.orders[0]!, known.holds[0]!, known.orders[1]!].map(({ storedAt }) => storedAt);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(await records.closings.list(aLane())).toEqual({ orders: [], holds: [] });
      });

      it('is no order that has the id of another one', async () => {
        const lane = aLane();
        const freeze = aLaneOrder(lane, { kind: 'freeze' });
        await records.closings.order(freeze);
        const other = { ...freeze, order: { ...freeze.order, reason: 'another' } };
        await expect(records.closings.order(other)).rejects.toThrow('SLIP-REC-2');
      });
    });

    describe('an order that could not be read again', () => {
      it.each(notText)('is refused, for %s in its words', async (_, words) => {
        const lane = aLane();
        const freeze = aLaneOrder(lane, { kind: 'freeze' });
        const order = { ...freeze.order, reason: words };
        await expect(records.closings.order({ ...freeze, order })).rejects.toThrow('SLIP-REC-5');
        expect((await records.closings.list(lane)).orders).toEqual([]);
      });
    });

    describe('credentials that are good once', () => {
      const until = Date.UTC(2999, 0, 1);

      it('are used up by the first, for whichever process, and are good for the same again', async () => {
        const id = randomUUID();
        expect(await twice(() => records.credentials.use({ id, use: 'one', until }))).toEqual([true, true]);
        expect(await elsewhere.credentials.use({ id, use: 'another', until })).toBe(false);
        expect(await elsewhere.credentials.use({ id, use: 'one', until })).toBe(true);
        expect(await records.credentials.use({ id: randomUUID(), use: 'another', until })).toBe(true);
      });

      it('are used up by one alone of those who come at once', async () => {
        const id = randomUUID();
        const uses = ['one', 'another', 'a third', 'a fourth'];
        const taken = await Promise.all(
          uses.map((use, nth) => (nth % 2 ? records : elsewhere).credentials.use({ id, use, until })),
        );
        expect(taken.filter(Boolean)).toHaveLength(1);
      });
    });

    describe('tokens that were made', () => {
      const aToken = (changes: Partial<ServiceToken> = {}): SignedToken => ({
        token: {
          ...{ name: `ci-${randomUUID()}`, hash: randomUUID().replaceAll('-', '').repeat(2), person: 'robot' },
          ...{ rights: ['look'], services: ['shop'], environments: ['production'] },
          ...{ createdBy: 'kim', createdAt: 1, expiresAt: 2 },
          ...changes,
        },
        keyId: 'key',
        signature: 'signature',
      });

      it('are found by their hash, and listed, the newest first', async () => {
        const [first, second] = [aToken(), aToken()];
        expect([await records.tokens.add(first), await records.tokens.add(second)]).toEqual([true, true]);
        expect(await elsewhere.tokens.find(first.token.hash)).toEqual({ signed: first });
        expect(await records.tokens.find(randomUUID())).toBeUndefined();
        expect((await elsewhere.tokens.list()).slice(0, 2)).toEqual([{ signed: second }, { signed: first }]);
      });

      it('have names of their own, until they are revoked, and are revoked once', async () => {
        const signed = aToken();
        await records.tokens.add(signed);
        const { name, hash } = signed.token;
        expect(await elsewhere.tokens.add(aToken({ name }))).toBe(false);
        expect(await elsewhere.tokens.add(aToken({ hash }))).toBe(false);
        await records.tokens.revoke(hash, 'kim');
        await elsewhere.tokens.revoke(hash, 'lee');
        expect(await records.tokens.find(hash)).toEqual({ signed, revokedBy: 'kim' });
        const next = aToken({ name });
        expect(await elsewhere.tokens.add(next)).toBe(true);
        expect(await records.tokens.named(name)).toEqual([{ signed: next }, { signed, revokedBy: 'kim' }]);
        expect(await records.tokens.named('nobody-has-it')).toEqual([]);
      });
    });

    describe('sessions of browsers', () => {
      const aSession = (): SignedSession => ({
        session: {
          ...{ hash: randomUUID().replaceAll('-', '').repeat(2), issuer: 'https://login.test', clientId: 'slipway' },
          ...{ proof: { id: 'subject', belongs: ['managers'] }, at: 1 },
        },
        keyId: 'key',
        signature: 'signature',
      });
      const use = { isUse: true };

      it('are found by their hash at whichever gateway, and are what was said first', async () => {
        const signed = aSession();
        await twice(() => records.sessions.begin(signed));
        await records.sessions.begin({ ...signed, signature: 'another' });
        expect(await elsewhere.sessions.find(signed.session.hash, use)).toEqual(signed);
        expect(await elsewhere.sessions.find(signed.session.hash, { isUse: false })).toEqual(signed);
        expect(await records.sessions.find(aSession().session.hash, use)).toBeUndefined();
      });

      it('end for ever, everywhere: one that is begun once more has ended, too', async () => {
        const signed = aSession();
        const { hash } = signed.session;
        await records.sessions.begin(signed);
        await twice(() => elsewhere.sessions.end(hash));
        expect(await records.sessions.find(hash, use)).toBeUndefined();
        await records.sessions.begin(signed);
        expect(await elsewhere.sessions.find(hash, use)).toBeUndefined();
        await records.sessions.end(aSession().session.hash);
      });
    });

    describe('the clock', () => {
      it('is one for all who ask', async () => {
        const told = [await records.clock.now(), await elsewhere.clock.now(), await records.clock.now()];
        expect(told).toEqual([...told].sort((a, b) => a - b));
        expect(told.every(Number.isInteger)).toBe(true);
      });
    });

    describe('plans and documents', () => {
      it('stores a plan once when the reply was lost, and refuses another one under its hash', async () => {
        const planHash = randomUUID();
        await twice(() => records.plans.store(planHash, aPlan()));
        await expect(records.plans.store(planHash, aPlan({ branch: 'other' }))).rejects.toThrow('SLIP-REC-2');
        expect(await elsewhere.plans.find(planHash)).toEqual(aPlan());
        expect(await records.plans.find(randomUUID())).toBeUndefined();
      });

      it('keeps the newest document under a name, whatever characters it holds', async () => {
        const release = randomUUID();
        await records.plans.keep(release, 'log', 'first');
        await twice(() => records.plans.keep(release, 'log', { text: 'NUL \0, half a pair \uD800, Ünïcode' }));
        expect(await elsewhere.plans.kept(release, 'log')).toEqual({ text: 'NUL \0, half a pair \uD800, Ünïcode' });
        expect(await records.plans.kept(release, 'other')).toBeUndefined();
        const other = randomUUID();
        await elsewhere.plans.keep(other, 'result', { outcome: 'verified' });
        const among = await records.plans.keptAmong([release, other], ['log', 'result', 'report']);
        expect(among.map(({ releaseId, name }) => [releaseId, name])).toEqual(
          expect.arrayContaining([
            [release, 'log'],
            [other, 'result'],
          ]),
        );
        expect(among).toHaveLength(2);
      });

      it('keeps documents up to 4 MB and refuses what is larger or no JSON', async () => {
        const release = randomUUID();
        const large = 'x'.repeat(4 * 1024 * 1024 - 2); // and two quotes
        await records.plans.keep(release, 'large', large);
        expect(await records.plans.kept(release, 'large')).toBe(large);
        await expect(records.plans.keep(release, 'large', `${large}x`)).rejects.toThrow('SLIP-REC-4');
        await expect(records.plans.keep(release, 'nothing', undefined)).rejects.toThrow('SLIP-REC-4');
      });
    });

    describe('audit', () => {
      it('adds an entry once when the reply was lost', async () => {
        const entry = anAuditEntry();
        await twice(() => records.audit.append(entry));
        expect(await elsewhere.audit.list(entry.lane, 10)).toEqual([expect.objectContaining({ ...entry, n: 1 })]);
      });

      it('chains the entries of a lane, newest first, also when they come at once', async () => {
        const { lane } = anAuditEntry();
        await Promise.all(
          [records, elsewhere, records, elsewhere].map((from) => from.audit.append(anAuditEntry({ lane }))),
        );
        const rows = await records.audit.list(lane, 10);
        expect(rows.map(({ n }) => n)).toEqual([4, 3, 2, 1]);
        expect(rows.slice(0, 3).map(({ previous }) => previous)).toEqual(rows.slice(1).map(({ hash }) => hash));
        expect(await elsewhere.audit.firstBroken(lane)).toBeUndefined();
      });

      it('finds a chain whole whatever its facts hold', async () => {
        const entry = anAuditEntry({
          what: 'NUL \0 and \uD800',
          facts: { gone: undefined, when: new Date(0), list: [1.5, null, { b: 1, a: 'ü' }], zero: -0 },
        });
        await records.audit.append(entry);
        expect(await records.audit.firstBroken(entry.lane)).toBeUndefined();
      });

      it('has nothing to say about a lane without entries', async () => {
        expect(await records.audit.list('lane/none', 10)).toEqual([]);
        expect(await records.audit.firstBroken('lane/none')).toBeUndefined();
      });
    });
  });
}
