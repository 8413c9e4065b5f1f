import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { sendEvents } from '../../../client/gateway/event-stream.ts';
import type { Watching } from '../../../client/gateway/watching.ts';

/** A run that is over, with these events to be told. */
function overWith(texts: string[]): Watching {
  const after = (nth: number) => (nth < texts.length ? { nth: nth + 1, text: texts[nth] } : undefined);
  return { isOver: true, isStopped: false, placeOf: () => 0, after, watch: () => () => {} } as unknown as Watching;
}

describe('a stream whose run is over', () => {
  it('is sent to its end to whoever takes it slowly: nothing is cut off that is on its way', async () => {
    const answer = new PassThrough({ highWaterMark: 32 });
    const texts = Array.from({ length: 5 }, (_, n) => `data: ${n} ${'.'.repeat(40)}\n\n`);
    sendEvents({
      answer: answer as unknown as ServerResponse,
      watching: overWith(texts),
      lastId: undefined,
      isKnown: async () => true,
      aliveMs: 600_000,
      sendMs: 600_000,
    });
    expect(await text(answer)).toBe([': alive\n\n', ...texts].join(''));
  });
});
