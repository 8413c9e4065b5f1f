/** A token as Temporal's server writes it (temporal/server/api/token/v1/message.proto): the fields that steps are told apart by, and others. */
export function aTaskToken({ runId, event, attempt = 1 }: { runId: string; event: number; attempt?: number }): Buffer {
  return Buffer.concat([
    text(1, 'namespace-id'),
    text(2, 'release/shop/production/a/1'),
    text(3, runId),
    number(4, event),
    number(5, attempt),
    text(6, '1'),
    text(8, 'applyComponent'),
    text(9, '\u0008\u0001'),
    number(10, event + 1 + attempt),
  ]);
}

function text(field: number, value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
