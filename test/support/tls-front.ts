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
  /** The authority that signed its certificate. */
  caFile: string;
  /** The authorization of each call, in order. */
  authorizations: (string | undefined)[];
  close(): Promise<void>;
}

export async function startTlsFront(directory: string, target: string): Promise<TlsFront> {
  const { caFile, cert, key } = await certificates(directory);
  const upstream = connect(`http://${target}`);
  const sessions = new Set<ServerHttp2Session>();
  const authorizations: TlsFront['authorizations'] = [];
  const server = createSecureServer({ cert, key });
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
    caFile,
    authorizations,
    async close() {
      for (const session of sessions) session.destroy();
      upstream.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function certificates(directory: string): Promise<{ caFile: string; cert: Buffer; key: Buffer }> {
  const file = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => run('openssl', args);
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-x509'];
  await openssl('req', ...fresh, '-subj', '/CN=test-authority', '-keyout', file('ca.key'), '-out', file('ca.pem'));
  const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-addext', 'subjectAltName=DNS:localhost'];
  const leaf = [...signed, '-addext', 'basicConstraints=critical,CA:FALSE', '-subj', '/CN=localhost'];
  await openssl('req', ...fresh, ...leaf, '-keyout', file('server.key'), '-out', file('server.pem'));
  return { caFile: file('ca.pem'), cert: await readFile(file('server.pem')), key: await readFile(file('server.key')) };
}
