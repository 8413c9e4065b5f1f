import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { addressKind } from '../../domain/addresses.ts';
import { addressesOf } from '../shared/strangers-names.ts';
import { isOutside } from './outside-address.ts';

export interface DoorOptions {
  /** `host` or `host:port` that may be inside. */
  insideHosts: readonly string[];
  connections: number;
  report: (line: string) => void;
  /** All addresses of a name. */
  resolve?: (host: string) => Promise<string[]>;
}

interface Target {
  host: string;
  port: number;
}

const ports = [80, 443];
const connectTimeoutMs = 30_000;
const idleTimeoutMs = 5 * 60_000;

/**
 * A proxy on a socket of the file system, through which a box reaches the public network and nothing else. It resolves names itself and
 * goes to the very address that it judged: a name that leads outside now and inside a moment later gains nothing. All that was asked is told.
 */
export async function openDoor(path: string, options: DoorOptions): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.setTimeout(idleTimeoutMs, () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((asked, answer) => {
    forward(asked, answer, options).catch(() => answer.destroy()); // both ends are strangers: what they say may be no HTTP
  });
  server.maxConnections = options.connections;
  server.on('connection', keep);
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('connect', (asked, socket, head) => {
    const client = socket as Socket;
    tunnel({ asked, client, head, keep }, options).catch(() => client.destroy());
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Tunnel {
  asked: IncomingMessage;
  client: Socket;
  head: Buffer;
  keep: (socket: Socket) => Socket;
}

/** CONNECT: bytes to and fro, whatever they are. */
async function tunnel({ asked, client, head, keep }: Tunnel, options: DoorOptions): Promise<void> {
  client.on('error', () => client.destroy());
  const target = targetOf(`http://${asked.url ?? ''}`, 443);
  const address = await judge(target, options);
  if (target === undefined || address === undefined) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  if (client.destroyed) return;
  const far = keep(connect({ host: address, port: target.port }));
  const timer = setTimeout(() => far.destroy(), connectTimeoutMs);
  far.on('connect', () => {
    clearTimeout(timer);
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    far.write(head);
    far.pipe(client).pipe(far);
  });
  far.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  far.on('close', () => (clearTimeout(timer), client.destroy()));
  client.on('close', () => far.destroy());
}

/** Plain HTTP, asked with the whole URL. */
async function forward(asked: IncomingMessage, answer: ServerResponse, options: DoorOptions): Promise<void> {
  const target = /^http:\/\//i.test(asked.url ?? '') ? targetOf(asked.url!, 80) : undefined;
  const address = await judge(target, options);
  if (target === undefined || address === undefined) return void answer.writeHead(403).end();
  const url = new URL(asked.url!);
  const { 'proxy-connection': _hop, 'proxy-authorization': _login, ...headers } = asked.headers;
  const far = request({
    host: address,
    port: target.port,
    method: asked.method,
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, host: url.host, connection: 'close' },
    timeout: idleTimeoutMs,
  });
  far.on('response', (response) => {
    try {
      answer.writeHead(response.statusCode ?? 502, response.headers);
    } catch {
      return void answer.destroy();
    }
    pipeline(response, answer, () => {}); // a broken end is told by the end
  });
  far.on('upgrade', (_response, socket) => {
    socket.destroy(); // nobody asked for another protocol
    answer.writeHead(502).end();
  });
  far.on('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
  far.on('timeout', () => far.destroy());
  answer.on('close', () => far.destroy());
  pipeline(asked, far, () => {});
}

function targetOf(text: string, port: number): Target | undefined {
  const url = URL.parse(text);
  if (!url || url.hostname === '') return undefined;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (text.endsWith(':80') ? 80 : port) : Number(url.port),
  };
}

/** The address to go to; undefined where nobody may. */
async function judge(target: Target | undefined, options: DoorOptions): Promise<string | undefined> {
  if (target === undefined) return void options.report('door: asked for no host');
  const shown = `${target.host}:${target.port}`;
  const found = await addressOf(target, options).catch(() => 'it has no address');
  if (isIP(found) !== 0) {
    options.report(`door: ${shown}`);
    return found;
  }
  options.report(`door: ${shown} refused: ${found}`);
  return undefined;
}

/** An address, or why there is none. */
async function addressOf({ host, port }: Target, options: DoorOptions): Promise<string> {
  const isInside =
    options.insideHosts.includes(`${host}:${port}`) || (port === 443 && options.insideHosts.includes(host));
  if (!isInside && !ports.includes(port)) return `only the ports ${ports.join(' and ')} are open`;
  const resolve = options.resolve ?? (isInside ? everyAddress : addressesOf);
  const addresses = isIP(host) === 0 ? await resolve(host) : [host];
  const [first] = addresses;
  if (first === undefined) return 'it has no address';
  // Not even where the operator named it.
  if (isInside) return addressKind(first) === 'cloud' ? 'it is where a cloud tells of its machines' : first;
  return addresses.every(isOutside) ? first : 'it is not on the public network';
}

/** As the machine itself does: the operator has named it. */
async function everyAddress(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}
