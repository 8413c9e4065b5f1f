import { METADATA_ENCODING_KEY } from '@temporalio/common';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { isDenseJson } from '../activities/shared/json-parts.ts';
import { ofStep } from '../domain/weight.ts';

/** Nothing of ours that is larger has so many parts: half as many again as a step or a run may be given. Empty ones count twice here; few of ours are empty. */
const mostParts = 1.5 * ofStep.values;

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

function isDense({ data }: Payload): boolean {
  return data !== null && data !== undefined && isDenseJson(data, mostParts);
}
