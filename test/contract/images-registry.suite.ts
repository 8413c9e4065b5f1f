import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Registry } from '../../activities/images/port.ts';
import { triedAgain } from '../support/tried-again.ts';

export interface RegistryWorld {
  registry: Registry;
  host: string;
  /** Puts an image of this content there by digest, and answers the digest. */
  putImage(repository: string, content: string): Promise<string>;
  /** Puts an index of these images there, the first for amd64 and the others for arm64, and answers its digest. */
  putIndex(repository: string, images: readonly string[]): Promise<string>;
  tearDown(): Promise<void>;
}

const aDigest = /^sha256:[0-9a-f]{64}$/;
const digestIn = (image: string) => image.slice(image.indexOf('@') + 1);

/** What every registry must do. */
export function describeRegistry(name: string, setUp: () => Promise<RegistryWorld>): void {
  describe(`Registry: ${name}`, () => {
    let world: RegistryWorld;
    let repository: string;
    beforeAll(async () => {
      world = await setUp();
    });
    afterAll(() => world?.tearDown());
    beforeEach(() => {
      repository = `shop/core-${randomUUID()}`;
    });
    const anImage = async (content: string) =>
      `${world.host}/${repository}@${await world.putImage(repository, content)}`;
    const resolveTag = (tag: string) => world.registry.resolve(`${world.host}/${repository}:${tag}`);

    it('tags again what it has tagged already when the reply was lost', async () => {
      const image = await anImage('one');
      await world.registry.tag(image, 'v1');
      await world.registry.tag(image, 'v1');
      expect(await resolveTag('v1')).toBe(image.split('@')[1]);
    });

    it('points a tag to another image', async () => {
      const [first, second] = [await anImage('one'), await anImage('two')];
      await world.registry.tag(first, 'latest');
      await world.registry.tag(second, 'latest');
      expect(await resolveTag('latest')).toBe(second.split('@')[1]);
    });

    it('resolves a digest that is there, and nothing that is not', async () => {
      const image = await anImage('one');
      expect(await world.registry.resolve(image)).toBe(image.split('@')[1]);
      expect(await resolveTag('none')).toBeUndefined();
      expect(await world.registry.resolve(`${world.host}/${repository}@sha256:${'0'.repeat(64)}`)).toBeUndefined();
      expect(await world.registry.resolve(`${world.host}/shop/none-${randomUUID()}:v1`)).toBeUndefined();
    });

    it('knows an image by its own digest and by that of its configuration', async () => {
      const image = await anImage('one');
      const known = await world.registry.digestsOf(image);
      expect(known).toEqual({
        manifests: [digestIn(image)],
        configs: [expect.stringMatching(aDigest)],
        complete: true,
      });
      expect(await world.registry.digestsOf(await anImage('one'))).toEqual(known);
      expect((await world.registry.digestsOf(await anImage('two')))?.configs).not.toEqual(known?.configs);
    });

    it('knows an index by its images, and by their configurations', async () => {
      const images = [await anImage('for amd64'), await anImage('for arm64')];
      const index = await world.putIndex(repository, images.map(digestIn));
      const parts = await Promise.all(images.map((image) => world.registry.digestsOf(image)));
      expect(await world.registry.digestsOf(`${world.host}/${repository}@${index}`)).toEqual({
        manifests: [index, ...images.map(digestIn)],
        configs: parts.flatMap((part) => part?.configs ?? []),
        complete: true,
      });
    });

    it('knows nothing of an image that is not there', async () => {
      expect(await world.registry.digestsOf(`${world.host}/${repository}@sha256:${'0'.repeat(64)}`)).toBeUndefined();
    });

    it('has in an image that image, and in an index those of all its platforms', async () => {
      const images = [await anImage('for amd64'), await anImage('for arm64')];
      expect(await world.registry.imagesIn(images[0]!)).toEqual([images[0]]);
      const index = await world.putIndex(repository, images.map(digestIn));
      expect(await world.registry.imagesIn(`${world.host}/${repository}@${index}`)).toEqual(images);
      expect(await world.registry.imagesIn(`${world.host}/${repository}@sha256:${'0'.repeat(64)}`)).toBeUndefined();
    });

    it('does not tag an image that is not there', async () => {
      await expect(
        world.registry.tag(`${world.host}/${repository}@sha256:${'0'.repeat(64)}`, 'v1'),
      ).rejects.toMatchObject({
        details: { code: 'SLIP-IMG-3', kind: 'terminal' },
      });
    });

    it('lets two tag the same image at once', async () => {
      const image = await anImage('one');
      // A registry with files may fail to read what the other is writing: the step is made again, as it would be in a release.
      const tag = () => triedAgain(() => world.registry.tag(image, 'v1'));
      await Promise.all([tag(), tag()]);
      expect(await resolveTag('v1')).toBe(image.split('@')[1]);
    });

    it.each(['', '-x', 'a/b', 'a b', 'x'.repeat(129), '../manifests/x'])('refuses the tag %j', async (tag) => {
      await expect(world.registry.tag(`${world.host}/${repository}@sha256:${'0'.repeat(64)}`, tag)).rejects.toThrow(
        /SLIP-IMG-6/,
      );
    });

    it.each([
      'core:v1',
      'host/core',
      'host.example/../x:v1',
      'host.example/core:',
      'https://host.example/core:v1',
      'host.example/Core:v1',
      '',
    ])('refuses the reference %j', async (reference) => {
      await expect(Promise.resolve().then(() => world.registry.resolve(reference))).rejects.toThrow(/SLIP-IMG-6/);
    });
  });
}
