import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeConsecutive } from '../../domain/consecutive.ts';
import type { Check, Verdict } from '../../domain/contract/verdicts.ts';

const letters = { p: 'pass', f: 'fail', i: 'inconclusive' } as const satisfies Record<string, Verdict>;

/** `ppf`: two good answers, then a wrong one. */
function checks(text: string): Check[] {
  return [...text].map((letter, n) => ({
    name: 'shop',
    verdict: letters[letter as keyof typeof letters],
    summary: `answer ${n + 1}`,
  }));
}

describe('judgeConsecutive', () => {
  it.each<[string, number, boolean, Verdict | undefined, string | undefined]>([
    ['', 1, false, undefined, undefined],
    ['', 1, true, 'inconclusive', 'time ran out before the first answer'],
    ['p', 1, false, 'pass', '1 good answer in a row: answer 1'],
    ['pp', 3, false, undefined, undefined],
    ['ppp', 3, false, 'pass', '3 good answers in a row: answer 3'],
    ['ppfpp', 3, false, undefined, undefined],
    ['ppipp', 3, false, undefined, undefined],
    ['fippp', 3, false, 'pass', '3 good answers in a row: answer 5'],
    ['ppp', 3, true, 'pass', '3 good answers in a row: answer 3'],
    ['f', 3, false, undefined, undefined],
    ['ppf', 3, true, 'fail', 'answer 3'],
    ['i', 3, true, 'inconclusive', 'answer 1'],
    ['ffi', 3, true, 'fail', 'answer 2 (2 of 3 times)'],
    ['fi', 3, true, 'inconclusive', 'answer 2 (1 of 2 times)'],
    ['fp', 3, true, undefined, undefined],
    ['ffpp', 3, true, undefined, undefined],
    ['ffppp', 3, true, 'pass', '3 good answers in a row: answer 5'],
    ['ffppf', 3, true, 'fail', 'answer 5'],
    ['ffppi', 3, true, 'fail', 'answer 2 (2 of 5 times)'],
    ['ppi', 3, true, 'inconclusive', 'answer 3'],
  ])('judges "%s" with %d wanted, time over: %s, as %s', (text, successes, over, verdict, summary) => {
    const judged = judgeConsecutive(checks(text), successes, over);
    expect(judged).toEqual(verdict && { verdict, summary });
  });

  it('is not saved by a connection that drops at the end: twenty wrong answers are wrong', () => {
    const judged = judgeConsecutive(checks(`${'f'.repeat(20)}i`), 3, true);
    expect(judged).toEqual({ verdict: 'fail', summary: 'answer 20 (20 of 21 times)' });
  });

  it('is not proven bad by one wrong answer after twenty questions without any', () => {
    const judged = judgeConsecutive(checks(`${'i'.repeat(20)}f`), 3, true);
    expect(judged).toEqual({ verdict: 'inconclusive', summary: 'answer 20 (20 of 21 times)' });
  });

  it('passes only on the wanted number of good answers at the end; when time is over it decides, or lets a row that has begun be finished', () => {
    const history = fc.array(fc.constantFrom('p', 'f', 'i'), { maxLength: 12 }).map((all) => all.join(''));
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 5 }), fc.boolean(), (text, successes, over) => {
        const judged = judgeConsecutive(checks(text), successes, over);
        expect(judged?.verdict === 'pass').toBe(text.endsWith('p'.repeat(successes)));
        if (over) expect(judged === undefined).toBe(text.endsWith('p') && !text.endsWith('p'.repeat(successes)));
      }),
    );
  });
});
