import fastifyStatic from '@fastify/static';
import type { FastifyReply } from 'fastify';
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

/** Where pages are: each is the same file, which shows what its address names. */
const addresses = ['/', '/runs/*', '/releases', '/compare', '/lanes', '/lanes/*', '/insights', '/audit'];

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
      const page = (reply: FastifyReply) =>
        reply.header('cache-control', 'no-cache').sendFile('index.html', { cacheControl: false });
      for (const address of addresses) scope.get(address, (_request, reply) => page(reply));
      scope.get('/icon.svg', (_request, reply) => reply.sendFile('icon.svg'));
      // Their names hold the hash of what is in them.
      scope.get<{ Params: { '*': string } }>('/assets/*', ({ params }, reply) =>
        reply.sendFile(params['*'], join(directory, 'assets'), { immutable: true, maxAge: '365d' }),
      );
    });
}
