import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { fetch } from 'undici';
import { createWebhookNotifier } from '../../activities/notify/webhook-notifier.ts';
import { nearnessOf, type Nearness } from '../../domain/addresses.ts';
import { outwardAgent, refusedAddress, type Resolve } from '../../activities/shared/outward.ts';
import { createVerification } from '../../activities/verification/endpoint-verification.ts';
import type { EndpointSpec, HttpEndpoint } from '../../domain/contract/release.ts';
import { namedHost } from '../../domain/endpoint-hosts.ts';
import { aNotification } from '../contract/notify.suite.ts';

/** The host of a URL that holds the address in this form, as we get to see it. */
const hostOf = (written: string) => new URL(`http://${written}/`).hostname;

describe('an address, in whatever form it is written', () => {
  it.each<[Nearness, string]>([
    ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0x7f.0.0.1', '127.255.255.254'].map(near),
    ...['0.0.0.0', '0', '[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'].map(near),
    ...['[::127.0.0.1]', '[::ffff:0:127.0.0.1]', '[64:ff9b::127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]'].map(
      near,
    ),
    ...['169.254.169.254', '0xa9fea9fe', '[::ffff:169.254.169.254]', '[64:ff9b::a9fe:a9fe]', '[fe80::1]'].map(near),
    ...['[fd00:ec2::254]', '100.100.100.200', '168.63.129.16', '192.0.0.192'].map(near),
    ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '167772161', '012.0.0.1'].map(inside),
    ...['[fc00::1]', '[fd12:3456::1]', '[::ffff:10.0.0.1]', '[64:ff9b::10.0.0.1]', '[2002:a00:1::]'].map(inside),
    ...['[64:ff9b:1::808:808]', '[2001:0:1::1]', '224.0.0.1', '255.255.255.255', '[ff02::1]', '198.18.0.1'].map(inside),
    ...['8.8.8.8', '172.32.0.1', '100.128.0.1', '11.0.0.1', '[2606:4700::1111]', '[64:ff9b::808:808]'].map(outside),
  ])('is %s: %s', (nearness, written) => {
    expect(nearnessOf(hostOf(written))).toBe(nearness);
  });

  it('is taken for the nearest when it is no address at all', () => {
    expect(nearnessOf('not-an-address')).toBe('nearest');
    expect(nearnessOf('fe80::1%eth0')).toBe('nearest');
  });
});

function near(written: string): [Nearness, string] {
  return ['nearest', written];
}
function inside(written: string): [Nearness, string] {
  return ['inside', written];
}
function outside(written: string): [Nearness, string] {
  return ['outside', written];
}

describe('what a name may lead to, by how the policy names it', () => {
  const shop = 'api.shop.test';
  it.each<[string, string[], string, boolean]>([
    [shop, ['*.shop.test'], '8.8.8.8', true],
    [shop, ['*.shop.test'], '10.0.0.1', false],
    [shop, ['*.shop.test'], '127.0.0.1', false],
    [shop, [shop], '10.0.0.1', true],
    [shop, [shop], 'fd12::1', true],
    [shop, [shop], '127.0.0.1', false],
    [shop, [shop], '169.254.169.254', false],
    [shop, [shop], '::ffff:169.254.169.254', false],
    ['localhost', ['localhost'], '127.0.0.1', true],
    ['127.0.0.1', ['127.0.0.1'], '127.0.0.1', true],
    ['[::1]', ['[::1]'], '::1', true],
    ['app.localhost', ['*.localhost'], '127.0.0.1', false],
  ])('%s under %j to %s: %s', (hostname, hosts, address, allowed) => {
    const named = namedHost(hostname, hosts);
    expect(named).toBeDefined();
    const refused = refusedAddress({ hostname, isNamed: named === 'exactly' }, [{ address, family: 4 }]);
    expect(refused === undefined).toBe(allowed);
  });

  it('is nothing when one of its addresses is inside', () => {
    const addresses = ['8.8.8.8', '10.0.0.1'].map((address) => ({ address, family: 4 }));
    expect(refusedAddress({ hostname: shop, isNamed: false }, addresses)?.message).toBe(
      'api.shop.test is an address inside',
    );
  });
});

const patience = { name: 'front page', successes: 1, timeoutMs: 1_000 };
/** Each kind that connects. */
const ofEveryKind: [kind: EndpointSpec['kind'], at: (host: string, port: number) => EndpointSpec][] = [
  ['http', (host, port) => ({ kind: 'http', url: `http://${host}:${port}/`, status: 200, ...patience })],
  [
    'graphql',
    (host, port) => ({ kind: 'graphql', url: `http://${host}:${port}/`, query: '{ a }', expect: {}, ...patience }),
  ],
  ['tcp', (host, port) => ({ kind: 'tcp', host, port, ...patience })],
  ['grpc', (host, port) => ({ kind: 'grpc', host, port, tls: false, ...patience })],
  ['certificate', (host, port) => ({ kind: 'certificate', host, port, validForMs: 1, ...patience })],
];

describe('what is told of a name that leads where nobody is asked', () => {
  const shop = 'api.shop.test';
  it.each<[string, boolean, string, string]>([
    [shop, false, '10.0.0.1', 'api.shop.test is an address inside'],
    [shop, false, '127.0.0.1', 'api.shop.test is this machine, its link or its cloud'],
    [shop, true, '169.254.169.254', 'api.shop.test is 169.254.169.254, which is this machine, its link or its cloud'],
    ['10.0.0.1', false, '10.0.0.1', '10.0.0.1 is an address inside'],
    ['[::1]', false, '::1', '[::1] is this machine, its link or its cloud'],
  ])('is its address only where the policy names it: %s, %s, %s', (hostname, isNamed, address, told) => {
    expect(refusedAddress({ hostname, isNamed }, [{ address, family: 4 }])?.message).toBe(told);
  });
});

describe('what the engine asks for a repository', () => {
  let server: Server;
  let port: number;
  let requests = 0;
  let connections = 0;
  beforeAll(async () => {
    server = createServer((_, response) => {
      requests += 1;
      response.end('the secrets of this machine');
    }).on('connection', () => (connections += 1));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => {
    requests = connections = 0;
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const { signal } = new AbortController();
  const endpoint = (url: string): HttpEndpoint => ({
    kind: 'http',
    name: 'front page',
    url,
    status: 200,
    successes: 1,
    timeoutMs: 1_000,
  });
  /** A name server of somebody else's: each question gets the next of these answers, the last one for ever. */
  function answering(...answers: string[]): { resolve: Resolve; asked: () => number } {
    let asked = 0;
    const resolve: Resolve = (_hostname, _options, callback) => {
      const address = answers[Math.min(asked, answers.length - 1)]!;
      asked += 1;
      callback(null, address === '' ? [] : [{ address, family: address.includes(':') ? 6 : 4 }]);
    };
    return { resolve, asked: () => asked };
  }
  const refusedWith = (detail: RegExp) => ({
    details: { code: 'SLIP-VER-4', kind: 'terminal', blame: 'operator', detail: expect.stringMatching(detail) },
  });

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254', '10.1.2.3', '0.0.0.0', '64:ff9b::7f00:1'])(
    'is not asked when its name turns out to be %s, and that is what is told',
    async (address) => {
      const check = createVerification(answering(address)).check;
      const asked = check(endpoint(`http://shop.test:${port}/`), signal, ['*.test']);
      await expect(asked).rejects.toMatchObject(refusedWith(/front page: shop\.test is /));
      expect(requests).toBe(0);
    },
  );

  it.each(ofEveryKind)(
    'is asked by %s only where it is allowed to be, by whatever its name leads to',
    async (_kind, at) => {
      for (const address of ['127.0.0.1', '::1', '169.254.169.254', '10.1.2.3']) {
        const { check } = createVerification(answering(address));
        await expect(check(at('shop.test', port), signal, ['*.test'])).rejects.toMatchObject(
          refusedWith(/shop\.test is /),
        );
      }
      const { check } = createVerification();
      for (const host of ['localhost', '127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1'])
        await expect(check(at(host, port), signal, ['*.test'])).rejects.toMatchObject(refusedWith(/does not name/));
      await expect(check(at('0x7f000001', port), signal, ['shop.test'])).rejects.toMatchObject(
        refusedWith(/does not name 127\.0\.0\.1/),
      );
      expect(connections).toBe(0);
    },
  );

  it.each(ofEveryKind)(
    'is asked by %s at the very address that was judged, and judged again each time',
    async (_kind, at) => {
      const once = answering('127.0.0.1', '169.254.169.254');
      const { check } = createVerification({ ...once, timeoutMs: 60_000 });
      await check(at('localhost', port), signal, ['localhost']);
      expect([once.asked(), connections]).toEqual([1, 1]);
      const turning = createVerification(answering('', '127.0.0.1'));
      const first = await turning.check(at('shop.test', port), signal, ['shop.test']);
      expect(first).toMatchObject({ verdict: 'inconclusive' });
      await expect(turning.check(at('shop.test', port), signal, ['shop.test'])).rejects.toMatchObject(
        refusedWith(/shop\.test is 127\.0\.0\.1/),
      );
      expect(connections).toBe(1);
    },
  );

  it('is judged again for every connection, as names change their answers', async () => {
    const name = answering('', '127.0.0.1');
    const { check } = createVerification(name);
    const ask = () => check(endpoint(`http://shop.test:${port}/`), signal, ['shop.test']);
    expect(await ask()).toMatchObject({ verdict: 'inconclusive' });
    await expect(ask()).rejects.toMatchObject(refusedWith(/shop\.test is 127\.0\.0\.1/));
    expect([name.asked(), requests]).toEqual([2, 0]);
  });

  it('is asked at the very address that was judged: the name is not resolved a second time for the connection', async () => {
    const name = answering('127.0.0.1', '169.254.169.254');
    const check = createVerification(name).check;
    const answer = await check(endpoint(`http://localhost:${port}/`), signal, ['localhost']);
    expect(answer).toMatchObject({ verdict: 'pass' });
    expect([name.asked(), requests]).toEqual([1, 1]);
  });

  it('is known by where its name has led', async () => {
    const led: string[] = [];
    const host = { hostname: 'localhost', isNamed: true };
    const dispatcher = outwardAgent(host, answering('127.0.0.1').resolve, (addresses) => {
      led.push(...addresses.map(({ address }) => address));
    });
    await (await fetch(`http://localhost:${port}/`, { dispatcher })).text();
    await dispatcher.close();
    expect(led).toEqual(['127.0.0.1']);
  });

  it.each(['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '[::1]', 'localhost', '0.0.0.0'])(
    'is not asked at %s while the policy does not name that, whatever else it names',
    async (host) => {
      const asked = createVerification().check(endpoint(`http://${host}:${port}/`), signal, ['*.test', 'shop.test']);
      await expect(asked).rejects.toMatchObject(refusedWith(/the policy does not name/));
      expect(requests).toBe(0);
    },
  );

  it('is asked on this machine where the policy names just that, as the lab does', async () => {
    const asked = createVerification().check(endpoint(`http://127.0.0.1:${port}/`), signal, ['127.0.0.1']);
    expect(await asked).toMatchObject({ verdict: 'pass' });
  });

  it('is told no message either, wherever a webhook turns out to lead', async () => {
    const { resolve } = answering('10.0.0.1');
    const url = `http://chat.test:${port}/very-secret`;
    const byReference = createWebhookNotifier({ addressNow: async () => ({ url }), resolve });
    const error: unknown = await byReference.notify(aNotification()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ details: { code: 'SLIP-NTF-4', detail: 'chat.test is an address inside' } });
    expect(JSON.stringify(error)).not.toContain('very-secret');
    const literal = createWebhookNotifier({ addressNow: async () => ({ url: `http://127.0.0.1:${port}/` }) });
    await expect(literal.notify(aNotification())).rejects.toMatchObject({ details: { code: 'SLIP-NTF-4' } });
    const elsewhere = createWebhookNotifier({ addressNow: async () => ({ url, host: 'other.test' }), resolve });
    await expect(elsewhere.notify(aNotification())).rejects.toMatchObject({ details: { code: 'SLIP-NTF-4' } });
    expect(requests).toBe(0);
  });
});
