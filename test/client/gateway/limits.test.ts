import { describe, expect, it } from '@jest/globals';
import { allowancesFor, createAllow } from '../../../client/gateway/limits.ts';

const asked = (ask: () => void) => {
  try {
    ask();
    return 'allowed';
  } catch (error) {
    return (error as { retryAfterSeconds: number }).retryAfterSeconds;
  }
};

describe('what one caller may ask for', () => {
  it('is some at once, and then what time brings', () => {
    let now = 0;
    const allow = createAllow(() => now, allowancesFor(60));
    const start = () => asked(() => allow('start', 'dana'));
    expect(Array.from({ length: 120 }, start)).toEqual(Array.from({ length: 120 }, () => 'allowed'));
    expect(start()).toBe(1);
    now += 1_000;
    expect([start(), start()]).toEqual(['allowed', 1]);
    now += 3_600_000;
    expect(Array.from({ length: 121 }, start).filter((answer) => answer === 'allowed')).toHaveLength(120);
  });

  it('is counted for each caller and each kind alone', () => {
    const allow = createAllow(() => 0, allowancesFor(1));
    for (let n = 0; n < 2; n += 1) allow('start', 'dana');
    expect(asked(() => allow('start', 'dana'))).toBe(60);
    expect([asked(() => allow('start', 'kim')), asked(() => allow('read', 'dana'))]).toEqual(['allowed', 'allowed']);
  });

  it('does not shrink when the clock goes back', () => {
    let now = 1_000_000;
    const allow = createAllow(() => now, allowancesFor(1));
    allow('start', 'dana');
    now = 0;
    expect(asked(() => allow('start', 'dana'))).toBe('allowed');
  });
});
