import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { light } from '../../client/dense-messages.ts';
import { dataConverter } from '../../client/whole-characters.ts';
import { ofRun, weigh } from '../../domain/weight.ts';

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
    ['maps', list('{}', 80_000)],
    ['lists', list('[]', 80_000)],
    ['numbers', list('1', 151_000)],
    ['maps in maps', list('{"a":{}}', 60_000)],
    ['maps behind a text that ends with an escape', `["\\\\\\"",${list('{}', 80_000)}]`],
  ])('is not parsed: %s', async (_what, text) => {
    expect(await read(json(text))).toBeNull();
  });

  it.each([
    ['small', list('{}', 30_000)],
    ['a long text', JSON.stringify('x'.repeat(1_500_000))],
    ['texts with commas, brackets and escapes', JSON.stringify(['well, [{"'.repeat(160_000), '\\\\'])],
    ['what a large shop has', list('{"component":"core","region":"de","phase":"verified","checks":[]}', 12_000)],
  ])('is read where it is %s', async (_what, text) => {
    expect(await read(json(text))).toEqual(JSON.parse(text));
  });

  it('is more than any run that goes on as new carries', async () => {
    const heaviest = Array.from({ length: ofRun.values - 2 }, () => 0);
    expect(weigh([heaviest], ofRun)).toBeUndefined();
    expect(await read(json(JSON.stringify(heaviest)))).toHaveLength(ofRun.values - 2);
  });

  it('is written as it is', async () => {
    const payload = json(list('{}', 80_000));
    expect(await light.encode([payload])).toEqual([payload]);
  });
});
