import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { beating } from '../../activities/shared/polling.ts';
import { seldom } from '../../activities/shared/seldom.ts';

describe('what is said seldom', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is the first line at once, then the newest a few times a second, and the last one in the end', () => {
    const passed: string[] = [];
    const { say, end } = seldom((line) => passed.push(line));
    for (let n = 1; n <= 1_000; n += 1) say(`early ${n}`);
    expect(passed).toEqual(['early 1']);
    jest.advanceTimersByTime(1_000);
    expect(passed).toEqual(['early 1', 'early 1000']);
    say('late');
    expect(passed.at(-1)).toBe('late');
    for (let second = 0; second < 1_000; second += 1) {
      say(`flood ${second}`);
      jest.advanceTimersByTime(1);
    }
    expect(passed.length).toBeLessThan(10);
    say('the end');
    end();
    say('too late');
    expect(passed.at(-1)).toBe('the end');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is nothing where nothing was said', () => {
    const passed: string[] = [];
    seldom((line) => passed.push(line)).end();
    expect(passed).toEqual([]);
  });
});

it('a step that has much to say says it in few heartbeats, the last line among them', async () => {
  const beats: unknown[] = [];
  const activity = new MockActivityEnvironment();
  activity.on('heartbeat', (details: unknown) => beats.push(details));
  await activity.run(() =>
    beating(async ({ report }) => {
      for (let n = 1; n <= 10_000; n += 1) report(`line ${n}`);
    }),
  );
  expect(beats.length).toBeLessThan(100);
  expect([beats[0], beats.at(-1)]).toEqual(['line 1', 'line 10000']);
});
