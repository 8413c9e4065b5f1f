import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { light } from '../../client/dense-messages.ts';
import { dataConverter } from '../../client/whole-characters.ts';
import { unread, weigh } from '../../domain/weight.ts';

const read = async (payload: Payload) => {
  const codecs = [...dataConverter.payloadCodecs!].reverse();
  let payloads = [payload];
  for (const codec of codecs) payloads = await codec.decode(payloads);
  return defaultPayloadConverter.fromPayload(payloads[0]!);
};
const json = (text: string): Payload => ({
  metadata: { encoding: Buffer.from('json/plain') },
  data: Buffer.from(text),
});
const list = (part: string, count: number) => `[${Array.from({ length: count }, () => part).join(',')}]`;

describe('what comes from Temporal, large and of very many parts', () => {
  it.each([
    ['maps', list('{}', 60_000)],
    ['lists', list('[]', 60_000)],
    ['numbers', list('1', 100_000)],
    ['maps in maps', list('{"a":{}}', 60_000)],
  ])('is not parsed: %s', async (_what, text) => {
    expect(await read(json(text))).toBe(unread);
  });

  it('weighs more than anything may, wherever it stands', () => {
    expect(weigh([{ answer: unread }])).toBe('it has more parts than are read');
  });

  it.each([
    ['small', list('{}', 30_000)],
    ['a long text', JSON.stringify('x'.repeat(1_500_000))],
    ['a text with commas', JSON.stringify('well, '.repeat(40_000))],
    ['what a large shop has', list('{"component":"core","region":"de","phase":"verified"}', 10_000)],
  ])('is read where it is %s', async (_what, text) => {
    expect(await read(json(text))).toEqual(JSON.parse(text));
  });

  it('is written as it is', async () => {
    const payload = json(list('{}', 60_000));
    expect(await light.encode([payload])).toEqual([payload]);
  });
});
