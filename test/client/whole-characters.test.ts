import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { dataConverter, wholeCharacters } from '../../client/whole-characters.ts';

const mark = '\ufffd';
const [codec] = dataConverter.payloadCodecs!;

describe('JSON with halves of characters', () => {
  it.each([
    ['a first half', String.raw`"\ud83d"`, mark],
    ['a first half in capitals', String.raw`"\uD83D!"`, `${mark}!`],
    ['a second half', String.raw`"a\udE00"`, `a${mark}`],
    ['two first halves before a second one', String.raw`"\ud83d\ud83d\ude00"`, `${mark}😀`],
    ['the halves the wrong way round', String.raw`"\ude00\ud83d"`, mark + mark],
    ['a half before what looks like the other', String.raw`"\ud83d\\ude00"`, `${mark}\\ude00`],
    ['a key', String.raw`{"\ud83d":["\udfff"]}`, { [mark]: [mark] }],
    ['a whole character', String.raw`"\ud83d\ude00"`, '😀'],
    ['what only looks like an escape', String.raw`"\\ud83d"`, '\\ud83d'],
    ['the same behind a backslash', String.raw`"\\\ud83d"`, `\\${mark}`],
    ['other escapes', String.raw`"\u0000\u00e9\"\n\ue000"`, '\0é"\n\ue000'],
  ])('is read with a mark in their place: %s', (_, json, value) => {
    expect(JSON.parse(wholeCharacters(json))).toEqual(value);
  });
});

describe('what comes from Temporal', () => {
  const read = async (data: Uint8Array, encoding = Buffer.from('json/plain')) =>
    defaultPayloadConverter.fromPayload((await codec!.decode([{ metadata: { encoding }, data }]))[0]!);
  const half = Buffer.from([0xed, 0xa0, 0xbd]);

  it('is whole, however half of a character was said', async () => {
    expect(await read(Buffer.from(String.raw`"\ud83d"`))).toBe(mark);
    expect(await read(Buffer.concat([Buffer.from('"'), half, Buffer.from('"')]))).toBe(mark.repeat(3));
    expect(await read(Buffer.from('"😀 naïve"'))).toBe('😀 naïve');
  });

  it('is refused in whole characters where it is in no encoding that anybody knows', async () => {
    await expect(read(Buffer.from('1'), half)).rejects.toThrow(`Unknown encoding: ${mark.repeat(3)}`);
  });

  it('is what it was, where it is no JSON', async () => {
    expect(await read(half, Buffer.from('binary/plain'))).toEqual(new Uint8Array(half));
    expect(await codec!.decode([{ metadata: { encoding: Buffer.from('binary/null') } }])).toEqual([
      { metadata: { encoding: Buffer.from('binary/null') } },
    ]);
  });

  it('is sent as it always was', async () => {
    const payload = defaultPayloadConverter.toPayload({ text: 'é 😀' });
    expect(await codec!.encode([payload])).toEqual([payload]);
  });
});
