import { describe, expect, it } from '@jest/globals';
import { blameOf, judgeLook, verdictOf, wordsOf } from '../../domain/observing.ts';
import type { LooksSoFar, LookVerdict } from '../../domain/observing.ts';
import type { Check, Verdict } from '../../domain/contract/verdicts.ts';

const noon = Date.UTC(2026, 0, 1, 12);
const check = (name: string, verdict: Verdict): Check => ({ name, verdict, summary: `says ${verdict}` });
const good = check('de: core digest', 'pass');

describe('judgeLook', () => {
  const fresh: LooksSoFar = { looks: 0 };
  const known: LooksSoFar = { looks: 3, goodAt: noon - 60_000 };
  const never: LooksSoFar = { looks: 1 };
  const wrong = check('de: front page', 'fail');
  const unclear = check('de: front page', 'inconclusive');

  it.each<[string, LooksSoFar, Check[], boolean, LookVerdict]>([
    ['goes on when all is good', fresh, [good], false, { kind: 'go-on', so: { looks: 1, goodAt: noon } }],
    ['ends well when all is good at the last look', known, [good], true, { kind: 'pass' }],
    ['goes on when it cannot tell', known, [good, unclear], false, { kind: 'go-on', so: { ...known, looks: 4 } }],
    [
      'fails at once, and says when it was good',
      known,
      [good, wrong],
      false,
      {
        kind: 'fail',
        said: 'de: front page: says fail (seen at 2026-01-01T12:00:00.000Z; last good at 2026-01-01T11:59:00.000Z, in 3 looks before)',
      },
    ],
    [
      'fails at the first look',
      fresh,
      [wrong],
      true,
      { kind: 'fail', said: 'de: front page: says fail (seen at 2026-01-01T12:00:00.000Z, at the first look)' },
    ],
    [
      'cannot say when the last look cannot',
      never,
      [unclear],
      true,
      {
        kind: 'inconclusive',
        said: 'de: front page: says inconclusive (seen at 2026-01-01T12:00:00.000Z; never good in 1 look before)',
      },
    ],
    [
      'is sure of what is wrong, whatever else cannot be told',
      known,
      [unclear, wrong],
      false,
      {
        kind: 'fail',
        said: expect.stringContaining('says inconclusive; de: front page: says fail') as unknown as string,
      },
    ],
  ])('%s', (_what, so, checks, isLast, verdict) => {
    expect(judgeLook(so, checks, { at: noon, isLast })).toEqual(verdict);
  });
});

describe('verdictOf', () => {
  it.each<[Verdict[], Verdict]>([
    [['pass', 'pass'], 'pass'],
    [['pass', 'inconclusive'], 'inconclusive'],
    [['inconclusive', 'fail', 'pass'], 'fail'],
  ])('takes the worst of %s: %s', (verdicts, verdict) => {
    expect(verdictOf(verdicts.map((one) => check('x', one)))).toBe(verdict);
  });

  it('names only what is not good', () => {
    expect(wordsOf([good, check('de: api', 'fail')])).toBe('de: api: says fail');
  });
});

describe('blameOf', () => {
  const wrong = (name: string, blame?: 'release' | 'world'): Check => ({
    ...check(name, 'fail'),
    ...(blame && { blame }),
  });
  const page = wrong('de: front page');
  const taken = wrong('de: core digest', 'world');

  it.each<[string, Check[], 'release' | 'world']>([
    ['an endpoint answers wrongly', [good, page], 'release'],
    ['pods crash', [wrong('de: core digest', 'release'), page], 'release'],
    ['somebody else has changed what was deployed', [taken], 'world'],
    ['an endpoint answers wrongly after somebody else has changed it', [taken, page], 'world'],
    ['pods of another component crash as well', [taken, wrong('de: web digest', 'release')], 'release'],
  ])('when %s', (_name, checks, blame) => {
    expect(blameOf(checks)).toBe(blame);
  });
});
