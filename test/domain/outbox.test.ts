import { describe, expect, it } from '@jest/globals';
import type { ClaimedMessage } from '../../domain/contract/outbox.ts';
import { isToldTo } from '../../domain/notices.ts';
import { afterFailure, overtakenBy, threadOf } from '../../domain/outbox.ts';

const aStanding = {
  event: 'approval',
  age: 0,
  hasBegun: false,
  hasEnded: false,
  later: [],
  laterOfOthers: [],
} as const;
type Standing = Parameters<typeof overtakenBy>[0];
const anHour = 3_600_000;

describe('a message that waited', () => {
  it.each<[Partial<Standing>, string | undefined]>([
    [{}, undefined],
    [{ hasEnded: true }, 'the run has ended'],
    [{ hasBegun: true }, 'the run was approved, and goes on'],
    [{ later: ['approval'] }, 'another plan of the run waits for approval'],
    [{ later: ['held'] }, undefined],
    [{ isDecided: true }, 'it was decided meanwhile'],
    [{ event: 'approval-reminder' }, undefined],
    [{ event: 'approval-reminder', isDecided: true }, 'it was decided meanwhile'],
    [{ event: 'approval-reminder', hasEnded: true }, 'the run has ended'],
    [{ event: 'approval-reminder', hasBegun: true }, 'the run was approved, and goes on'],
    [{ event: 'approval-reminder', later: ['approval'] }, 'another plan of the run waits for approval'],
    [{ event: 'approval-reminder', later: ['approval-reminder'] }, 'a later reminder is told instead'],
    [
      { event: 'approval-reminder', later: ['approval-reminder', 'approval-escalated'] },
      'others may approve by now, which is told instead',
    ],
    [{ event: 'approval-escalated', later: ['held'] }, undefined],
    [{ event: 'approval-escalated', isDecided: true }, 'it was decided meanwhile'],
    [{ event: 'held', isDecided: true }, undefined],
    [{ event: 'held', hasBegun: true, later: ['held'], age: anHour }, undefined],
    [{ event: 'held', hasEnded: true }, 'the run has ended'],
    [{ event: 'held', hasBegun: true, later: ['failed'] }, 'it has failed since, which is told instead'],
    [{ event: 'held', hasBegun: true, later: ['region-failed'] }, undefined],
    [{ event: 'failed', hasEnded: true, later: ['ended-otherwise'] }, undefined],
    [{ event: 'failed', hasEnded: true, later: ['ended-otherwise'], age: anHour }, 'how it ended is told instead'],
    [{ event: 'failed', hasEnded: true, age: anHour }, undefined],
    [{ event: 'region-failed', later: ['ended-well'], age: anHour }, 'how it ended is told instead'],
    [{ laterOfOthers: ['approval'] }, undefined],
    [{ event: 'approval-reminder', laterOfOthers: ['approval-reminder', 'approval-escalated'] }, undefined],
    [{ event: 'held', hasBegun: true, laterOfOthers: ['failed', 'ended-well'] }, undefined],
    [{ event: 'failed', laterOfOthers: ['ended-well'] }, undefined],
    [{ event: 'failed', laterOfOthers: ['ended-well'], age: anHour }, 'that it was mended is told instead'],
    [{ event: 'region-failed', laterOfOthers: ['ended-otherwise'], age: anHour }, undefined],
    [{ event: 'started' }, undefined],
    [{ event: 'started', later: ['approval'] }, 'what came after it is told instead'],
    [{ event: 'started', laterOfOthers: ['started', 'ended-well'] }, undefined],
    [{ event: 'changing', hasBegun: true }, undefined],
    [{ event: 'changing', hasBegun: true, later: ['held'] }, 'what came after it is told instead'],
    [{ event: 'changing', hasEnded: true }, 'the run has ended'],
    [{ event: 'ended-well', hasEnded: true, later: ['approval'], age: anHour }, undefined],
    [{ event: 'ended-otherwise', hasEnded: true, age: anHour }, undefined],
    [{ event: 'of a newer version' as ClaimedMessage['event'], hasEnded: true }, undefined],
  ])('is overtaken where nothing is left to do, or how it ended is told: %j → %s', (standing, why) => {
    expect(overtakenBy({ ...aStanding, ...standing })).toBe(why);
  });
});

describe('a message that was not taken', () => {
  it('is tried again after a second, twice as long each time, and every ten minutes in the end', () => {
    const pauses = [1, 2, 3, 10, 11, 100].map((tries) => afterFailure(tries, { why: 'away', isFinal: false }));
    const inMs = pauses.map((one) => (one.came === 'failed' ? one.againInMs : one.came));
    expect(inMs).toEqual([1_000, 2_000, 4_000, 512_000, 600_000, 600_000]);
  });

  it('is tried for about a day', () => {
    let waited = 0;
    let tries = 1;
    for (let next = afterFailure(1, { why: 'away', isFinal: false }); next.came === 'failed';) {
      waited += next.againInMs;
      next = afterFailure((tries += 1), { why: 'away', isFinal: false });
    }
    expect(Math.round(waited / anHour)).toBe(23);
    expect(afterFailure(tries, { why: 'away', isFinal: false })).toEqual({
      came: 'dead',
      why: `tried ${tries} times: away`,
    });
  });

  it.each([
    [60_000, 60_000],
    [10, 1_000],
    [10 * anHour, anHour],
  ])('is left alone for as long as its receiver asks, an hour at most: %d ms', (retryAfterMs, againInMs) => {
    const delivery = afterFailure(1, { why: 'busy', isFinal: false, retryAfterMs });
    expect(delivery).toEqual({ came: 'failed', why: 'busy', againInMs });
  });

  it('is not tried again where that would not help', () => {
    expect(afterFailure(1, { why: 'refused', isFinal: true })).toEqual({ came: 'dead', why: 'refused' });
  });
});

describe('the thread of a message', () => {
  const run = 'release/shop/production/abc/1';
  it('is its run, and for whoever may be woken its lane', () => {
    expect([threadOf('webhook', run), threadOf('log', run)]).toEqual([run, run]);
    expect(threadOf('pagerduty', run)).toBe('shop/production');
    expect(threadOf('pagerduty', 'rollback/shop/production/1234')).toBe('shop/production');
    expect(threadOf('pagerduty', 'something else')).toBe('something else');
  });
});

describe('a target', () => {
  const held = { event: 'held', level: 'problem' } as const;
  const verified = { event: 'ended-well', level: 'info' } as const;
  it('is told what any of its filters lets through; who may be woken also how runs end without a problem', () => {
    const only = [{ level: 'problem' }, { events: ['approval'] }] as const;
    expect(isToldTo({ kind: 'log' }, verified)).toBe(true);
    expect(isToldTo({ kind: 'log', only }, held)).toBe(true);
    expect(isToldTo({ kind: 'log', only }, { event: 'approval', level: 'attention' })).toBe(true);
    expect(isToldTo({ kind: 'log', only }, verified)).toBe(false);
    expect(isToldTo({ kind: 'pagerduty', only }, verified)).toBe(true);
    const started = { event: 'started', level: 'info' } as const;
    expect(isToldTo({ kind: 'log' }, started)).toBe(false);
    expect(isToldTo({ kind: 'pagerduty', only: [{ level: 'info' }] }, started)).toBe(false);
    expect(isToldTo({ kind: 'log', only: [{}, { events: ['started'] }] }, started)).toBe(true);
    expect(isToldTo({ kind: 'github' }, started)).toBe(true);
    const heldOnly = [{ events: ['held'] }] as const;
    expect(isToldTo({ kind: 'pagerduty', only: heldOnly }, { ...verified, event: 'ended-otherwise' })).toBe(true);
    expect(isToldTo({ kind: 'pagerduty', only: heldOnly }, { ...held, event: 'ended-otherwise' })).toBe(false);
  });
});
