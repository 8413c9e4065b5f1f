import { request } from 'node:http';
import type { Agent, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Where a request goes. */
export interface Target {
  host: string;
  port: number;
  /** What the request's path is put behind. */
  prefix: string;
  headers: OutgoingHttpHeaders;
}

/** No connection came about, so no pod has seen the request and another one may have it. */
export class NotDelivered extends Error {}

const CONNECT_WITHIN_MS = 1_000; // the address of a pod that is gone answers nothing at all
const ANSWER_WITHIN_MS = 30_000;
const LARGEST_BODY = 10 * 1024 * 1024;

/** Reads a request's body, so that it can be sent again. */
export async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Error(`this small ingress takes bodies of at most ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Sends a request on and streams the answer back. Rejects with NotDelivered when it may be tried elsewhere, and with another error when the pod broke off before it answered. */
export function forward(
  agent: Agent,
  to: Target,
  incoming: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers: OutgoingHttpHeaders = {
      ...incoming.headers,
      'x-forwarded-proto': 'http',
      ...to.headers,
      connection: 'close',
    };
    delete headers['transfer-encoding'];
    if (body.length > 0) headers['content-length'] = body.length;
    let connected = false;
    const path = `${to.prefix}${incoming.url ?? '/'}`;
    const sent = request(
      { agent, host: to.host, port: to.port, method: incoming.method, path, headers, timeout: ANSWER_WITHIN_MS },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, {
          ...response.headers,
          connection: 'keep-alive',
          'x-served-by': `${to.host}:${to.port}`,
        });
        response.pipe(outgoing);
        response.on('end', resolve);
        response.on('error', reject);
      },
    );
    const hurry = setTimeout(
      () => sent.destroy(new Error(`no connection within ${CONNECT_WITHIN_MS} ms`)),
      CONNECT_WITHIN_MS,
    );
    sent.on('socket', (socket) =>
      socket.once('connect', () => {
        connected = true;
        clearTimeout(hurry);
      }),
    );
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`)));
    sent.on('error', (error) => {
      clearTimeout(hurry);
      reject(connected ? error : new NotDelivered(error.message));
    });
    outgoing.on('close', () => sent.destroy());
    sent.end(body);
  });
}
