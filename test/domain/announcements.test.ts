import { describe, expect, it } from '@jest/globals';
import { announcementOf } from '../../domain/announcements.ts';
import type { Announcement, KnownOfRun } from '../../domain/announcements.ts';
import type { NoticeEvent } from '../../domain/contract/notices.ts';
import { levelsOf } from '../../domain/notices.ts';
import { noticeOfEnd } from '../../domain/run-end.ts';
import { outcomes } from '../../domain/outcomes.ts';
import { aHash, aPlan, aPolicy, aReleaseId } from './builders.ts';

const known = (changes: Partial<KnownOfRun> = {}): KnownOfRun => ({
  run: aReleaseId(),
  lane: { service: 'shop', environment: 'production' },
  plan: { ...aPlan(), hash: aHash() },
  names: ['de'],
  lookedTo: ['on-call', 'leads'],
  retries: 0,
  ...changes,
});
const min = 60_000;
const escalating = (changes: Partial<KnownOfRun> = {}) => {
  const approval = aPolicy({ quorum: 2, remindMs: 30 * min, escalate: { afterMs: 120 * min, groups: ['leads'] } });
  return known({
    plan: { ...aPlan({ approval }), hash: aHash() },
    waits: { since: 0, now: 30 * min, approvals: 1 },
    ...changes,
  });
};
const reminder: Announcement = { message: 'approval-reminder', number: 1 };
const escalated: Announcement = { message: 'approval-escalated' };
const held: Announcement = { message: 'held', code: 'SLIP-K8S-10', places: ['de'], stage: 'deploying' };
const failed: Announcement = { message: 'failed', code: 'SLIP-K8S-1' };

describe('what people are told of a run', () => {
  it.each<[Announcement]>([[{ message: 'approval' }], [held], [failed], [{ message: 'region-failed', region: 'de' }]])(
    'is of the event that it is about, and of a level that the table has: %j',
    (said) => {
      const { event, level } = announcementOf(said, known()) ?? {};
      expect(event).toBe(said.message);
      expect(levelsOf(event as NoticeEvent)).toContain(level);
    },
  );

  it('names who approves where an approval is wanted, and who is looked to where something has failed', () => {
    expect(announcementOf({ message: 'approval' }, known())?.facts['groups']).toBe('approvers');
    for (const said of [held, failed]) expect(announcementOf(said, known())?.facts['groups']).toBe('on-call, leads');
    expect(announcementOf(held, known({ lookedTo: [] }))?.facts).not.toHaveProperty('groups');
  });

  it.each<[number | undefined, number, string]>([
    [0, 0, ''],
    [0, 1, ''],
    [1, 1, '/after 1'],
    [1, 2, '/after 1'],
    // More than anybody has said: a run has not the ear of people for as often as it likes.
    [7, 1, '/after 1'],
    [undefined, 1, '/after 1'],
  ])(
    'is the same hold whenever it is written: after %p retries by the run, of %d on record, %p',
    (by, retries, end) => {
      const said = { ...held, ...(by !== undefined && { retries: by }) } as Announcement;
      expect(announcementOf(said, known({ retries }))?.key).toBe(`${aReleaseId()}/held/deploying/SLIP-K8S-10/de${end}`);
    },
  );

  it('says beside the question that the code is older than the schema', () => {
    const olderThanSchema = [{ database: 'main', releaseId: 'release/other', migrations: ['0002_drop'] }];
    const plan = { ...aPlan({ olderThanSchema }), hash: aHash() };
    const { level, facts } = announcementOf({ message: 'approval' }, known({ plan })) ?? {};
    expect(level).toBe('attention');
    expect(facts?.['warning']).toContain('0002_drop');
  });
});

describe('a reminder', () => {
  it('says how long nobody has decided, how many have approved, who may, who may later, and when it ends', () => {
    expect(announcementOf(reminder, escalating())).toMatchObject({
      key: `${aReleaseId()}/approval/${aHash()}/reminder/1`,
      event: 'approval-reminder',
      level: 'attention',
      title: 'shop → production: nobody has decided for 30 min',
      facts: {
        groups: 'approvers',
        approvals: '1 of 2',
        widens: 'from 1970-01-01T02:00:00.000Z also leads may approve',
        ends: '1970-01-02T00:00:00.000Z',
      },
    });
  });

  it('says who may approve, too, once others may', () => {
    const waits = { since: 0, now: 120 * min, approvals: 1 };
    const told = announcementOf(escalated, escalating({ waits }));
    expect(told?.title).toBe('shop → production: nobody has decided for 2 h: leads may approve, too');
    expect(told?.facts['groups']).toBe('approvers, leads');
  });

  it.each<[string, Announcement, Partial<KnownOfRun>]>([
    ['before its time by the records', reminder, { waits: { since: 0, now: 28 * min, approvals: 0 } }],
    ['that others may before their time', escalated, {}],
    ['that the plan does not have', { message: 'approval-reminder', number: 4 }, {}],
    ['of a plan that asks for none', reminder, { plan: known().plan! }],
    ['of what nobody waits for', reminder, { waits: undefined } as unknown as Partial<KnownOfRun>],
  ])('is nothing %s', (_what, said, changes) => {
    expect(announcementOf(said, escalating(changes))).toBeUndefined();
  });
});

describe('the end of a run', () => {
  it.each(Object.keys(outcomes))('as %s is of a level that its event has', (outcome) => {
    for (const run of [aReleaseId(), 'rollback/shop/production/order-1']) {
      const { event, level } = noticeOfEnd(run, outcome);
      expect(levelsOf(event)).toContain(level);
    }
  });

  it.each([
    [aReleaseId(), 'verified', 'ended-well', 'info'],
    [aReleaseId(), 'rolled-back', 'ended-otherwise', 'attention'],
    [aReleaseId(), 'rejected', 'ended-otherwise', 'attention'],
    [aReleaseId(), 'halted', 'ended-otherwise', 'problem'],
    [aReleaseId(), 'paused', 'ended-otherwise', 'attention'],
    ['rollback/shop/production/order-1', 'rolled-back', 'ended-well', 'info'],
    ['rollback/shop/production/order-1', 'halted', 'ended-otherwise', 'problem'],
  ])('%s, %s, is told as %s, %s', (run, outcome, event, level) => {
    expect(noticeOfEnd(run, outcome)).toEqual({ event, level });
  });
});
