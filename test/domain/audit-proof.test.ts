import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { chainEntry, chainStart } from '../../domain/audit-chain.ts';
import type { ChainedEntry } from '../../domain/audit-chain.ts';
import { findingInWords, proofOfLane, proofOfStatements } from '../../domain/audit-proof.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { LaneEnd, SignedChainEnds } from '../../domain/contract/evidence.ts';

const lane = 'shop/production';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Hashes rows as an honest program would: also what a forger does who knows how. */
function hashed(entries: { what: string }[]): ChainedEntry[] {
  const rows: ChainedEntry[] = [];
  for (const { what } of entries) {
    const before = rows.at(-1) ?? chainStart;
    rows.push(chainEntry(before, { lane, key: what, at: 1, what, who: 'kim', facts: { region: 'de' } }, sha256));
  }
  return rows;
}

const words = (...of: string[]) => of.map((what) => ({ what }));
const honest = () => hashed(words('one', 'two', 'three', 'four', 'five', 'six'));
const endAt = (n: number, rows = honest()): LaneEnd => ({ lane, n, hash: rows[n - 1]!.hash });
const renumbered = (rows: ChainedEntry[]) => rows.map((row, i) => ({ ...row, n: i + 1 }));

async function found(
  rows: ChainedEntry[],
  ends: LaneEnd[] = [endAt(3), endAt(6)],
  recorded?: LaneEnd,
): Promise<string[]> {
  const proof = proofOfLane(lane, ends, sha256, recorded);
  for (const row of rows) await proof.take(row);
  return proof.conclude().findings.map((finding) => findingInWords(finding).replace(`${lane}: `, ''));
}

describe('the audit of a lane', () => {
  it('is whole when nobody has touched it, with ends from outside and without', async () => {
    expect([await found(honest()), await found(honest(), []), await found(honest(), [], endAt(6))]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it.each<[string, (rows: ChainedEntry[]) => ChainedEntry[], string[]]>([
    [
      'a row was edited',
      (rows) => rows.map((row) => (row.n === 3 ? { ...row, who: 'nobody' } : row)),
      ['row 3 was edited'],
    ],
    [
      'the first row was edited',
      (rows) => rows.map((row) => (row.n === 1 ? { ...row, facts: {} } : row)),
      ['row 1 was edited'],
    ],
    [
      'two rows were edited',
      (rows) => rows.map((row) => (row.n % 3 === 2 ? { ...row, at: 9 } : row)),
      ['row 2 was edited', 'row 5 was edited'],
    ],
    ['a row was removed', (rows) => rows.filter((row) => row.n !== 4), ['row 4 was removed']],
    ['the first rows were removed', (rows) => rows.slice(2), ['rows 1 to 2 were removed']],
    [
      'a row was removed, and the others renumbered',
      (rows) => renumbered(rows.filter((row) => row.n !== 3)),
      ['row 3 was removed'],
    ],
    [
      'two were removed, and the others renumbered',
      (rows) => renumbered(rows.filter((row) => row.n < 2 || row.n > 3)),
      ['rows 2 to 3 were removed'],
    ],
    [
      'a row was put in, and the others renumbered',
      (rows) => {
        const put = hashed([...words('one', 'two'), { what: 'put in' }])[2]!;
        return renumbered([...rows.slice(0, 2), put, ...rows.slice(2)]);
      },
      ['row 3 was inserted'],
    ],
    ['the last rows were removed', (rows) => rows.slice(0, 4), ['rows 5 to 6 were removed at the end']],
    ['all rows were removed', () => [], ['rows 1 to 6 were removed at the end']],
    [
      'a row was changed, and all after it hashed anew',
      () => hashed(words('one', 'two', 'three', 'FOUR', 'five', 'six')),
      ['rows 4 to 6: something was changed there, and hashed anew'],
    ],
    [
      'a row was put in, and all after it hashed anew',
      () => hashed(words('one', 'put in', 'two', 'three', 'four', 'five', 'six')),
      ['rows 1 to 3: something was changed there, and hashed anew'],
    ],
    [
      'a row was hashed anew alone',
      (rows) => rows.map((row) => (row.n === 2 ? hashed(words('one', 'TWO'))[1]! : row)),
      ['rows 1 to 2: something was changed there, and hashed anew'],
    ],
  ])('tells that %s', async (_, change, wanted) => {
    expect(await found(change(honest()))).toEqual(wanted);
  });

  it.each<[string, () => ChainedEntry[]]>([
    ['everything was hashed anew', () => hashed(words('ONE', 'two'))],
    ['the last rows were removed', () => honest().slice(0, 4)],
  ])('cannot tell without ends from outside that %s', async (_, rows) => {
    expect(await found(rows(), [])).toEqual([]);
  });

  it('says up to which row an end from outside speaks', async () => {
    const proof = proofOfLane(lane, [endAt(3), { ...endAt(6), lane: 'other/production' }], sha256);
    for (const row of honest()) await proof.take(row);
    expect(proof.conclude()).toEqual({ lane, rows: 6, findings: [], provenTo: 3 });
  });

  it('tells that the last rows were removed where the records themselves say that there were more', async () => {
    const putIn = renumbered([
      ...honest().slice(0, 2),
      hashed([...words('one', 'two', 'put in')])[2]!,
      ...honest().slice(2),
    ]);
    expect([
      await found(honest().slice(0, 4), [], endAt(6)),
      await found(putIn, [], { ...endAt(6), n: 7 }),
      await found([], [], endAt(6)),
    ]).toEqual([
      ['rows 5 to 6 were removed at the end'],
      ['row 3 was inserted'],
      ['rows 1 to 6 were removed at the end'],
    ]);
  });

  it('is in doubt where two ends from outside contradict each other', async () => {
    expect(await found(honest(), [endAt(3), { ...endAt(3), hash: 'f'.repeat(64) }])).toEqual([
      'rows 1 to 3: something was changed there, and hashed anew',
    ]);
  });
});

describe('statements about ends', () => {
  const chain = (...ends: LaneEnd[][]): SignedChainEnds[] => {
    const all: SignedChainEnds[] = [];
    for (const [i, of] of ends.entries()) {
      const before = all.at(-1);
      const previous = before ? sha256(canonicalJson(before)) : sha256('');
      all.push({
        statement: { n: i + 1, at: i, installation: 'i', ends: of, previous },
        keyId: 'k',
        signature: 'good',
      });
    }
    return all;
  };
  const three = () => chain([endAt(1)], [endAt(3)], [endAt(6)]);
  const judged = (all: SignedChainEnds[]) =>
    proofOfStatements(all, { holds: ({ signature }) => signature === 'good', hash: sha256 });

  it('count in any order, and as often as they come', async () => {
    const [one, two, last] = three() as [SignedChainEnds, SignedChainEnds, SignedChainEnds];
    expect(await judged([last, one, two, one])).toEqual({
      ends: [endAt(1), endAt(3), endAt(6)],
      problems: [],
      lastAt: 2,
    });
  });

  it("may leave out a number that was nobody's when the next one was signed", async () => {
    const [one, two, last] = three() as [SignedChainEnds, SignedChainEnds, SignedChainEnds];
    const next = { ...last, statement: { ...last.statement, n: 9, previous: sha256(canonicalJson(two)) } };
    expect((await judged([one, two, next])).problems).toEqual([]);
  });

  it('may begin late: what was there before has been put away', async () => {
    expect((await judged(three().slice(1))).problems).toEqual([]);
  });

  it.each<[string, (all: SignedChainEnds[]) => SignedChainEnds[], string[], number]>([
    ['a missing one', (all) => all.filter((_, i) => i !== 1), ['statements 2 to 2 are missing'], 2],
    [
      'a forged one',
      (all) => all.map((one, i) => (i === 2 ? { ...one, signature: 'forged' } : one)),
      ['statement 3 has a signature that does not hold (key k)'],
      2,
    ],
    [
      'two under one number',
      (all) => [...all, { ...all[1]!, statement: { ...all[1]!.statement, at: 9 } }],
      ['there are two different statements 2'],
      3,
    ],
    [
      'one that follows another',
      (all) => all.map((one, i) => (i === 1 ? { ...one, statement: { ...one.statement, previous: 'x' } } : one)),
      ['statement 2 does not follow statement 1', 'statement 3 does not follow statement 2'],
      3,
    ],
    [
      'one of another installation',
      (all) => all.map((one, i) => (i === 2 ? { ...one, statement: { ...one.statement, installation: 'j' } } : one)),
      ['the statements are of 2 installations'],
      3,
    ],
  ])('tell of %s, and the others count', async (_, change, problems, ends) => {
    const proof = await judged(change(three()));
    expect([proof.problems, proof.ends.length]).toEqual([problems, ends]);
  });
});
