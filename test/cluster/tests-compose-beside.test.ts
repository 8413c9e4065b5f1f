import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { judgeCompose } from '../../activities/tests/compose-rules.ts';
import { createComposeTests } from '../../activities/tests/compose-tests.ts';

/** What stands beside a compose file, or in it, and is read by Compose otherwise than here. Needs a Compose; no daemon. */

const image = `registry.test/core@sha256:${'1'.repeat(64)}`;
const written: string[] = [];
let directory: string;
const daemon = { asked: [] as string[], binds: [] as string[] };
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => (body += String(part)));
  request.on('end', () => {
    const url = (request.url ?? '').replace(/^\/v[\d.]+/, '');
    daemon.asked.push(`${request.method} ${url}`);
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (url.startsWith('/version')) return send(200, { ApiVersion: '1.41', MinAPIVersion: '1.12', Version: '20.10.0' });
    if (url.startsWith('/containers/create')) {
      const { HostConfig } = JSON.parse(body) as { HostConfig?: { Binds?: string[] } };
      daemon.binds.push(...(HostConfig?.Binds ?? []));
      return send(500, { message: 'seen enough' });
    }
    if (url.startsWith('/networks/create')) return send(201, { Id: 'n' });
    if (url.startsWith('/networks/')) return send(404, { message: 'no such network' });
    if (url.startsWith('/images/')) return send(200, { Id: 'sha256:aa', Config: {}, ContainerConfig: {} });
    return send(200, url.startsWith('/info') ? { ID: 'x' } : []);
  });
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'compose-beside-'));
  daemon.asked = [];
  daemon.binds = [];
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
  if (server.listening) await new Promise((resolve) => server.close(resolve));
});

const address = () => `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function tests(files: Record<string, string>, dockerHost: string): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const request = {
    ...{ directory, composeFile: 'compose.yaml', service: 'tests', reports: [], timeoutMs: 20_000 },
    ...{ allowedImages: [], images: { core: image }, project: 'slipway-beside' },
  };
  const progress = { signal: new AbortController().signal, report: () => undefined };
  await createComposeTests({ dockerHost })
    .run(request as never, progress as never)
    .catch((error: unknown) => written.push(String(error)));
}

/** A docker client with a daemon that has nothing, and without Compose: that is `docker-compose` then. */
async function aClientThatFindsNothing(): Promise<string> {
  await writeFile(join(directory, 'docker'), '#!/bin/sh\ntest "$1" != compose\n');
  await chmod(join(directory, 'docker'), 0o755);
  return directory;
}

const compose = (more = '') => `version: "3"\nservices:\n  tests:\n    image: \${CORE_IMAGE}\n${more}`;
const windows = 'COMPOSE_FORCE_WINDOWS_HOST=1\nCOMPOSE_CONVERT_WINDOWS_PATHS=1\n';

describe('a repository beside whose compose file there is an .env', () => {
  it('does not choose the daemon', async () => {
    const { DOCKER_HOST: before, PATH: path } = process.env;
    delete process.env['DOCKER_HOST'];
    process.env['PATH'] = `${await aClientThatFindsNothing()}:${path}`;
    try {
      await tests({ 'compose.yaml': compose(), '.env': `DOCKER_HOST=${address()}\n` }, undefined as never);
    } finally {
      if (before !== undefined) process.env['DOCKER_HOST'] = before;
      process.env['PATH'] = path;
    }
    expect(written.at(-1)).toMatch(/bin\/docker-compose|cannot connect to the docker daemon/i); // Compose itself has looked for a daemon
    expect(daemon.asked).toEqual([]);
  });

  it('mounts nothing of the machine of the daemon', async () => {
    const mount = '    volumes: ["c:../..:/host"]\n';
    await tests({ 'compose.yaml': compose(mount), '.env': windows }, address());
    expect(daemon.binds).toEqual([]);
  });
});

describe('a compose file', () => {
  const refusedOf = (service: object, more: object = {}) =>
    judgeCompose({ services: { tests: { image, ...service } }, ...more }).refused;

  it.each(['c:../..:/host', 'c:/../etc:/host', 'c:etc:/host'])('mounts no drive: %s', (volume) => {
    const found = judgeCompose({ services: { tests: { image, volumes: [volume] } } });
    expect([...found.refused, ...found.paths]).not.toEqual([]);
  });

  it('gives its networks no addresses: they would be routes of the machine of the daemon', () => {
    const ipam = { config: [{ subnet: '203.0.113.0/28' }] };
    expect(refusedOf({}, { networks: { default: { ipam } } })).not.toEqual([]);
  });
});
