import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { howCounted } from '../../../domain/insights/how-counted.ts';
import { insightsOf } from '../../../domain/insights/insights.ts';
import { weekMs } from '../../../domain/insights/weeks.ts';
import {
  boundsInWords,
  briefly,
  bucketInWords,
  causeInWords,
  headlineOf,
  metInWords,
  percent,
  restoreInWords,
} from '../../../domain/insights/words.ts';
import type { RunFacts } from '../../../domain/insights/run-facts.ts';
import { aRun, minute, monday } from './builders.ts';

const of = (...runs: RunFacts[]) =>
  insightsOf(runs, { since: monday, until: monday + 4 * weekMs, counted: 'production' });
const slow = (minutes: number, week = 0) =>
  aRun({
    askedAt: monday + week * weekMs,
    stages: [
      ['deploying', minutes],
      ['verifying', 1],
    ],
    regions: { de: [0, 4], nl: [4, minutes] },
  });

describe('the sentence', () => {
  it('says that all that is measured holds', () => {
    expect(headlineOf(of(aRun()))).toEqual({
      tone: 'good',
      says: 'The 3 targets that are measured hold.',
      slowest: 'Slowest: deploying, median 10 min, one of ten over 10 min.',
    });
  });

  it('names the target that is furthest over its time, whether the others hold, and the slowest step', () => {
    const { tone, says } = headlineOf(of(...Array.from({ length: 3 }, () => slow(45))));
    expect(tone).toBe('stop');
    expect(says).toBe('One region takes 23 min of 10 min. Not in time either: All regions.');
  });

  it('says that it grows', () => {
    const runs = [0, 0, 0, 3, 3, 3].map((week) => slow(week === 0 ? 20 : 31, week));
    const { targets } = of(...runs);
    const all = targets.filter(({ name }) => name === 'all-regions');
    expect(headlineOf({ ...of(...runs), targets: all }).says).toBe(
      'All regions takes 27 min of 30 min and is growing.',
    );
  });

  it('says where the time goes before anybody asks for the release', () => {
    const { says, slowest } = headlineOf(of(aRun({ committed: 120 })));
    expect(says).toMatch(/^Commit to production takes 2 h 16 min of 60 min\. The other 2 targets/);
    expect(slowest).toMatch(/^Most of it passes before anybody asks for the release: 2 h 00 min/);
  });

  it('says so where there is nothing, or nothing that can be told', () => {
    expect(headlineOf(of()).says).toContain('Nothing was verified in these weeks');
    expect(headlineOf(of(aRun({ stages: [], regions: {} }))).says).toContain('has no times on record');
  });
});

describe('numbers in words', () => {
  it.each([
    [400, '0 s'],
    [45_000, '45 s'],
    [245_000, '4 min 05 s'],
    [27 * minute + 20_000, '27 min'],
    [125 * minute, '2 h 05 min'],
    [72 * 60 * minute, '3 days'],
  ])('%i ms are %s', (ms, words) => expect(briefly(ms)).toBe(words));

  it.each([
    [0, '0 %'],
    [0.0001, '0.1 %'],
    [0.065, '6.5 %'],
    [0.83, '83 %'],
    [0.999, '99 %'],
    [1, '100 %'],
  ])('%d is %s', (part, words) => expect(percent(part)).toBe(words));

  it('name bounds as people do', () => {
    expect(bucketInWords(5 * minute, undefined)).toBe('under 5 min');
    expect(bucketInWords(60 * minute, 15 * minute)).toBe('15 min to 1 h');
    expect(bucketInWords(undefined, 240 * minute)).toBe('over 4 h');
  });

  it('never tell of a target that is not measured as if it were', () => {
    const [firstTest] = of(aRun()).targets;
    expect(metInWords(firstTest!)).toBe('not measured: CI is not run by Slipway here');
  });

  it('tell a cause by its code and words, and say where there is none', () => {
    const [trouble] = of(
      aRun({
        stages: [
          ['deploying', 1],
          ['held', 1],
          ['verifying', 1],
        ],
      }),
    ).troubles;
    expect(causeInWords(trouble!)).toBe('what held it stands in its own log');
    expect(causeInWords({ ...trouble!, code: 'SLIP-K8S-1', cause: 'no CHECKOUT_URL' })).toBe(
      'SLIP-K8S-1 no CHECKOUT_URL',
    );
  });
});

describe('what bounds the answer', () => {
  it('is told of releases and of orders', () => {
    const told = { ...of(aRun()), more: true, moreOrders: true } as const;
    expect(boundsInWords(told)).toEqual([
      'Only the newest 1 releases were looked at: there are more in these weeks.',
      'Only the newest orders to roll back were looked at, 500 at most: there may be others.',
    ]);
  });

  it('has what is not restored yet, also where nothing was', () => {
    expect(restoreInWords({ count: 0, notYet: 2, weeks: [] })).toBe(
      'nothing to count yet; 2 not restored, by the records',
    );
    expect(restoreInWords({ count: 1, peopleMs: minute, notYet: 0, weeks: [] })).toBe('of it 1 min 00 s people');
  });
});

describe('how each is counted', () => {
  it('stands in the documentation, word for word', async () => {
    const page = (await readFile(new URL('../../../docs/insights.md', import.meta.url), 'utf8')).replaceAll(
      /\s+/g,
      ' ',
    );
    for (const [what, how] of howCounted) expect(page).toContain(`**${what}.** ${how}`);
  });
});
