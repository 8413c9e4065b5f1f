import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { GrpcEndpoint } from '../../domain/contract/release.ts';
import { inItsTime, type Ask, type Asking } from './asking.ts';
import { onConnection, secured } from './connection.ts';
import { healthRequest } from './health-message.ts';
import { judgeGrpc, type GrpcAnswer } from './judge-grpc.ts';

const bodyLimit = 64 * 1024;

/** One `grpc.health.v1.Health/Check`, on a new connection to the address that was judged (decision 80). */
export const askGrpc: Ask<GrpcEndpoint> = async (endpoint, asking) => {
  const answer = await inItsTime(asking, (stop) =>
    onConnection(endpoint.port, asking, stop, async (socket) => {
      const session = await http2On(socket, endpoint, asking, stop);
      try {
        return await checkHealth(session, endpoint, asking, stop);
      } finally {
        session.destroy();
      }
    }),
  );
  return 'httpStatus' in answer ? judgeGrpc(answer) : answer;
};

async function http2On(
  socket: Socket,
  { tls, port }: GrpcEndpoint,
  asking: Asking,
  stop: AbortSignal,
): Promise<ClientHttp2Session> {
  const carrier = tls ? await secured(socket, asking, stop, { mustBeTrusted: true, protocols: ['h2'] }) : socket;
  if ('alpnProtocol' in carrier && carrier.alpnProtocol !== 'h2')
    throw new Error('it speaks no HTTP/2, which gRPC needs');
  const authority = `${tls ? 'https' : 'http'}://${asking.host.hostname}:${port}`;
  return connect(authority, { createConnection: () => carrier, settings: { enablePush: false } });
}

function checkHealth(
  session: ClientHttp2Session,
  { service }: GrpcEndpoint,
  { timeoutMs }: Asking,
  stop: AbortSignal,
): Promise<GrpcAnswer> {
  const call = session.request(
    {
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      'grpc-timeout': `${timeoutMs}m`,
      'grpc-accept-encoding': 'identity',
      'user-agent': 'slipway-verification',
      te: 'trailers',
    },
    { signal: stop },
  );
  call.end(healthRequest(service));
  return answerTo(call, session);
}

function answerTo(call: ClientHttp2Stream, session: ClientHttp2Session): Promise<GrpcAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<GrpcAnswer>();
  const headers: IncomingHttpHeaders & { ':status'?: number } = {};
  const chunks: Buffer[] = [];
  let size = 0;
  for (const one of [session, call]) one.on('error', reject);
  call.on('response', (sent) => void Object.assign(headers, sent));
  // A refusal has no trailers: there, all of it is in the headers.
  call.on('trailers', (sent) => void Object.assign(headers, sent));
  call.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > bodyLimit) call.close(constants.NGHTTP2_CANCEL);
    else chunks.push(chunk);
  });
  call.on('close', () => {
    const { ':status': httpStatus } = headers;
    if (httpStatus === undefined) return reject(new Error('the connection was closed instead of an answer'));
    const [status, message] = [headers['grpc-status'], headers['grpc-message']].map((one) => one?.toString());
    resolve({ httpStatus, status, message, body: Buffer.concat(chunks), cut: size > bodyLimit });
  });
  return promise;
}
