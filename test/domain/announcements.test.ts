import { describe, expect, it } from '@jest/globals';
import { announcementOf } from '../../domain/announcements.ts';
import type { Announcement, KnownOfRun } from '../../domain/announcements.ts';
import type { NoticeEvent } from '../../domain/contract/notices.ts';
import { levelsOf } from '../../domain/notices.ts';
import { noticeOfEnd } from '../../domain/run-end.ts';
import { outcomes } from '../../domain/outcomes.ts';
import { aHash, aPlan, aReleaseId } from './builders.ts';

const known = (changes: Partial<KnownOfRun> = {}): KnownOfRun => ({
  run: aReleaseId(),
  lane: { service: 'shop', environment: 'production' },
  plan: { ...aPlan(), hash: aHash() },
  names: ['de'],
  lookedTo: ['on-call', 'leads'],
  retries: 0,
  ...changes,
});
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

  it('says beside the question that the code is older than the schema', () => {
    const olderThanSchema = [{ database: 'main', releaseId: 'release/other', migrations: ['0002_drop'] }];
    const plan = { ...aPlan({ olderThanSchema }), hash: aHash() };
    const { level, facts } = announcementOf({ message: 'approval' }, known({ plan })) ?? {};
    expect(level).toBe('attention');
    expect(facts?.['warning']).toContain('0002_drop');
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
