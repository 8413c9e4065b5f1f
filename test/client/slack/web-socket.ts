import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll } from '@jest/globals';

/** What Slack is at the other end of a connection of Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode */
export interface TestSocket {
  url: string;
  /** How many connections have been made. */
  made: number;
  /** What came from the gateway, in order. */
  came: { envelope_id: string; payload: Record<string, unknown> }[];
  /** Sends that to the newest connection. */
  send(what: unknown): void;
  /** Breaks it off, as a network does. */
  breakOff(): void;
}

/** Frames of text of less than 64 kB, without extensions: RFC 6455. */
export function useSocket(): TestSocket {
  const server = createServer();
  const open = new Set<Duplex>();
  let newest: Duplex | undefined;
  const socket: TestSocket = {
    url: '',
    made: 0,
    came: [],
    send: (what) => void newest?.write(frame(0x1, Buffer.from(JSON.stringify(what)))),
    breakOff: () => void newest?.destroy(),
  };
  server.on('upgrade', ({ headers }, stream: Duplex) => {
    const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    stream.write(
      `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept.digest('base64')}\r\n\r\n`,
    );
    open.add(stream);
    stream.on('close', () => open.delete(stream));
    stream.on('error', () => {});
    let rest: Buffer = Buffer.alloc(0);
    stream.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let read = readFrame(rest); read; read = readFrame(rest)) {
        rest = rest.subarray(read.length);
        if (read.kind === 0x1) socket.came.push(JSON.parse(read.data.toString('utf8')) as TestSocket['came'][number]);
        if (read.kind === 0x9) stream.write(frame(0xa, read.data));
        if (read.kind === 0x8) stream.end(frame(0x8, read.data));
      }
    });
    newest = stream;
    socket.made += 1;
    socket.send({ type: 'hello', num_connections: 1 });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    socket.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(async () => {
    for (const stream of open) stream.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return socket;
}

function frame(kind: number, data: Buffer): Buffer {
  const head =
    data.length < 126
      ? Buffer.from([0x80 | kind, data.length])
      : Buffer.from([0x80 | kind, 126, data.length >> 8, data.length & 0xff]);
  return Buffer.concat([head, data]);
}

/** Of a client, masked; undefined while it is not all there. */
function readFrame(bytes: Buffer): { kind: number; data: Buffer; length: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes[1]! & 0x7f;
  const at = short === 126 ? 4 : 2;
  if (bytes.length < at) return undefined;
  const size = short === 126 ? bytes.readUInt16BE(2) : short;
  const length = at + 4 + size;
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(at, at + 4);
  const data = Buffer.from(bytes.subarray(at + 4, length).map((byte, n) => byte ^ mask[n % 4]!));
  return { kind: bytes[0]! & 0xf, data, length };
}
