import { expect, it } from '@jest/globals';
import { atOnce } from '../../activities/steps/at-once.ts';

const plans = {
  keptAmong: async (releaseIds: readonly string[], names: readonly string[]) =>
    [
      { releaseId: 'one', name: 'result', json: '{"outcome":"verified"}' },
      { releaseId: 'two', name: 'planned', json: '{"hash":"h"}' },
    ].filter(({ releaseId, name }) => releaseIds.includes(releaseId) && names.includes(name)),
};

it('documents that were read at once are found by release and name, and are missing where there are none', async () => {
  const { kept } = await atOnce(plans, ['one', 'two'], ['result', 'planned']);
  expect(await kept('one', 'result')).toEqual({ outcome: 'verified' });
  expect(await kept('two', 'planned')).toEqual({ hash: 'h' });
  expect(await kept('two', 'result')).toBeUndefined();
});

it.each([
  ['one', 'planned'],
  ['two', 'result'],
])('a document that was not read is not taken for one that is missing: %s, %s', async (releaseId, name) => {
  const { kept } = await atOnce(plans, ['one'], ['result']);
  await expect(kept(releaseId, name)).rejects.toThrow('was not read');
});
