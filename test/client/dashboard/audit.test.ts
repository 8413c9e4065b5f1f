import { describe, expect, it } from '@jest/globals';
import {
  chainInWords,
  isFound,
  missingBetween,
  rowInWords,
  shownAfter,
  shownFrom,
  windowsOf,
} from '../../../client/dashboard/words/audit.ts';
import { checkedInWords, foundAt } from '../../../client/dashboard/words/checked.ts';
import type { ChainedEntry } from '../../../domain/audit-chain.ts';
import type { Finding, LaneProof } from '../../../domain/audit-proof.ts';
import { aCommit, aHash } from '../../domain/builders.ts';

const run = `release/shop/production/${aCommit('3')}/1`;
const row = (more: Partial<ChainedEntry> = {}): ChainedEntry => ({
  ...{ lane: 'shop/production', key: 'k', at: 1, what: 'freeze', who: 'kim', facts: {} },
  ...{ n: 1, previous: aHash('0'), hash: aHash('1') },
  ...more,
});

describe('a row of the audit', () => {
  it('of a step says what it does, how far it was, and of which run', () => {
    const image = `registry.test/core@${`sha256:${aHash('a')}`}`;
    const facts = { attempt: 1, image, artifact: `sha256:${aHash('a')}`, component: 'core', region: 'nl', tags: [] };
    const words = rowInWords(row({ what: 'applyComponent done', who: run, facts }));
    expect(words).toEqual({
      ...{
        what: 'putting a component in place: core in nl',
        how: 'done',
        who: `run of ${aCommit('3').slice(0, 7)}`,
        run,
      },
      facts: [{ name: 'image', text: image, isHash: true }],
      isNo: false,
    });
  });

  it.each([
    ['watchMigration', { database: 'shop', region: 'de' }, 'watching a migration: shop in de'],
    ['recordVerified', { regions: ['de', 'nl'] }, 'recording what is verified: in de, nl'],
    ['buildImage', { component: 'core' }, 'building an image: core'],
    ['applyComponent', {}, 'putting a component in place'],
    ['applyComponent', { component: 7, region: { of: 'nobody' } }, 'putting a component in place'],
  ])('of %s with %j says what it is about', (step, facts, what) => {
    expect(rowInWords(row({ what: `${step} done`, facts })).what).toBe(what);
  });

  it('keeps the facts that its words do not tell whole', () => {
    const namesIn = (facts: Record<string, unknown>) =>
      rowInWords(row({ what: 'applyComponent done', facts })).facts.map(({ name }) => name);
    expect(namesIn({ component: 7, region: 'nl' })).toEqual(['component']);
    expect(namesIn({ regions: ['nl', 7] })).toEqual(['regions']);
    expect(namesIn({ component: 'c'.repeat(400), region: 'nl' })).toEqual(['component', 'region']);
    expect(namesIn({ releaseId: 'of nobody' })).toEqual(['release id']);
    expect(namesIn({ releaseId: run })).toEqual([]);
  });

  it('of a decision says what was decided, and what was refused', () => {
    const facts = {
      releaseId: run,
      planHash: aHash('b'),
      channel: 'slack',
      code: 'foreign',
      refused: 'nobody knows them',
    };
    const words = rowInWords(row({ what: 'decision roll-back refused', facts }));
    expect([words.what, words.run, words.isNo]).toEqual(['roll back, and it was refused', run, true]);
    expect(words.facts.map(({ name }) => name)).toEqual(['plan hash', 'channel', 'code', 'refused']);
  });

  it('tells times as times, and a try that was not the first', () => {
    const { facts } = rowInWords(row({ facts: { attempt: 3, until: 1_000, lifts: ['a', 'b'] } }));
    expect(facts).toEqual([
      { name: 'attempt', text: '3' },
      { name: 'until', text: '', at: 1_000 },
      { name: 'lifts', text: 'a, b' },
    ]);
  });

  it('of a stranger can neither be endless nor unseen', () => {
    const facts = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`f${n}`, 'x'.repeat(9_000)]));
    const words = rowInWords(row({ what: 'a\u202eb done', who: 'k\nim', facts }));
    expect([words.what, words.who]).toEqual(['a\\u{202e}b done', 'k\\nim']);
    expect(words.facts).toHaveLength(21);
    expect(words.facts.every(({ text }) => text.length <= 400)).toBe(true);
    expect(rowInWords(row({ what: 'constructor done' })).what).toBe('constructor done');
  });

  it.each([
    ['', true],
    ['KIM', true],
    ['freeze eleven', true],
    ['freeze twelve', false],
    ['17', true],
  ])('is found by %j: %s', (find, is) => {
    expect(isFound(row({ n: 17, facts: { reason: 'sale until eleven' } }), find)).toBe(is);
  });
});

describe('the rows that are shown', () => {
  it('are the last ones, in parts that stay the same when rows are added', () => {
    expect(windowsOf(250, shownAfter(250, undefined))).toEqual([
      { after: 200, to: 250 },
      { after: 100, to: 200 },
    ]);
    expect(windowsOf(251, shownAfter(251, undefined)).at(-1)).toEqual({ after: 100, to: 200 });
    expect(windowsOf(0, shownAfter(0, undefined))).toEqual([]);
  });

  it.each([
    ['0', 0],
    ['', 800],
    ['-1', 800],
    ['999999', 800],
    ['100', 100],
  ])('begin where the address says, as far as that can be: %j', (said, after) => {
    expect(shownAfter(1_000, said)).toBe(after);
  });

  it('are never more than a page holds', () => {
    expect(windowsOf(100_000, shownAfter(100_000, '0'))).toHaveLength(52);
  });

  it('begin where a row is that somebody wants to see', () => {
    expect([shownFrom(1), shownFrom(100), shownFrom(101), shownFrom(0)]).toEqual(['0', '0', '100', '0']);
  });

  it('show where numbers are missing', () => {
    expect([missingBetween(3, 2), missingBetween(4, 2), missingBetween(9, 2)]).toEqual([
      undefined,
      'Row 3 is not there.',
      'Rows 3 to 8 are not there.',
    ]);
  });

  it('are of the lane that the chain is named by', () => {
    expect([chainInWords('shop/production'), chainInWords('shop/production@build')]).toEqual([
      { lane: 'shop/production' },
      { lane: 'shop/production', writer: 'build' },
    ]);
  });
});

describe('what checking has come to', () => {
  const lane = 'shop/production';
  const proof = (findings: Finding[] = [], more: Partial<LaneProof> = {}, ends = true, problems: string[] = []) => ({
    lanes: [{ lane, rows: 6, findings, provenTo: ends ? 6 : 0, ...more }],
    statements: { ends: ends ? [{ lane, n: 6, hash: aHash('6') }] : [], problems, lastAt: undefined },
    unread: 0,
    unlooked: [],
  });

  it('is good only where somebody outside has vouched for it', () => {
    const [whole, alone] = [checkedInWords(proof()), checkedInWords(proof([], {}, false))];
    expect([whole.tone, whole.says]).toEqual(['good', '6 rows in 1 chain: whole, and as it was signed outside.']);
    expect([alone.tone, alone.says]).toEqual(['mute', expect.stringContaining('Nobody outside has vouched')]);
    expect(alone.unseen[0]).toContain('cannot be told');
  });

  it('says in its first sentence how much that is', () => {
    const { lanes, statements } = proof([], { rows: 100_000, provenTo: 5 });
    const words = checkedInWords({ ...proof(), lanes, statements: { ...statements, lastAt: Date.UTC(2026, 2, 17) } });
    expect([words.tone, words.says]).toEqual([
      'good',
      '5 of 100,000 rows are as they were signed outside, at 2026-03-17, 00:00:00; the others only follow each other.',
    ]);
    expect(words.unseen).toEqual([expect.stringContaining('after row 5')]);
  });

  it('is not good while there are chains that nobody outside has vouched for', () => {
    const { lanes, statements } = proof();
    const other = { ...lanes[0]!, lane: 'other/production', provenTo: 0 };
    const of = (...more: LaneProof[]) => checkedInWords({ ...proof(), lanes: [...lanes, ...more], statements });
    expect([of(other).tone, of(other).says]).toEqual([
      'mute',
      '12 rows in 2 chains: each follows the one before. 1 of 2 chains are vouched for outside.',
    ]);
    expect(of({ ...other, rows: 0 }).tone).toBe('good');
  });

  it.each<[Finding, string]>([
    [{ kind: 'edited', lane, row: 2 }, 'row 2 was edited: its hash is not made of what it says'],
    [{ kind: 'removed', lane, from: 2, to: 2 }, 'row 2 was removed: the row after it follows one that is not there'],
    [{ kind: 're-hashed', lane, from: 1, to: 6 }, 'the chain was rewritten'],
    [{ kind: 'truncated', lane, from: 5, to: 6 }, 'rows 5 to 6 were removed at the end'],
  ])('names the first row that is wrong, and what is: %j', (finding, wanted) => {
    const words = checkedInWords(proof([finding]));
    expect([words.tone, words.says]).toEqual(['stop', expect.stringContaining(wanted)]);
    expect(words.first).toEqual({ chain: lane, n: 'row' in finding ? finding.row : finding.from });
  });

  it('is never good with ends that nobody has signed, or that were not checked', () => {
    expect(checkedInWords(proof([], {}, true, ['statement 1 has a signature that does not hold'])).tone).toBe('stop');
    const unsigned = checkedInWords({ ...proof([], {}, false), unsigned: 'no public key was given' });
    expect([unsigned.tone, unsigned.unseen[0]]).toEqual(['mute', expect.stringContaining('no public key was given')]);
  });

  it('is shown at the rows themselves', () => {
    const found = proof([
      { kind: 'edited', lane, row: 2 },
      { kind: 're-hashed', lane, from: 4, to: 6 },
    ]);
    expect([1, 2, 5].map((n) => foundAt(found, lane, n))).toEqual([
      undefined,
      'edited',
      expect.stringContaining('anew'),
    ]);
    expect([foundAt(found, 'other', 2), foundAt(undefined, lane, 2)]).toEqual([undefined, undefined]);
  });
});
