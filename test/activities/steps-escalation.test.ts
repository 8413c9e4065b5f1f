import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import { createAnnounce } from '../../activities/steps/announce.ts';
import { isDecided } from '../../activities/steps/approval-standing.ts';
import { authorize } from '../../activities/steps/authorize.ts';
import { createOutboxNotifier } from '../../activities/steps/outbox-notifier.ts';
import { keepPlanHash } from '../../activities/steps/recorded-result.ts';
import { createRecordEnd } from '../../activities/steps/record-end.ts';
import type { Announcement } from '../../domain/announcements.ts';
import type { NotifySpec } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { aPerson, aPolicy, aResult, aSpec, developer } from '../domain/builders.ts';
import { aReleaseThatMayAct, authorizing, decided } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

const hour = 3_600_000;
const escalating = (afterMs: number) => aPolicy({ remindMs: hour / 2, escalate: { afterMs, groups: ['leads'] } });
const approval = escalating(2 * hour);
const lead = aPerson('lea', 'leads');

/** Its plan was put before people so long ago, by the clock of the records; absent: nobody has kept when. */
async function aRelease(waited: number | undefined, choice: Parameters<typeof aReleaseThatMayAct>[1] = {}) {
  const run = await aReleaseThatMayAct(records, { plan: { approval }, by: lead, ...choice });
  const { releaseId, planHash } = run.authority;
  const now = await records.clock.now();
  await keepPlanHash(records.plans, releaseId, planHash, waited === undefined ? {} : { since: now - waited });
  return run;
}

const deploys = (run: ActingRun, floor = approval) =>
  run.act(
    () => authorize(run.authority, authorizing(separated.environment, { approval: floor }), { purpose: 'deploy' }),
    undefined,
  );

const refused = { details: { code: 'SLIP-REL-1', detail: expect.stringContaining('0 of 1 approvals') } };

describe('what somebody has approved who may after a while', () => {
  it('lets a step act from then on, by the records', async () => {
    await deploys(await aRelease(2 * hour));
  });

  it.each<[string, number | undefined, ReturnType<typeof aPolicy>]>([
    ['before', 2 * hour - 60_000, approval],
    ['where nobody has kept since when it waits', undefined, approval],
    ['where the policy on the disk of the worker lets nobody else', 5 * hour, aPolicy()],
    ['where that policy lets them later', 5 * hour, escalating(6 * hour)],
    ['where that policy lets others', 5 * hour, aPolicy({ escalate: { afterMs: hour, groups: ['directors'] } })],
  ])('lets no step act %s', async (_what, waited, floor) => {
    await expect(deploys(await aRelease(waited), floor)).rejects.toMatchObject(refused);
  });

  it('lets no step act where it was not in the plan', async () => {
    const run = await aRelease(5 * hour, { plan: { approval: aPolicy() } });
    await expect(deploys(run)).rejects.toMatchObject(refused);
  });

  it('lets no step act where it was who had asked for it', async () => {
    const run = await aRelease(5 * hour, { by: { ...developer, groups: ['leads'] } });
    await expect(deploys(run)).rejects.toMatchObject(refused);
  });

  it('lets no step act by a time that a login of the engine has chosen', async () => {
    const run = await aRelease(0);
    const { releaseId, planHash } = run.authority;
    const { plans } = separated.engine;
    await keepPlanHash(plans, releaseId, planHash, { since: 1 });
    await expect(deploys(run)).rejects.toMatchObject(refused);
    // Another plan, and back.
    await keepPlanHash(plans, releaseId, 'e'.repeat(64), { since: 1 });
    await keepPlanHash(plans, releaseId, planHash, { since: 1 });
    await expect(deploys(run)).rejects.toMatchObject(refused);
  });

  it.each<[string, string[]]>([
    ['that is text', ['{"hash":"HASH","since":"0"}', '{"hash":"HASH","since":1}']],
    ['that is none', ['{"hash":"HASH","since":"x"}', '{"hash":"HASH","since":null}', '{"hash":"HASH","since":[]}']],
  ])('lets no step act by a time %s', async (_what, documents) => {
    const run = await aRelease(0);
    const { releaseId, planHash } = run.authority;
    for (const document of documents)
      await separated.database.ask(
        'engine',
        `update slipway.documents set document = $2::json where release_id = $1 and name = 'planned'`,
        [releaseId, document.replace('HASH', planHash)],
      );
    await expect(deploys(run)).rejects.toMatchObject(refused);
    // And it can be planned again, as before.
    await keepPlanHash(separated.engine.plans, releaseId, planHash, { since: 1 });
    await expect(deploys(run)).rejects.toMatchObject(refused);
  });

  it('begins for no release that nobody has asked for', async () => {
    const kept = keepPlanHash(separated.engine.plans, `release/shop/production/${'b'.repeat(40)}/7`, 'e'.repeat(64), {
      since: 1,
    });
    await expect(kept).rejects.toThrow('SLIP-');
  });

  it('counts from when that plan came in force, where it is made again as it was', async () => {
    const run = await aRelease(2 * hour);
    const { releaseId, planHash } = run.authority;
    await keepPlanHash(separated.engine.plans, releaseId, planHash, { since: await records.clock.now() });
    await deploys(run);
  });

  it('lets no step act by the time of another plan', async () => {
    const run = await aRelease(undefined);
    const { releaseId, planHash } = run.authority;
    await keepPlanHash(records.plans, releaseId, 'e'.repeat(64), { since: 1 });
    await keepPlanHash(records.plans, releaseId, planHash);
    await expect(deploys(run)).rejects.toMatchObject(refused);
  });
});

const chat: NotifySpec = { name: 'chat', kind: 'webhook', url: 'env:CHAT' };
const dependencies = (more: object = {}) => ({
  ...authorizing(separated.engine),
  notifierFor: createOutboxNotifier({
    outbox: { put: (messages) => separated.engine.outbox.put(messages) },
    nameOf: async () => undefined,
  }),
  now: () => 9_000,
  ...more,
});
const announces = (run: ActingRun, said: Announcement) => run.act(createAnnounce(dependencies()), said);
const keysOf = async ({ authority: { releaseId, planHash } }: ActingRun) =>
  (await separated.gateway.outbox.list({ states: ['waiting'], limit: 100 }))
    .filter(({ run }) => run === releaseId)
    .map(({ key }) => key.replace(`${releaseId}/`, '').replace(planHash, 'plan'))
    .reverse();
/** Approved by nobody who may. */
const told = (waited: number, plan = { approval }) =>
  aRelease(waited, { plan, by: aPerson('eve', 'visitors'), spec: aSpec({ notify: [chat] }) });
const reminder = (number: number): Announcement => ({ message: 'approval-reminder', number });

describe('a reminder', () => {
  it('is written down once, however often its step is repeated, and in its time by the records alone', async () => {
    const run = await told(hour);
    await announces(run, reminder(1));
    for (let n = 0; n < 2; n++) await announces(run, reminder(2));
    await expect(announces(run, reminder(3))).rejects.toThrow('SLIP-REL-1');
    await expect(announces(run, { message: 'approval-escalated' })).rejects.toThrow('SLIP-REL-1');
    expect(await keysOf(run)).toEqual(['approval/plan/reminder/1', 'approval/plan/reminder/2']);
  });

  it('is not written down, and fails nothing, once it is decided', async () => {
    const approved = await told(2 * hour);
    await decided(approved, {
      records,
      kind: 'approve',
      by: aPerson('kim', 'approvers'),
      decidedAt: await records.clock.now(),
    });
    const calledOff = await told(2 * hour);
    await decided(calledOff, { records, kind: 'abort' });
    for (const run of [approved, calledOff]) {
      await announces(run, reminder(2));
      await announces(run, { message: 'approval-escalated' });
      expect(await keysOf(run)).toEqual([]);
    }
  });
});

describe('whether anybody is still waited for', () => {
  const isOver = async (run: ActingRun) => isDecided(dependencies(), run.authority.releaseId);
  const yes = async (run: ActingRun, id: string) =>
    decided(run, { records, kind: 'approve', by: aPerson(id, 'approvers'), decidedAt: await records.clock.now() });

  it('is told by what people have signed, as the plan asks for it', async () => {
    const run = await told(hour, { approval: { ...approval, quorum: 2 } });
    expect(await isOver(run)).toBe(false);
    await yes(run, 'kim');
    await yes(run, 'kim');
    expect(await isOver(run)).toBe(false);
    await yes(run, 'lee');
    expect(await isOver(run)).toBe(true);
  });

  it('is told by a no, and by the end of the wait', async () => {
    const [rejected, expired] = [await told(hour), await told(25 * hour)];
    await decided(rejected, { records, kind: 'reject', by: aPerson('kim', 'approvers') });
    expect([await isOver(rejected), await isOver(expired)]).toEqual([true, true]);
  });
});

describe('what a run could not have written down before its end', () => {
  const untold: Announcement[] = [{ message: 'approval' }, reminder(1), { message: 'failed', code: 'SLIP-K8S-1' }];
  const ends = (run: ActingRun, more: object = {}) => {
    const { releaseId } = run.authority;
    return run.act(createRecordEnd(dependencies(more)), { releaseId, result: aResult('failed'), notify: [], untold });
  };

  it('is written down with it, before it, and once', async () => {
    const run = await told(hour);
    for (let n = 0; n < 2; n++) await ends(run);
    expect(await keysOf(run)).toEqual(['approval/plan', 'approval/plan/reminder/1', 'failure', 'end']);
  });

  it('keeps the end from being written where the records are away, and nothing else does', async () => {
    const run = await told(hour);
    const notifierFor = (code: 'SLIP-REC-1' | 'SLIP-NTF-4') => () => ({
      notify: () => Promise.reject(failure(code, `no ${randomUUID()}`)),
    });
    await expect(ends(run, { notifierFor: notifierFor('SLIP-REC-1') })).rejects.toThrow('SLIP-REC-1');
    expect((await records.attempts.find(run.authority.releaseId))?.outcome).toBeUndefined();
    await expect(ends(run, { notifierFor: notifierFor('SLIP-NTF-4') })).resolves.toMatchObject({ outcome: 'failed' });
  });
});
