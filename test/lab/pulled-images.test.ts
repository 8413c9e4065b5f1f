import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { originOf } from '../../lab/image-origin.ts';
import { pulledImages } from '../../lab/pulled-images.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the images of a simulated node', () => {
  it.each<[string, (string | undefined | Error)[], string[]]>([
    ['an error of the registry says nothing, and it is asked again', [new Error('503'), 'core'], ['pulling', 'pulled']],
    ['an image that is pushed late is found', [undefined, undefined, 'core'], ['not-found', 'not-found', 'pulled']],
    ['an error does not make what was not there be there', [undefined, new Error('503')], ['not-found', 'not-found']],
    ['what was found is kept, whatever the registry says later', ['core', new Error('503')], ['pulled', 'pulled']],
  ])('%s', async (_what, answers, expected) => {
    let clock = 0;
    const left = [...answers];
    const images = pulledImages(
      async () => {
        const answer = left.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      },
      () => clock,
    );
    const seen: string[] = [];
    for (const _answer of answers) {
      images('core');
      await settled();
      seen.push(images('core').kind);
      clock += 1_000;
    }
    expect(seen).toEqual(expected);
  });

  it('are asked for once at a time, and not at every look', async () => {
    let asked = 0;
    const images = pulledImages(
      async () => void (asked += 1),
      () => 0,
    );
    for (let looks = 0; looks < 20; looks += 1) images('core');
    await settled();
    for (let looks = 0; looks < 20; looks += 1) images('core');
    expect(asked).toBe(1);
  });
});

describe('what an image was made from', () => {
  let server: Server;
  let status = 200;
  beforeEach(async () => {
    server = createServer((_request, response) => response.writeHead(status).end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));
  const ask = () => originOf(`127.0.0.1:${(server.address() as AddressInfo).port}/shop/core@sha256:${'a'.repeat(64)}`);

  it('is nothing where the registry has no such image, and unknown where it fails', async () => {
    status = 404;
    expect(await ask()).toBeUndefined();
    status = 503;
    await expect(ask()).rejects.toThrow('the registry answered 503');
  });
});
