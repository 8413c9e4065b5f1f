import { METADATA_ENCODING_KEY } from '@temporalio/common';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { ofStep } from '../domain/weight.ts';

/** Nothing of ours that is larger has so many parts: half as many again as a step or a run may be given. Empty ones count twice here; few of ours are empty. */
const most = { bytes: 100_000, parts: 1.5 * ofStep.values };

/**
 * JSON can be made so that it takes twenty times the memory once it is parsed, and a worker keeps what a run was told for as long as it remembers
 * the run. So what is both large and of very many parts is not parsed: it is read as null, which nobody of ours sends, and nobody expects.
 */
export const light: PayloadCodec = {
  encode: (payloads) => Promise.resolve(payloads),
  decode: (payloads) => Promise.resolve(payloads.map((payload) => (isDense(payload) ? nothing : payload))),
};

const nothing: Payload = {
  metadata: { [METADATA_ENCODING_KEY]: Buffer.from('json/plain') },
  data: Buffer.from('null'),
};

const [quote, escape] = [0x22, 0x5c];
/** A comma, and what begins a list or a map. */
const beginsPart = new Set([...',[{'].map((mark) => mark.charCodeAt(0)));

function isDense({ data }: Payload): boolean {
  return data !== null && data !== undefined && data.length > most.bytes && partsOf(data) > most.parts;
}

/** Of JSON: what is in texts is no part. */
function partsOf(json: Uint8Array): number {
  let parts = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]!;
    if (byte === quote) isText = !isText;
    else if (isText && byte === escape) at += 1;
    else if (!isText && beginsPart.has(byte)) parts += 1;
  }
  return parts;
}
