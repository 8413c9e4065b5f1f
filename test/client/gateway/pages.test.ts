import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pages } from '../../../client/gateway/pages.ts';
import { useGateway } from './gateway.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-pages-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), '<!doctype html><title>Slipway</title>');
  await writeFile(join(directory, 'icon.svg'), '<svg/>');
  await writeFile(join(directory, 'assets', 'index-abc.js'), 'export {};');
  await writeFile(join(directory, '.made-of'), 'a hash');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const start = useGateway();
const gateway = () => start({}, [pages(directory)]).server;

describe('pages of the gateway', () => {
  it.each(['/', '/runs/release/shop/production/abc/1'])(
    'are sent to anybody, as they hold nothing: %s',
    async (url) => {
      const { statusCode, headers, body } = await gateway().inject(url);
      expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([
        ...[200, 'text/html; charset=utf-8', 'no-cache'],
      ]);
      expect(body).toContain('Slipway');
    },
  );

  it.each([
    ['/', '</v1/me>', '</v1/overview>'],
    ['/runs/release/shop/production/abc/1', '</v1/me>', '</v1/releases/release%2Fshop%2Fproduction%2Fabc%2F1>'],
    ['/runs/a%0d%0aset-cookie:%20b,%20%3Cc%3E', '</v1/me>', '</v1/releases/a%0D%0Aset-cookie%3A%20b%2C%20%3Cc%3E>'],
    ['/lanes/shop/production', '</v1/me>'],
  ])('name what they are going to ask, so that it is asked while they are read: %s', async (url, ...asked) => {
    const { headers } = await gateway().inject(url);
    expect(headers.link).toBe(asked.map((one) => `${one}; rel=preload; as=fetch; crossorigin`).join(', '));
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it('run nothing, show nothing and ask nothing that is not of this gateway, and stand in no frame', async () => {
    const { headers } = await gateway().inject('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  it('have parts that are kept for good, as their names change with what is in them', async () => {
    const { statusCode, headers } = await gateway().inject('/assets/index-abc.js');
    expect([statusCode, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
  });

  it.each([
    '/assets/nothing.js',
    '/assets/',
    '/assets/../.made-of',
    '/assets/..%2f.made-of',
    '/assets/%2e%2e/index.html',
  ])('are no way to other files: %s', async (url) => {
    const { statusCode, body } = await gateway().inject(url);
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(body).not.toMatch(/a hash|<title>/);
  });

  it('leave every other address to whoever is known', async () => {
    const server = gateway();
    for (const url of ['/v1/releases', '/nothing', '/.made-of', '/index.html'])
      expect((await server.inject(url)).statusCode).toBe(401);
  });
});
