import { isUtf8 } from 'node:buffer';
import { METADATA_ENCODING_KEY } from '@temporalio/common';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import { light } from './dense-messages.ts';

/** An escape of JSON; in a group of its own where it is half of a character, and the other half does not follow. */
const escapes = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(u[dD][89a-fA-F][\da-fA-F]{2})|[^])/g;

/** The same JSON with the mark for what could not be read (U+FFFD) in place of each half of a character, in keys as in values. */
export function wholeCharacters(json: string): string {
  return json.replaceAll(escapes, (escape, half: string | undefined) => (half === undefined ? escape : '\\ufffd'));
}

/**
 * Whoever has access to Temporal sends what they like, also half of a character: JSON carries it as an escape, UTF-8 cannot say it. A workflow
 * that answers with it, in the id of whom it signals or in why it refuses, has the SDK's core shut its worker down, and then the next worker that
 * is given the task (temporalio/sdk-core reads the answer as protobuf, whose strings are UTF-8). So every payload is made whole as it is read,
 * before workflows, steps or clients see it. What is written stays as it is.
 */
const whole: PayloadCodec = {
  encode: (payloads) => Promise.resolve(payloads),
  decode: (payloads) => Promise.resolve(payloads.map(madeWhole)),
};

/** For every client and every worker of ours. What comes is read by the last of them first. */
export const dataConverter: DataConverter = { payloadCodecs: [whole, light] };

function madeWhole(payload: Payload): Payload {
  const { data, metadata } = payload;
  const encoding = wholeBytes(metadata?.[METADATA_ENCODING_KEY]);
  // An encoding that nobody knows is named in the refusal.
  const named = encoding ? { ...payload, metadata: { ...metadata, [METADATA_ENCODING_KEY]: encoding } } : payload;
  if (!data || encoding?.toString() !== 'json/plain') return named;
  const json = wholeBytes(data)!;
  // Most has no such escape, and is not read twice.
  return { ...named, data: json.includes('\\u') ? Buffer.from(wholeCharacters(json.toString())) : json };
}

/** What is no UTF-8 becomes the same mark: the SDK's own reader takes some of it for half of a character. */
function wholeBytes(bytes: Uint8Array | null | undefined): Buffer | undefined {
  if (!bytes) return undefined;
  const same = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(same) ? same : Buffer.from(same.toString());
}
