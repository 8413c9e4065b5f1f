import { expect, it } from '@jest/globals';
import type { EvidenceSeal, Shipped } from '../../../activities/records/port.ts';
import { Shipping } from '../../../client/gateway/shipping.ts';

it('what the records have said before they were away is told with that they are', async () => {
  const answers: Shipped[] = [{ came: 'sent', strange: [7] }];
  const shipNext = async () => {
    const answer = answers.shift();
    if (!answer) throw new Error('the records are away');
    return answer;
  };
  const destination = { name: 'log', send: () => Promise.resolve() };
  const parts = { records: { chainEnds: { shipNext } }, seal: {} as EvidenceSeal, now: () => 0, limitMs: 1_000 };
  await expect(new Shipping(destination, parts).all()).rejects.toThrow(
    /^statement 7 on record no gateway has signed.*; the records are away$/,
  );
});
