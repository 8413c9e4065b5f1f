import { describe, expect, it } from '@jest/globals';
import { roomFor } from '../../../client/gateway/evidence-room.ts';

describe('the room in an evidence file', () => {
  it('takes what fits, and names what does not', async () => {
    const room = roomFor({ bytes: 20, parts: 100 });
    expect(await room.take('first', 'x'.repeat(8))).toBe('x'.repeat(8));
    expect(await room.take('second', 'x'.repeat(8))).toBeUndefined();
    expect(await room.take('third', 'x')).toBe('x');
    expect(room.missing).toEqual([{ what: 'second', why: expect.stringContaining('24 MB at most') }]);
  });

  it('takes of several the first, and none behind one that does not fit', async () => {
    const room = roomFor({ bytes: 20, parts: 100 });
    expect(await room.takeFirst('rows', ['a', 'b', 'x'.repeat(50), 'c'])).toEqual(['a', 'b']);
    expect(room.missing.map(({ what }) => what)).toEqual(['rows: 2 of 4']);
  });

  it('counts what a reader would make of it, too', async () => {
    const room = roomFor({ bytes: 1_000, parts: 10 });
    expect(
      await room.take(
        'many',
        Array.from({ length: 50 }, () => 0),
      ),
    ).toBeUndefined();
    expect(await room.take('few', [0, 0])).toEqual([0, 0]);
  });
});
