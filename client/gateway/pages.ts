import fastifyStatic from '@fastify/static';
import { join } from 'node:path';
import type { MoreDoor } from './more-doors.ts';

/** What a page may do: run and show what comes from here, and ask here. Nothing inline, nothing from anybody else, in no other page's frame. */
const may = [
  "default-src 'none'",
  ...['script-src', 'style-src', 'img-src', 'connect-src'].map((what) => `${what} 'self'`),
  ...["base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"],
].join('; ');

const headers = {
  'content-security-policy': may,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** Where pages are: each is the same file, which shows what its address names. `first`: what it is going to ask first, beside who looks. */
const addresses: readonly { path: string; first?: (named: string) => string }[] = [
  { path: '/', first: () => '/v1/overview' },
  { path: '/runs/*', first: (run) => `/v1/releases/${encodeURIComponent(run)}` },
  ...['/releases', '/compare', '/lanes', '/lanes/*', '/insights', '/audit'].map((path) => ({ path })),
];

/** Browsers ask for it while they still read the script that is going to: whoever opens a page waits for one after the other less. */
const askedFirst = (paths: readonly string[]) =>
  paths.map((path) => `<${path}>; rel=preload; as=fetch; crossorigin`).join(', ');

/**
 * The dashboard: files that were built once, the same for everybody. They hold nothing that anybody must not see; what they show, they ask for,
 * as whoever has logged in. `directory`: as the build leaves it.
 */
export function pages(directory: string): MoreDoor {
  return (server) =>
    void server.register(async (scope) => {
      scope.addHook('onRoute', (route) => void (route.config = { ...route.config, ownDoor: true }));
      // What sends a file listens for the end of the answer in many places.
      scope.addHook('onRequest', async (_request, reply) => void reply.raw.setMaxListeners(20));
      scope.addHook('onSend', async (_request, reply) => void reply.headers(headers));
      await scope.register(fastifyStatic, { root: directory, serve: false, preCompressed: true, index: false });
      for (const { path, first } of addresses)
        scope.get<{ Params: { '*'?: string } }>(path, ({ params }, reply) =>
          reply
            .headers({
              'cache-control': 'no-cache',
              link: askedFirst(['/v1/me', ...(first ? [first(params['*'] ?? '')] : [])]),
            })
            .sendFile('index.html', { cacheControl: false }),
        );
      scope.get('/icon.svg', (_request, reply) => reply.sendFile('icon.svg'));
      // Their names hold the hash of what is in them.
      scope.get<{ Params: { '*': string } }>('/assets/*', ({ params }, reply) =>
        reply.sendFile(params['*'], join(directory, 'assets'), { immutable: true, maxAge: '365d' }),
      );
    });
}
