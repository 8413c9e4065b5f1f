import { describe, expect, it } from '@jest/globals';
import { versionsApart } from '../../domain/released-version.ts';

describe('how another version stands to one', () => {
  it.each([
    ['1.4.2', '1.4.2', 'alike'],
    ['1.4.2', '1.4.3', 'newer'],
    ['1.4.2', '1.4.10', 'newer'],
    ['1.4.2', '1.5.0', 'newer'],
    ['1.4.2', '1.4.1', 'older'],
    ['1.4.2', '1.3.9', 'older'],
    ['1.4.2', '1.6.0', 'too-far'],
    ['1.4.2', '1.2.2', 'too-far'],
    ['0.9.0', '0.10.0', 'newer'],
    ['0.9.0', '0.11.0', 'too-far'],
    ['0.9.0', '1.0.0', 'too-far'],
    ['1.9.0', '2.9.0', 'too-far'],
    ['2.0.0', '1.0.0', 'too-far'],
    // A pre-release and what is added by a builder count as the version that they are of.
    ['1.4.0-rc.1', '1.4.0', 'alike'],
    ['1.4.0', '1.5.0+build.7', 'newer'],
  ])('of %s, %s is %s', (own, other, apart) => {
    expect(versionsApart(own, other)).toBe(apart);
  });

  it.each(['', 'unknown', '1', '1.4', 'v1.4.2', '1.4.2.1', '1.4.2 ', '1.4.2\n', '01e3.1.1', '1.4.-2', '1.4.9999999'])(
    'is not told of %j, which is no version',
    (text) => {
      expect([versionsApart('1.4.2', text), versionsApart(text, '1.4.2')]).toEqual([undefined, undefined]);
    },
  );
});
