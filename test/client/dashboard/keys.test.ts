import { describe, expect, it } from '@jest/globals';
import { keys, readKey } from '../../../client/dashboard/words/keys.ts';

describe('keys of a page', () => {
  it('are one, or two where the first is g', () => {
    expect(readKey(undefined, 'a')).toEqual({ name: 'a' });
    expect(readKey(undefined, 'g')).toEqual({ waits: 'g' });
    expect(readKey('g', 'o')).toEqual({ name: 'g o' });
    // Whoever has changed their mind: what comes then is no beginning again.
    expect(readKey('g', 'g')).toEqual({ name: 'g g' });
  });

  it('mean one thing each', () => {
    const all = keys.flatMap((key) => key.keys);
    expect(all).toEqual([...new Set(all)]);
  });
});
