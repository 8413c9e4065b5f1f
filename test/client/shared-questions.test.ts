import { expect, it } from '@jest/globals';
import { sharedQuestions } from '../../client/shared-questions.ts';

const answers = () => Array.from({ length: 3 }, () => Promise.withResolvers<string>());

it('asks once about the same at a time, and shares the next answer with all who came meanwhile', async () => {
  const [ask, given, asked] = [sharedQuestions(), answers(), [] as number[]];
  const question = (nth: number) => () => (asked.push(nth), given[nth]!.promise);
  const first = ask('run', question(0));
  const [second, third] = [ask('run', question(1)), ask('run', question(2))];
  expect(asked).toEqual([0]);
  given[0]!.resolve('before');
  expect(await first).toBe('before');
  given[1]!.resolve('after');
  expect(await Promise.all([second, third])).toEqual(['after', 'after']);
  expect(asked).toEqual([0, 1]);
});

it('asks the next also where the one before has failed, and begins anew when nobody waits', async () => {
  const ask = sharedQuestions();
  const failed = ask('run', () => Promise.reject(new Error('away')));
  const next = ask('run', async () => 'there');
  await expect(failed).rejects.toThrow('away');
  expect(await next).toBe('there');
  expect(await ask('run', async () => 'anew')).toBe('anew');
});

it('lets what is about something else go its way', async () => {
  const [ask, [slow]] = [sharedQuestions(), answers()];
  const first = ask('run', () => slow!.promise);
  expect(await ask('other', async () => 'at once')).toBe('at once');
  slow!.resolve('late');
  expect(await first).toBe('late');
});
