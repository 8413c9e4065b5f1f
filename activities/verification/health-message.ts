/**
 * The two messages of `grpc.health.v1.Health/Check`, as gRPC sends them: a byte that says whether it is compressed, four for the length, and
 * the message. https://github.com/grpc/grpc-proto/blob/master/grpc/health/v1/health.proto
 */

/** `HealthCheckRequest { string service = 1; }`; empty, it is the server as a whole. */
export function healthRequest(service = ''): Buffer {
  const name = Buffer.from(service, 'utf8');
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

const statuses = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** The status of `HealthCheckResponse { ServingStatus status = 1; }`; undefined for what is none. */
export function servingStatus(body: Buffer): string | undefined {
  if (body.length < 5 || body[0] !== 0 || body.readUInt32BE(1) !== body.length - 5) return undefined;
  const message = body.subarray(5);
  let status = 0;
  for (let at = 0; at < message.length;) {
    const field = fieldAt(message, at);
    if (!field) return undefined;
    if (field.number === 1 && field.value !== undefined) status = field.value;
    at = field.end;
  }
  return statuses[status] ?? `status ${status}`;
}

/** `value`: of one that is a number. */
interface Field {
  number: number;
  value?: number;
  end: number;
}

/** A field that nobody here knows is passed over, as a newer server may send one. */
function fieldAt(message: Buffer, at: number): Field | undefined {
  const tag = varintAt(message, at);
  const next = tag && varintAt(message, tag.end);
  if (!tag) return undefined;
  const number = Math.floor(tag.value / 8);
  const lengths: Record<number, number | undefined> = {
    0: next && next.end - tag.end,
    1: 8,
    2: next && next.end - tag.end + next.value,
    5: 4,
  };
  const length = lengths[tag.value % 8];
  if (length === undefined || tag.end + length > message.length) return undefined;
  return { number, end: tag.end + length, ...(tag.value % 8 === 0 && { value: next!.value }) };
}

function varintAt(message: Buffer, at: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let index = 0; index < 10; index += 1) {
    const byte = message[at + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, end: at + index + 1 };
  }
  return undefined;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];
}
