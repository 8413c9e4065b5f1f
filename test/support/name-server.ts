import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** What it answers about one name and type: data of records, that there are none, that there is no such name, that it is not well; or nothing. */
export type NameAnswer = Buffer[] | 'no record' | 'no name' | 'broken' | 'silence';

export interface NameServer {
  /** `address:port`. */
  address: string;
  /** `A shop.test`, in order. */
  asked: string[];
  close(): Promise<void>;
}

const types: Record<number, string> = { 1: 'A', 5: 'CNAME', 16: 'TXT', 28: 'AAAA' };
const codes = { 'no record': 0, broken: 2, 'no name': 3 };

/** A server of names (RFC 1035) on this machine, over UDP, that knows what it is told: `A shop.test` and its answer. */
export async function startNameServer(answers: Record<string, NameAnswer>): Promise<NameServer> {
  const asked: string[] = [];
  const server: Socket = createSocket('udp4', (question, from) => {
    const { name, type, end } = questionIn(question);
    const what = `${types[type] ?? type} ${name}`;
    asked.push(what);
    const answer = answers[what] ?? 'no name';
    if (answer === 'silence') return;
    const records = typeof answer === 'string' ? [] : answer;
    const header = Buffer.from(question.subarray(0, 12));
    header.writeUInt16BE(0x8180 | (typeof answer === 'string' ? codes[answer] : 0), 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt32BE(0, 8);
    const parts = [header, question.subarray(12, end), ...records.map((data) => recordOf(type, data))];
    server.send(Buffer.concat(parts), from.port, from.address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${server.address().port}`,
    asked,
    async close() {
      server.close();
      await once(server, 'close');
    },
  };
}

export const anA = (address: string) => Buffer.from(address.split('.').map(Number));
export const anAaaa = (groups: number[]) => Buffer.from(groups.flatMap((group) => [group >> 8, group & 255]));
export const aCname = (name: string) => Buffer.concat([...name.split('.').map(short), Buffer.from([0])]);
export const aTxt = (...parts: string[]) => Buffer.concat(parts.map(short));

function short(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
}

function recordOf(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function questionIn(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(message.subarray(at + 1, at + 1 + length).toString('latin1'));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}
