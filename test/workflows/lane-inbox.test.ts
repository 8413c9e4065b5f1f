import { expect, it } from '@jest/globals';
import type { LaneEvent } from '../../domain/lane-state.ts';
import { longestReason } from '../../domain/longest-reason.ts';
import { LaneInbox } from '../../workflows/lane/inbox.ts';

/** As long as what is kept of an end may be, in characters of three bytes. */
const leave = (n: number): LaneEvent => ({
  kind: 'leave',
  releaseId: `release/${'s'.repeat(200)}/production/${'c'.repeat(40)}/${n}`,
  disposition: { kind: 'hold', reason: '語'.repeat(longestReason.ofHold) },
});

it.each([
  [100, true],
  [101, false],
])(
  'what a lane has heard and not taken is carried into a new run when it is %s messages: %s',
  (messages, isCarried) => {
    const inbox = new LaneInbox(Array.from({ length: messages - 1 }, (_, n) => leave(n)));
    inbox.put(leave(messages));
    expect(inbox.hasFew()).toBe(isCarried);
    // Beside five hundred who wait, of 3 kB each, within the 2 MB that a server takes.
    if (isCarried) expect(Buffer.byteLength(JSON.stringify(inbox.rest()))).toBeLessThan(400_000);
  },
);
