import { createHash } from 'node:crypto';

/** The numbers of the fields of Temporal's task token (temporal/server/api/token/v1/message.proto, Task). */
const runIdField = 3;
const scheduledEventField = 4;

/**
 * What tells one scheduled step from all others, and its tries not from each other: the run and the event by which the server has scheduled
 * it, as the server wrote them into the token of the try. Ids of activities are chosen by whoever writes the workflow, and may come again.
 * Where a token is written otherwise, each try is a step of its own: two effects never get the same name.
 */
export function numberOfStep(token: Uint8Array): string {
  const fields = fieldsOf(Buffer.from(token));
  const [runId, event] = [fields.get(runIdField), fields.get(scheduledEventField)];
  const isKnown = typeof runId === 'string' && /^[0-9a-f-]{36}$/.test(runId) && typeof event === 'number' && event > 0;
  return isKnown ? `${runId}/${event}` : createHash('sha256').update(token).digest('hex');
}

type Fields = Map<number, string | number>;

/** Texts and whole numbers of a protobuf message; nothing, where it is none. */
function fieldsOf(message: Buffer): Fields {
  const fields: Fields = new Map();
  for (let at = 0; at < message.length;) {
    const tag = varintAt(message, at);
    const value = tag && varintAt(message, tag.next);
    if (!tag || !value) return new Map();
    const [field, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    if (wire === 0) {
      fields.set(field, value.value);
      at = value.next;
    } else if (wire === 2 && value.next + value.value <= message.length) {
      at = value.next + value.value;
      fields.set(field, message.toString('utf8', value.next, at));
    } else return new Map();
  }
  return fields;
}

function varintAt(message: Buffer, from: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let at = from, factor = 1; at < message.length && factor < Number.MAX_SAFE_INTEGER; at += 1, factor *= 128) {
    const byte = message[at]!;
    value += (byte % 128) * factor;
    if (byte < 128) return { value, next: at + 1 };
  }
  return undefined;
}
