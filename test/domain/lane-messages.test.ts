import { describe, expect, it } from '@jest/globals';
import { readAnswer, readJoin, readLeave } from '../../domain/lane-messages.ts';
import { aCommit } from './builders.ts';

describe('what a lane is sent', () => {
  it.each([
    ['x'.repeat(500), true],
    ['x'.repeat(501), false],
    ['', false],
    ['a b', false],
  ])('names a run by an id that can be written down: %#', (releaseId, isRead) => {
    const member = { releaseId, commit: aCommit(), queue: 'fifo', joinedAt: 1 };
    expect(readJoin(member) !== undefined).toBe(isRead);
    expect(readLeave({ releaseId, disposition: { kind: 'free' } }) !== undefined).toBe(isRead);
  });

  it('gives a reason that is a thousand long at most, and whole characters', () => {
    const reason = `x${'😀'.repeat(5_000)}`;
    expect(readLeave({ releaseId: 'r', disposition: { kind: 'hold', reason } })).toMatchObject({
      disposition: { reason: `x${'😀'.repeat(499)}` },
    });
  });
});

describe('what a run is answered by its lane', () => {
  it('says why it waits in two thousand characters at most: they are told with its end', () => {
    expect(readAnswer({ kind: 'waiting', reason: 'x'.repeat(900_000) })).toEqual({
      kind: 'waiting',
      reason: 'x'.repeat(2_000),
    });
  });

  it('names whom it is superseded by, by an id that can be written down', () => {
    expect(readAnswer({ kind: 'superseded', by: 'release/two' })).toEqual({ kind: 'superseded', by: 'release/two' });
    expect(readAnswer({ kind: 'superseded', by: 'x'.repeat(900_000) })).toBeUndefined();
  });
});
