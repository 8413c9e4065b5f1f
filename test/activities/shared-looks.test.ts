import { describe, expect, it } from '@jest/globals';
import { shared } from '../../activities/shared/shared.ts';

function counted() {
  const answers: PromiseWithResolvers<string>[] = [];
  const ask = shared((_: { of: string }) => {
    const answer = Promise.withResolvers<string>();
    answers.push(answer);
    return answer.promise;
  });
  return { ask, answers };
}

describe('the same that several ask for at once', () => {
  it('is done once, and what differs by itself', async () => {
    const { ask, answers } = counted();
    const all = [ask({ of: 'shop' }), ask({ of: 'shop' }), ask({ of: 'blog' })];
    expect(answers).toHaveLength(2);
    answers[0]!.resolve('shop seen');
    answers[1]!.resolve('blog seen');
    expect(await Promise.all(all)).toEqual(['shop seen', 'shop seen', 'blog seen']);
  });

  it('is done again for who asks later, also where it has failed', async () => {
    const { ask, answers } = counted();
    const both = Promise.allSettled([ask({ of: 'shop' }), ask({ of: 'shop' })]);
    answers[0]!.reject(new Error('away'));
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const later = ask({ of: 'shop' });
    answers[1]!.resolve('seen now');
    expect(await later).toBe('seen now');
  });
});
