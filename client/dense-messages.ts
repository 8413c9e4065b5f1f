import { METADATA_ENCODING_KEY } from '@temporalio/common';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { unread } from '../domain/weight.ts';

/** Nothing of ours that is larger has so many parts: what steps and messages may hold at most has fewer (domain/weight.ts). */
const most = { bytes: 100_000, parts: 50_000 };

/**
 * JSON can be made so that it takes twenty times the memory once it is parsed, and a worker keeps what a run was told for as long as it remembers
 * the run. So what is both large and of very many parts is not parsed: a mark stands in its place, which is nothing that anybody expects.
 */
export const light: PayloadCodec = {
  encode: (payloads) => Promise.resolve(payloads),
  decode: (payloads) => Promise.resolve(payloads.map((payload) => (isDense(payload) ? mark : payload))),
};

const mark: Payload = {
  metadata: { [METADATA_ENCODING_KEY]: Buffer.from('json/plain') },
  data: Buffer.from(JSON.stringify(unread)),
};

/** A comma, and what begins a list or a map: also those within texts, of which ours have few. */
const beginsPart = new Set([...',[{'].map((mark) => mark.charCodeAt(0)));

function isDense({ data }: Payload): boolean {
  if (!data || data.length <= most.bytes) return false;
  let parts = 0;
  for (const byte of data) if (beginsPart.has(byte)) parts += 1;
  return parts > most.parts;
}
