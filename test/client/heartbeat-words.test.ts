import { describe, expect, it } from '@jest/globals';
import { heartbeatWords } from '../../client/heartbeat-words.ts';

describe('what a step has said last', () => {
  it.each<[string, string, string | undefined]>([
    ['its words', '"1 of 3 pods"', '1 of 3 pods'],
    ['its words alone, where it tells its later tries more', '{"doing":"1 of 3 pods","lookedMs":4000}', '1 of 3 pods'],
    ['nothing, where it says nothing for people', '{"lookedMs":4000}', undefined],
    ['nothing, where it said nothing', 'null', undefined],
    ['nothing, where it cannot be read', '{', undefined],
  ])('is %s', (_what, data, words) => {
    expect(heartbeatWords(Buffer.from(data))).toBe(words);
  });

  it('is nothing before it has said anything', () => {
    expect(heartbeatWords(undefined)).toBeUndefined();
  });
});
