import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Response } from 'undici';
import { createReach } from '../../activities/images/registry-reach.ts';
import { createRegistry, digestSaid } from '../../activities/images/registry.ts';
import { authorize } from '../../activities/images/registry-token.ts';
import type { Resolve } from '../../activities/shared/outward.ts';
import { gatherBuildInputs } from '../../activities/steps/build-inputs.ts';
import type { BuildSpec } from '../../domain/contract/release.ts';
import { aRequest, aSpec } from '../domain/builders.ts';

const nothingNamed = async () => false;
const inside = 'is at an address inside, which the policy does not name';

/** A name server of whoever owns the name. */
const leadsTo =
  (address: string): Resolve =>
  (_name, _options, callback) =>
    callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]);

describe('a registry that only a repository names', () => {
  let server: Server;
  let port: number;
  let connections = 0;
  beforeAll(async () => {
    server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  beforeEach(() => {
    connections = 0;
  });
  afterAll(async () => {
    server.close();
    await once(server, 'close');
  });

  const refused = (host: string) => ({ details: { code: 'SLIP-IMG-6', detail: `${host} ${inside}` } });

  it.each([
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '169.254.169.254',
    '10.1.2.3',
    '192.168.1.1',
    'fd00::1',
    '64:ff9b::7f00:1',
  ])('is not asked when its name turns out to be %s, and which address that is is not told', async (address) => {
    const host = `r1.attacker.example:${port}`;
    const registry = createRegistry({ isNamed: nothingNamed, resolve: leadsTo(address) });
    await expect(registry.resolve(`${host}/x:1`)).rejects.toMatchObject(refused(host));
    expect(connections).toBe(0);
  });

  it.each(['127.0.0.1', 'localhost', '[::1]'])('is not asked at %s', async (written) => {
    const host = `${written}:${port}`;
    const registry = createRegistry({ isNamed: nothingNamed });
    await expect(registry.resolve(`${host}/x:1`)).rejects.toMatchObject({ details: { code: 'SLIP-IMG-6' } });
    expect(connections).toBe(0);
  });

  it('is asked there when the policy names it', async () => {
    const host = `127.0.0.1:${port}`;
    const registry = createRegistry({ isNamed: async (named) => named === host });
    await expect(registry.resolve(`${host}/x:1`)).rejects.toMatchObject({ details: { code: 'SLIP-IMG-2' } });
    expect(connections).toBe(1);
  });

  const image = { host: 'registry.example', repository: 'x', reference: '1' };
  const challenge = () => `Bearer realm="https://auth.attacker.example:${port}/token",service="x"`;

  it.each<['stranger' | 'policy', string]>([
    ['stranger', '127.0.0.1'],
    ['stranger', '10.1.2.3'],
    ['policy', '127.0.0.1'],
    ['policy', '169.254.169.254'],
  ])('sends nobody inside for a token: named by %s, to %s', async (namedBy, address) => {
    const reach = createReach({ isNamed: nothingNamed, resolve: leadsTo(address) });
    const asked = authorize(image, { challenge: challenge(), actions: 'pull', login: undefined, namedBy }, reach);
    await expect(asked).rejects.toMatchObject(refused(`auth.attacker.example:${port}`));
    expect(connections).toBe(0);
  });

  it('sends nobody to a place inside that the policy names, either', async () => {
    const host = `auth.attacker.example:${port}`;
    const reach = createReach({ isNamed: async (named) => named === host, resolve: leadsTo('127.0.0.1') });
    const challenged = { challenge: challenge(), actions: 'pull', login: undefined, namedBy: 'stranger' as const };
    await expect(authorize(image, challenged, reach)).rejects.toMatchObject(refused(host));
    expect(connections).toBe(0);
  });

  it('is believed in what it says of a digest, and nothing is read of it where it says none', async () => {
    const methods: string[] = [];
    const digest = `sha256:${'a'.repeat(64)}`;
    const saying = (headers: Record<string, string>) => ({
      request: async (method: string) => (methods.push(method), new Response(null, { headers })),
    });
    expect(await digestSaid(saying({ 'docker-content-digest': digest }), image)).toBe(digest);
    await expect(digestSaid(saying({}), image)).rejects.toMatchObject({ details: { code: 'SLIP-IMG-8' } });
    expect(methods).toEqual(['HEAD', 'HEAD']);
  });
});

describe('registries that the Dockerfiles of a commit name', () => {
  const builds = Array.from({ length: 6 }, (_, n): BuildSpec => ({ context: '.', dockerfile: `${n}`, args: {} }));
  const bases = (file: string) => Array.from({ length: 50 }, (_, n) => `FROM r${n}.example/x${file}:1\n`).join('');

  function gathering(onAsk: () => void = () => undefined, now?: () => number) {
    const seen = { asked: 0, atOnce: 0, most: 0 };
    const registry = {
      resolve: async () => {
        seen.asked += 1;
        seen.atOnce += 1;
        seen.most = Math.max(seen.most, seen.atOnce);
        onAsk();
        await new Promise((go) => setImmediate(go));
        seen.atOnce -= 1;
        return `sha256:${'a'.repeat(64)}`;
      },
    };
    const source = { read: async ({ path }: { path: string }) => bases(path) };
    const parts = { source, registry, ...(now && { now }) } as unknown as Parameters<typeof gatherBuildInputs>[2];
    const gather = gatherBuildInputs(aRequest(), aSpec(), parts);
    return { seen, all: () => Promise.all(builds.map((build) => gather.inputsOf(build))) };
  }

  it('are asked a few at a time and not without end, whichever components they are for; what was not asked is told', async () => {
    const { seen, all } = gathering();
    const found = await all();
    expect(seen).toEqual({ asked: 200, atOnce: 0, most: 8 });
    const untold = found.flatMap((inputs) => inputs.untold);
    expect(new Set(untold)).toEqual(new Set(['more than 200 base images in all components']));
    expect(untold).toHaveLength(100);
  });

  it('are not waited for longer than is decent', async () => {
    let clock = 0;
    const { seen, all } = gathering(
      () => (clock = 3 * 60_000),
      () => clock,
    );
    const found = await all();
    expect(seen.asked).toBeLessThanOrEqual(8);
    expect(found[5]?.untold[0]).toMatch(/ was not asked for: the registries before it took too long$|^more than 200/);
    expect(found[0]?.untold.at(-1)).toMatch(/ was not asked for: the registries before it took too long$/);
  });
});
