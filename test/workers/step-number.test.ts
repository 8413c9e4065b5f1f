import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { numberOfStep } from '../../workers/step-number.ts';
import { aTaskToken } from '../support/task-token.ts';

const runId = randomUUID();

describe('the number of a step', () => {
  it('is the run and the event by which the server has scheduled it', () => {
    expect(numberOfStep(aTaskToken({ runId, event: 5 }))).toBe(`${runId}/5`);
    expect(numberOfStep(aTaskToken({ runId, event: 51_200 }))).toBe(`${runId}/51200`);
  });

  it('is the same for all its tries', () => {
    const tries = [1, 2, 300].map((attempt) => numberOfStep(aTaskToken({ runId, event: 5, attempt })));
    expect(new Set(tries).size).toBe(1);
  });

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is of another form', Buffer.from('{"run":"a"}')],
    ['ends in the middle', aTaskToken({ runId, event: 5 }).subarray(0, 60)],
    ['has a run that no server names so', aTaskToken({ runId: '../other', event: 5 })],
    ['has no event', aTaskToken({ runId, event: 0 })],
    ['goes on for ever', Buffer.alloc(100_000, 0xff)],
  ])('is the token itself, hashed, where it %s', (_, token) => {
    expect(numberOfStep(token)).toMatch(/^[0-9a-f]{64}$/);
    expect(numberOfStep(token)).not.toBe(numberOfStep(Buffer.concat([token, Buffer.from('x')])));
  });
});
