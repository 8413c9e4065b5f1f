import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, constants, createSecureServer } from 'node:http2';
import type { IncomingHttpHeaders, ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { run } from '../../lab/kubernetes/command.ts';

/** A server with TLS and API keys, as hosted ones are, in front of one that has neither. */
export interface TlsFront {
  /** `localhost:port` */
  address: string;
  /** The authority that signed its certificate, and those of its clients. */
  caFile: string;
  /** Of a client. */
  certFile: string;
  keyFile: string;
  /** The authorization of each call, in order. */
  authorizations: (string | undefined)[];
  close(): Promise<void>;
}

/** `asksClients`: for a certificate, as those do that know their callers by it. */
export async function startTlsFront(
  directory: string,
  target: string,
  { asksClients = false } = {},
): Promise<TlsFront> {
  const { ca, cert, key, ...files } = await certificates(directory);
  const upstream = connect(`http://${target}`);
  const sessions = new Set<ServerHttp2Session>();
  const authorizations: TlsFront['authorizations'] = [];
  const server = createSecureServer({
    cert,
    key,
    ...(asksClients && { ca, requestCert: true, rejectUnauthorized: true }),
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, headers) => {
    authorizations.push(headers.authorization);
    const { ':authority': _authority, ':scheme': _scheme, ...rest } = headers;
    const call = upstream.request(rest, { endStream: false });
    let trailers: IncomingHttpHeaders = {};
    call.on('response', (answer: IncomingHttpHeaders, flags: number) => {
      // A refusal is headers alone: with trailers after it, its status would not be heard.
      const isAll = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.respond(answer, isAll ? { endStream: true } : { waitForTrailers: true });
    });
    call.on('trailers', (sent: IncomingHttpHeaders) => {
      trailers = sent;
    });
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    // A caller that goes away in the middle is not the front's business.
    for (const half of [stream, call]) half.on('error', () => half.close());
    stream.pipe(call).pipe(stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `localhost:${(server.address() as AddressInfo).port}`,
    ...files,
    authorizations,
    async close() {
      for (const session of sessions) session.destroy();
      upstream.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function certificates(directory: string) {
  const file = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => run('openssl', args);
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-x509'];
  await openssl('req', ...fresh, '-subj', '/CN=test-authority', '-keyout', file('ca.key'), '-out', file('ca.pem'));
  const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-addext', 'subjectAltName=DNS:localhost'];
  const leaf = [...signed, '-addext', 'basicConstraints=critical,CA:FALSE', '-subj', '/CN=localhost'];
  for (const who of ['server', 'client'])
    await openssl('req', ...fresh, ...leaf, '-keyout', file(`${who}.key`), '-out', file(`${who}.pem`));
  const [ca, cert, key] = await Promise.all(['ca.pem', 'server.pem', 'server.key'].map((name) => readFile(file(name))));
  return { caFile: file('ca.pem'), certFile: file('client.pem'), keyFile: file('client.key'), ca, cert, key };
}
