import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface MailServer {
  url: string;
  /** Headers by their names in lower case, unfolded. */
  received: { from: string; to: string[]; headers: Map<string, string>; text: string }[];
  /** What to answer to the next mails, in order; then each is taken. */
  answers: number[];
  /** Whose mail is not taken. */
  unknown: Set<string>;
  close(): Promise<void>;
}

/** A real SMTP server on loopback, without TLS. */
export async function aMailServer(): Promise<MailServer> {
  const received: MailServer['received'] = [];
  const answers: number[] = [];
  const unknown = new Set<string>();
  const refused = (responseCode: number) => Object.assign(new Error('said too much'), { responseCode });
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, callback) => callback(unknown.has(address) ? refused(550) : null),
    onData(stream, { envelope: { mailFrom, rcptTo } }, callback) {
      void text(stream).then((mail) => {
        const answer = answers.shift();
        if (answer !== undefined) return callback(refused(answer));
        const from = mailFrom === false ? '' : mailFrom.address;
        received.push({ from, to: rcptTo.map(({ address }) => address), ...partsOf(mail) });
        callback(null);
      });
    },
  });
  // Of clients that break off.
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    received,
    answers,
    unknown,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function partsOf(mail: string) {
  const lines = mail.replaceAll('\r\n', '\n');
  const end = lines.indexOf('\n\n');
  const unfolded = lines.slice(0, end).replaceAll(/\n[ \t]+/g, ' ');
  const headers = new Map(
    unfolded.split('\n').map((line): [string, string] => {
      const [name, ...value] = line.split(': ');
      return [name!.toLowerCase(), value.join(': ')];
    }),
  );
  const body = lines.slice(end + 2);
  return { headers, text: headers.get('content-transfer-encoding') === 'quoted-printable' ? decoded(body) : body };
}

function decoded(body: string): string {
  const joined = body.replaceAll('=\n', '');
  const bytes = joined.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
