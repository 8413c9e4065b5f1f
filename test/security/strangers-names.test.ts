import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createSocket, type Socket } from 'node:dgram';
import { lookup, Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { addressesOf } from '../../activities/shared/strangers-names.ts';
import { outwardAgent, refusedIn } from '../../activities/shared/outward.ts';
import { fetch } from 'undici';

/** Names that a Dockerfile has, or that what runs in a build asks for: whoever has chosen them may have chosen who answers, too. */

let server: Socket;
const resolver = new Resolver({ timeout: 60_000, tries: 1 });
const asked: number[] = [];

beforeEach(async () => {
  asked.length = 0;
  server = createSocket('udp4', ({ length }) => void asked.push(length)); // and never answers
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
});
afterEach(() => {
  resolver.cancel();
  server.close();
});

it('a hundred that are never answered keep the worker from no address of its own', async () => {
  let over = 0;
  const names = Array.from({ length: 100 }, (_, n) => addressesOf(`slow-${n}.example.test`, resolver));
  for (const name of names) void name.then(() => (over += 1));
  await once(server, 'message');
  expect(await lookup('localhost')).toMatchObject({ address: expect.any(String) });
  expect(over).toBe(0);
  resolver.cancel();
  expect((await Promise.all(names)).flat()).toEqual([]);
  expect(asked.length).toBeGreaterThan(0);
});

it.each(['localhost', 'LOCALHOST.', 'a.localhost'])('%s is this machine, and no server is asked', async (name) => {
  expect(await addressesOf(name, resolver)).toEqual(['127.0.0.1', '::1']);
  expect(asked).toEqual([]);
});

it.each([
  ['as the machine does, where the policy names it', true, 'getaddrinfo'],
  ['by the servers of names, where it does not', false, 'no server of names has an address'],
])('a host is resolved %s', async (_how, isNamed, words) => {
  const dispatcher = outwardAgent({ hostname: 'nobody.invalid', isNamed });
  const error = await fetch('http://nobody.invalid/', { dispatcher }).then(undefined, (reason: unknown) => reason);
  expect(refusedIn(error)).toBeUndefined();
  expect(JSON.stringify(error, ['cause', 'message', 'code', 'errors'])).toContain(words);
});
