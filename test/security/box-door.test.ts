import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDoor } from '../../activities/box/door.ts';

/** Both ends of the door are strangers: what is inside, and whatever answers outside. */
describe('the door of a box', () => {
  let directory: string;
  let door: { close(): Promise<void> } | undefined;
  let server: Server | undefined;
  const lines: string[] = [];
  const path = () => join(directory, 'door');

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-door-'));
    lines.length = 0;
  });
  afterEach(async () => {
    await door?.close();
    server?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const open = async (
    insideHosts: string[],
    resolve: (host: string) => Promise<string[]> = async () => ['127.0.0.1'],
  ) => {
    door = await openDoor(path(), { insideHosts, connections: 3, report: (line) => void lines.push(line), resolve });
  };
  /** A server that says these bytes, and where it is. */
  const answering = async (bytes: string): Promise<string> => {
    server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(bytes));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const ask = (url: string, headers: Record<string, string> = {}) =>
    new Promise<string>((done) => {
      const asked = request({ socketPath: path(), path: url, headers });
      asked.on('response', (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('error', () => done('broken'));
        response.on('end', () => done(`${response.statusCode} ${text}`));
      });
      asked.on('error', () => done('broken'));
      asked.end();
    });
  const say = async (bytes: string): Promise<string> => {
    const socket = connect(path());
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.on('error', () => {});
    socket.write(bytes);
    await once(socket, 'close');
    return text;
  };

  it('passes on what a named host answers, without the headers of a proxy', async () => {
    const host = await answering('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi');
    let got = '';
    server!.on('connection', (socket) => socket.on('data', (chunk) => (got += String(chunk))));
    await open([host]);
    expect(await ask(`http://${host}/a?b=c`, { 'proxy-authorization': 'Basic hunter22' })).toBe('200 hi');
    expect(got).toMatch(/^GET \/a\?b=c HTTP\/1\.1/);
    expect(got).not.toContain('hunter22');
    expect(lines).toEqual([`door: ${host}`]);
  });

  it.each([
    'HTTP/1.1 000 NOTHING\r\n\r\n',
    'HTTP/1.1 099 LESS\r\ncontent-length: 0\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    'no HTTP at all\r\n\r\n',
    '',
  ])('lives on when a server answers %j', async (bytes) => {
    const host = await answering(bytes);
    await open([host]);
    expect(await ask(`http://${host}/`)).toMatch(/^(broken|502 )/);
    expect(await ask('http://10.0.0.1/')).toBe('403 ');
  });

  it.each([
    ['GET / HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1\.1 403/],
    ['GET ftp://x/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', /^HTTP\/1\.1 403/],
    ['CONNECT  HTTP/1.1\r\n\r\n', /^$|^HTTP\/1\.1 40/],
    ['CONNECT nobody HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1\.1 403/],
    ['CONNECT user@10.0.0.1:443 HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1\.1 403/],
    ['CONNECT localhost.:443 HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1\.1 403/],
    ['CONNECT 017700000001:443 HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1\.1 403/],
    ['CONNECT outside.test:22 HTTP/1.1\r\nhost: x\r\n\r\n', /^HTTP\/1\.1 403/],
    ['\0\0\0\r\n\r\n', /^$/],
  ])('refuses %j', async (bytes, answer) => {
    await open([]);
    expect(await say(bytes.replace('host: x\r\n\r\n', 'host: x\r\nconnection: close\r\n\r\n'))).toMatch(answer);
  });

  it('never goes where a cloud tells of its machines, even by the name of a registry', async () => {
    await open(['registry.test', '169.254.169.254'], async () => ['169.254.169.254']);
    for (const host of ['registry.test', '169.254.169.254']) {
      expect(await say(`CONNECT ${host}:443 HTTP/1.1\r\nhost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 403/);
    }
  });
});
