import { afterEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firstCredentials, secretCredentials } from '../../activities/images/credentials.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import { describeRegistry } from '../contract/images-registry.suite.ts';
import { indexOf } from '../support/registry.ts';

const sha256 = (text: string | Buffer) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const mediaType = 'application/vnd.oci.image.manifest.v1+json';

interface Fault {
  (request: IncomingMessage, response: ServerResponse): boolean;
}

/** The manifests part of a registry in memory, for what a real one does only on bad days. Held to the same contract suite. */
async function aRegistry(fault: Fault = () => false) {
  const manifests = new Map<string, Buffer>();
  const seen: string[] = [];
  const answerTo = async (request: IncomingMessage, response: ServerResponse) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    if (fault(request, response)) return;
    const key = request.url ?? '';
    if (request.method === 'PUT') {
      manifests.set(key, body);
      manifests.set(key.replace(/[^/]+$/, sha256(body)), body);
      response.writeHead(201).end();
      return;
    }
    const found = manifests.get(key);
    if (!found) return void response.writeHead(404).end('{"errors":[]}');
    const headers = { 'content-type': mediaType, 'docker-content-digest': sha256(found) };
    response.writeHead(200, headers).end(request.method === 'HEAD' ? '' : found);
  };
  const server: Server = createServer((request, response) => void answerTo(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    seen,
    put(repository: string, content: string, tag?: string) {
      return this.putText(
        repository,
        JSON.stringify({ schemaVersion: 2, mediaType, config: { digest: sha256(content) } }),
        tag,
      );
    },
    putText(repository: string, text: string, tag?: string) {
      const bytes = Buffer.from(text);
      for (const reference of [sha256(bytes), ...(tag === undefined ? [] : [tag])])
        manifests.set(`/v2/${repository}/manifests/${reference}`, bytes);
      return sha256(bytes);
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

describeRegistry('over HTTP, in memory', async () => {
  const fake = await aRegistry();
  return {
    registry: createRegistry(),
    host: fake.host,
    putImage: async (repository, content) => fake.put(repository, content),
    putIndex: async (repository, images) => fake.putText(repository, indexOf(images)),
    tearDown: fake.stop,
  };
});

describe('registry on a bad day', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });
  const start = async (fault?: Fault) => {
    const fake = await aRegistry(fault);
    ends.push(fake.stop);
    return fake;
  };
  const answer = (response: ServerResponse, status: number, headers: Record<string, string> = {}, body = '') => (
    response.writeHead(status, headers).end(body),
    true
  );

  it.each([500, 502, 503, 429])('may be asked again after %d', async (status) => {
    const fake = await start((_request, response) => answer(response, status));
    await expect(createRegistry().resolve(`${fake.host}/shop/core:v1`)).rejects.toMatchObject({
      details: { code: 'SLIP-IMG-2', kind: 'retryable' },
    });
  });

  it('may be asked again when it hangs up or is not there', async () => {
    const fake = await start((request) => (request.socket.destroy(), true));
    for (const host of [fake.host, '127.0.0.1:1']) {
      await expect(createRegistry().resolve(`${host}/shop/core:v1`)).rejects.toMatchObject({
        details: { code: 'SLIP-IMG-2', kind: 'retryable' },
      });
    }
  });

  it('tags although the reply to the write was lost', async () => {
    let lost = 0;
    const fake = await start((request) => request.method === 'PUT' && lost++ === 0 && (request.socket.destroy(), true));
    const image = `${fake.host}/shop/core@${fake.put('shop/core', 'one')}`;
    await expect(createRegistry().tag(image, 'v1')).rejects.toMatchObject({ details: { kind: 'retryable' } });
    await createRegistry().tag(image, 'v1');
    expect(await createRegistry().resolve(`${fake.host}/shop/core:v1`)).toBe(image.split('@')[1]);
  });

  it('knows of an index also the images that it does not have, and that it is not whole', async () => {
    const fake = await start();
    const [here, elsewhere] = [fake.put('shop/core', 'here'), sha256('elsewhere')];
    const index = fake.putText('shop/core', indexOf([here, elsewhere]));
    expect(await createRegistry().digestsOf(`${fake.host}/shop/core@${index}`)).toEqual({
      manifests: [index, here, elsewhere],
      configs: [sha256('here')],
      complete: false,
    });
  });

  it.each(['not JSON', '{"schemaVersion":2}', '{"manifests":[{"digest":"../x"}]}'])(
    'knows an image only by its own digest when its manifest is %s',
    async (text) => {
      const fake = await start();
      const digest = fake.putText('shop/core', text);
      const known = { manifests: [digest], configs: [], complete: false };
      expect(await createRegistry().digestsOf(`${fake.host}/shop/core@${digest}`)).toEqual(known);
    },
  );

  describe('what is in an image', () => {
    const listing = (...manifests: object[]) => JSON.stringify({ schemaVersion: 2, manifests });
    const inside = async (fake: Awaited<ReturnType<typeof aRegistry>>, text: string) =>
      createRegistry().imagesIn(`${fake.host}/shop/core@${fake.putText('shop/core', text)}`);
    const named = (fake: { host: string }, ...digests: string[]) =>
      digests.map((digest) => `${fake.host}/shop/core@${digest}`);

    const none = { os: 'unknown', architecture: 'unknown' };
    const many = (n: number) => Array.from({ length: n }, (_, i) => ({ digest: sha256(`${i}`) }));

    it('is all that an index of many platforms names', async () => {
      expect(await inside(await start(), listing(...many(32)))).toHaveLength(32);
    });

    it('is not what builders attest beside it', async () => {
      const fake = await start();
      const [image, attested] = [fake.put('shop/core', 'image'), fake.put('shop/core', 'attested')];
      const index = listing(
        { digest: image, platform: { os: 'linux', architecture: 'amd64' } },
        { digest: attested, platform: none },
      );
      expect(await inside(fake, index)).toEqual(named(fake, image));
    });

    it('is also what an index in an index names, what the registry does not have, and each of that once', async () => {
      const fake = await start();
      const [one, two, elsewhere] = [fake.put('shop/core', 'one'), fake.put('shop/core', 'two'), sha256('elsewhere')];
      const inner = fake.putText('shop/core', listing({ digest: two }, { digest: one }));
      const index = listing({ digest: one }, { digest: inner }, { digest: elsewhere });
      expect(await inside(fake, index)).toEqual(named(fake, one, elsewhere, two));
    });

    it.each([
      ['nothing that is JSON', 'not JSON'],
      ['neither an image nor an index', '{"schemaVersion":2}'],
      ['both at once', JSON.stringify({ config: { digest: sha256('x') }, manifests: [{ digest: sha256('y') }] })],
      ['an index of no digest', '{"manifests":[{"digest":"../x"}]}'],
      ['an index of more than is looked at', listing(...many(33))],
      ['an index of nothing', listing()],
      ['an index of what is for no platform', listing({ digest: sha256('x'), platform: none })],
      [
        'one index here, and another for whom case is nothing',
        JSON.stringify({ manifests: [], Manifests: [{ digest: sha256('y') }] }),
      ],
      ['an index with two digests for one image', listing({ digest: sha256('x'), Digest: sha256('y') })],
      [
        'an index with two platforms for one image',
        listing({ digest: sha256('x'), platform: { ...none, OS: 'linux' } }),
      ],
      ['an image with something besides', JSON.stringify({ config: { digest: sha256('x') }, Manifests: [] })],
    ])('is refused where it is %s', async (_what, text) => {
      await expect(inside(await start(), text)).rejects.toMatchObject({ details: { code: 'SLIP-IMG-6' } });
    });
  });

  it('says of digests too that it could not be asked', async () => {
    const fake = await start((_request, response) => answer(response, 503));
    const asked = createRegistry().digestsOf(`${fake.host}/shop/core@${sha256('one')}`);
    await expect(asked).rejects.toMatchObject({ details: { code: 'SLIP-IMG-2', kind: 'retryable' } });
  });

  it.each([400, 409, 412, 405])('never moves a tag that the registry holds fast (%d)', async (status) => {
    const fake = await start(
      (request, response) => request.method === 'PUT' && answer(response, status, {}, 'tag is immutable'),
    );
    const image = `${fake.host}/shop/core@${fake.put('shop/core', 'new')}`;
    const old = fake.put('shop/core', 'old', 'v1');
    const attempt = createRegistry().tag(image, 'v1');
    await expect(attempt).rejects.toMatchObject({ details: { code: 'SLIP-IMG-4', kind: 'terminal' } });
    await expect(attempt).rejects.toThrow(old);
  });

  it('counts a refused write as done when someone else has written the same', async () => {
    const fake: Awaited<ReturnType<typeof aRegistry>> = await start((request, response) => {
      if (request.method !== 'PUT') return false;
      fake.put('shop/core', 'one', 'v1');
      return answer(response, 409);
    });
    await expect(
      createRegistry().tag(`${fake.host}/shop/core@${fake.put('shop/core', 'one')}`, 'v1'),
    ).resolves.toBeUndefined();
  });

  it('does not even try to move a tag that its configuration calls immutable', async () => {
    const fake = await start();
    const image = `${fake.host}/shop/core@${fake.put('shop/core', 'new')}`;
    fake.put('shop/core', 'old', 'v1');
    await expect(createRegistry({ immutableTags: (tag) => tag.startsWith('v') }).tag(image, 'v1')).rejects.toThrow(
      /SLIP-IMG-4/,
    );
    expect(fake.seen.filter((line) => line.startsWith('PUT'))).toEqual([]);
  });

  it('does not tag a manifest that is not the one that was approved', async () => {
    const fake = await start(
      (request, response) =>
        request.method === 'GET' && answer(response, 200, { 'content-type': mediaType }, '{"other":true}'),
    );
    await expect(createRegistry().tag(`${fake.host}/shop/core@${fake.put('shop/core', 'one')}`, 'v1')).rejects.toThrow(
      /SLIP-IMG-8/,
    );
    expect(fake.seen.filter((line) => line.startsWith('PUT'))).toEqual([]);
  });

  it('works out the digest where the registry does not say it', async () => {
    const fake = await start(
      (request, response) =>
        request.url === '/v2/shop/core/manifests/v1' &&
        answer(response, 200, {}, request.method === 'HEAD' ? '' : '{"a":1}'),
    );
    expect(await createRegistry().resolve(`${fake.host}/shop/core:v1`)).toBe(sha256('{"a":1}'));
  });

  it('gets a token where the registry wants one, for this repository and no more than it needs', async () => {
    process.env['SLIPWAY_TEST_REGISTRY'] = 'hunter22';
    const fake: Awaited<ReturnType<typeof aRegistry>> = await start((request, response) => {
      if (request.url?.startsWith('/token')) return answer(response, 200, {}, '{"access_token":"t0ken"}');
      if (request.headers.authorization === 'Bearer t0ken') return false;
      return answer(response, 401, {
        'www-authenticate': `Bearer realm="http://${fake.host}/token",service="reg",scope="ignored"`,
      });
    });
    const logins = { [fake.host]: { username: 'bot', password: 'env:SLIPWAY_TEST_REGISTRY' } };
    const registry = createRegistry({
      credentials: firstCredentials(
        async () => undefined,
        secretCredentials(async () => logins),
      ),
    });
    await registry.tag(`${fake.host}/shop/core@${fake.put('shop/core', 'one')}`, 'v1');
    delete process.env['SLIPWAY_TEST_REGISTRY'];
    const tokens = fake.seen.filter((line) => line.includes('/token'));
    expect(tokens[0]).toBe(
      `GET /token?service=reg&scope=repository%3Ashop%2Fcore%3Apull Basic ${Buffer.from('bot:hunter22').toString('base64')}`,
    );
    expect(tokens.at(-1)).toContain('pull%2Cpush');
  });

  it('does not give its login to a place where others can listen', async () => {
    const fake = await start((_request, response) =>
      answer(response, 401, { 'www-authenticate': 'Bearer realm="http://192.0.2.1/token",service="x"' }),
    );
    const registry = createRegistry({ credentials: async () => ({ username: 'bot', password: 'hunter22' }) });
    await expect(registry.resolve(`${fake.host}/shop/core:v1`)).rejects.toMatchObject({
      details: { code: 'SLIP-IMG-5' },
    });
  });

  const challenges: [string, (host: string) => string, RegExp][] = [
    [
      'at the registry',
      () => 'Basic realm="x"',
      /answered 401 for shop\/core to the login bot: not with \[redacted\] or \[redacted\], "code":"DENIED"$/,
    ],
    [
      'at the place that gives tokens, which is repeated in one word only',
      (host) => `Bearer realm="http://${host}/token",service="reg"`,
      /, which gives tokens for 127\.0\.0\.1:\d+, answered 401 for shop\/core to the login bot: DENIED$/,
    ],
  ];

  it.each(challenges)(
    'says whose login was refused %s, without what the answer repeats of it',
    async (_, challenge, says) => {
      const fake: Awaited<ReturnType<typeof aRegistry>> = await start((request, response) => {
        if (request.method === 'HEAD') return false; // the tag is not there yet; and a refusal of HEAD has no words
        const pair = request.headers.authorization?.split(' ')[1] ?? '';
        const password = Buffer.from(pair, 'base64').toString('utf8').split(':')[1];
        const words = `not with ${password} or ${pair}, "code":"DENIED"`;
        return answer(response, 401, { 'www-authenticate': challenge(fake.host) }, words);
      });
      const login = { username: 'bot', password: 'hunter22-wrong' };
      const error: Error = await createRegistry({ credentials: async () => login })
        .tag(`${fake.host}/shop/core@${sha256('x')}`, 'v1')
        .then(
          () => new Error('nothing was refused'),
          (thrown: Error) => thrown,
        );
      expect(error).toMatchObject({ details: { code: 'SLIP-IMG-5', kind: 'terminal' } });
      expect((error as Failure).details.detail).toMatch(says);
      expect(JSON.stringify(error)).toContain('Check the credentials for this registry');
      expect(`${error.stack} ${JSON.stringify(error)}`).not.toMatch(/hunter22|Ym90O/);
    },
  );

  it('says that no login is configured, where an anonymous token is not enough', async () => {
    const fake: Awaited<ReturnType<typeof aRegistry>> = await start((request, response) => {
      if (request.url?.startsWith('/token')) return answer(response, 200, {}, '{"token":"anonymous"}');
      return answer(response, 401, { 'www-authenticate': `Bearer realm="http://${fake.host}/token",service="reg"` });
    });
    await expect(createRegistry().resolve(`${fake.host}/shop/core:v1`)).rejects.toThrow(
      /SLIP-IMG-5.*no login is configured/s,
    );
  });

  it('says which secret is missing, and nothing of its value', async () => {
    const fake = await start((_request, response) => answer(response, 401, { 'www-authenticate': 'Basic realm="x"' }));
    const registry = createRegistry({
      credentials: secretCredentials(async () => ({
        [fake.host]: { username: 'bot', password: 'env:SLIPWAY_NOT_SET' },
      })),
    });
    await expect(registry.resolve(`${fake.host}/shop/core:v1`)).rejects.toThrow(/SLIP-IMG-5.*SLIPWAY_NOT_SET/);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect (%d) of a manifest or of a token', async (status) => {
    const other = await start();
    const elsewhere = { location: `http://${other.host}/v2/shop/core/manifests/v1` };
    other.put('shop/core', 'one', 'v1');
    const manifests = await start((_request, response) => answer(response, status, elsewhere));
    const tokens: Awaited<ReturnType<typeof aRegistry>> = await start((request, response) =>
      request.url?.startsWith('/token')
        ? answer(response, status, elsewhere)
        : answer(response, 401, { 'www-authenticate': `Bearer realm="http://${tokens.host}/token",service="reg"` }),
    );
    const image = `shop/core@${sha256('x')}`;
    for (const attempt of [
      createRegistry().resolve(`${manifests.host}/shop/core:v1`),
      createRegistry().tag(`${manifests.host}/${image}`, 'v1'),
    ]) {
      await expect(attempt).rejects.toMatchObject({
        details: {
          code: 'SLIP-IMG-8',
          kind: 'terminal',
          detail: expect.stringContaining('redirect, which is not followed'),
        },
      });
    }
    await expect(createRegistry().resolve(`${tokens.host}/shop/core:v1`)).rejects.toMatchObject({
      details: { code: 'SLIP-IMG-8', detail: expect.stringContaining(`answered ${status}`) },
    });
    expect(other.seen).toEqual([]);
  });

  it('refuses a manifest without end', async () => {
    const fake = await start(
      (request, response) => request.method === 'GET' && answer(response, 200, {}, 'x'.repeat(4_000_001)),
    );
    await expect(createRegistry().tag(`${fake.host}/shop/core@${fake.put('shop/core', 'one')}`, 'v1')).rejects.toThrow(
      /SLIP-IMG-8/,
    );
  });
});
