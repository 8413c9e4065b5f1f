import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BuildRequest, ImageBuilder } from '../../activities/images/port.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { aProgress } from '../support/progress.ts';

const dockerfile = 'FROM scratch\nARG VERSION=none\nLABEL version=$VERSION\nCOPY hello /hello\n';

/** What every builder must do, against the real distribution registry. */
export function describeImageBuilder(
  name: string,
  setUp: () => Promise<{ builder: ImageBuilder; tearDown(): Promise<void> }>,
): void {
  describe(`ImageBuilder: ${name}`, () => {
    jest.setTimeout(600_000);
    let builder: ImageBuilder;
    let tearDown: () => Promise<void>;
    let registry: TestRegistry;
    let directory: string;

    beforeAll(async () => {
      ({ builder, tearDown } = await setUp());
      registry = await startRegistry();
    });
    afterAll(async () => {
      await registry?.stop();
      await tearDown?.();
    });
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'slipway-context-'));
      await write({ Dockerfile: dockerfile, hello: 'hello' });
    });
    afterEach(() => rm(directory, { recursive: true, force: true }));

    const write = async (files: Record<string, string>) => {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(directory, path)), { recursive: true });
        await writeFile(join(directory, path), content);
      }
    };
    const aRequest = (changes: Partial<BuildRequest> = {}): BuildRequest => ({
      directory,
      context: '.',
      dockerfile: 'Dockerfile',
      args: {},
      repository: `${registry.host}/shop/core-${randomUUID()}`,
      ownImages: [],
      cachesOf: aCacheOwner(),
      labels: { 'org.opencontainers.image.revision': 'abc' },
      ...changes,
    });

    it('builds again what it has built already when the reply was lost, and answers the same image', async () => {
      const request = aRequest();
      const first = await builder.build(request, aProgress());
      expect(await builder.build(request, aProgress())).toBe(first);
    });

    it('pushes by digest, and the registry has the image it names', async () => {
      const request = aRequest();
      const image = await builder.build(request, aProgress());
      expect(image).toMatch(new RegExp(`^${request.repository.replaceAll('.', '\\.')}@sha256:[0-9a-f]{64}$`));
      expect(await createRegistry().resolve(image)).toBe(image.split('@')[1]);
    });

    it('uses no tag that people use', async () => {
      const request = aRequest();
      await builder.build(request, aProgress());
      const tags = await registry.tags(request.repository.replace(`${registry.host}/`, ''));
      expect(tags.filter((tag) => !tag.startsWith('build-'))).toEqual([]);
    });

    it('passes arguments as they are, whatever characters they hold', async () => {
      const image = await builder.build(aRequest({ args: { VERSION: 'a b$(touch pwned)"c"' } }), aProgress());
      const labels = await labelsOf(registry.host, image);
      expect(labels['version']).toBe('a b$(touch pwned)"c"');
      expect(labels['org.opencontainers.image.revision']).toBe('abc');
    });

    it('keeps what only the format of Docker can say: SHELL, HEALTHCHECK and ONBUILD', async () => {
      const said = 'SHELL ["/hello", "-c"]\nHEALTHCHECK CMD ["/hello"]\nONBUILD COPY more /more\n';
      await write({ Dockerfile: `${dockerfile}${said}` });
      const { config, layerTypes } = await imageOf(registry.host, await builder.build(aRequest(), aProgress()));
      expect(config).toMatchObject({
        Shell: ['/hello', '-c'],
        Healthcheck: { Test: ['CMD', '/hello'] },
        OnBuild: ['COPY more /more'],
      });
      expect(layerTypes).toEqual([expect.stringMatching(/gzip$/)]);
    });

    it('answers another image for another content', async () => {
      const request = aRequest();
      const first = await builder.build(request, aProgress());
      await write({ hello: 'hello again' });
      expect(await builder.build(request, aProgress())).not.toBe(first);
    });

    it('takes context and Dockerfile from different places in the checkout', async () => {
      await write({ 'services/core/hello': 'deep', 'build/Dockerfile.core': dockerfile });
      await expect(
        builder.build(aRequest({ context: 'services/core', dockerfile: 'build/Dockerfile.core' }), aProgress()),
      ).resolves.toContain('@sha256:');
    });

    it('says why a Dockerfile does not build, in the words of the builder', async () => {
      await write({ Dockerfile: 'FROM scratch\nCOPY not-there /\n' });
      await expect(builder.build(aRequest(), aProgress())).rejects.toThrow(/SLIP-IMG-1.*not-there/s);
    });

    it('tells progress line by line', async () => {
      const progress = aProgress();
      await builder.build(aRequest(), progress);
      expect(progress.lines.join('\n')).toContain('COPY hello /hello');
    });

    it.each([
      ['the directory above', { context: '..' }],
      ['an absolute path', { context: '/etc' }],
      ['a Dockerfile above', { dockerfile: '../Dockerfile' }],
      ['a Dockerfile that is a link out', { dockerfile: 'link' }],
      ['a context that is a link out', { context: 'outside' }],
      ['a file where a context belongs', { context: 'hello' }],
      ['something that is not there', { dockerfile: 'none' }],
      ['an argument that could be an option', { args: { '--privileged': 'x' } }],
      ['a repository without a host', { repository: 'shop/core' }],
    ])('refuses %s', async (_what, changes) => {
      await symlink('/etc/passwd', join(directory, 'link'));
      await symlink('/etc', join(directory, 'outside'));
      await expect(builder.build(aRequest(changes), aProgress())).rejects.toThrow(/SLIP-IMG-6/);
    });

    it('never carries a file from outside into the image by way of a link', async () => {
      const outside = await mkdtemp(join(tmpdir(), 'slipway-outside-'));
      await writeFile(join(outside, 'secret'), 'hunter22');
      await chmod(outside, 0o755);
      await symlink(join(outside, 'secret'), join(directory, 'linked'));
      await write({ Dockerfile: 'FROM scratch\nCOPY linked /linked\n' });
      const progress = aProgress();
      await builder.build(aRequest(), progress).catch((error: Error) => expect(error.message).toMatch(/SLIP-IMG-/));
      expect(progress.lines.join('\n')).not.toContain('hunter22');
      await rm(outside, { recursive: true });
    });

    it('says that a registry cannot be reached, and that this may pass', async () => {
      const attempt = builder.build(aRequest({ repository: '127.0.0.1:1/shop/core' }), aProgress());
      await expect(attempt).rejects.toMatchObject({ details: { code: 'SLIP-IMG-2', kind: 'retryable' } });
    });

    it('stops when it is cancelled before it begins', async () => {
      const stopped = AbortSignal.abort(new Error('stopped by the test'));
      await expect(builder.build(aRequest(), aProgress(stopped))).rejects.toThrow('stopped by the test');
    });

    it('stops when it is cancelled half way, and builds the next time', async () => {
      const stop = new AbortController();
      const request = aRequest();
      const progress = { signal: stop.signal, report: () => stop.abort(new Error('stopped by the test')) };
      await expect(builder.build(request, progress)).rejects.toThrow('stopped by the test');
      expect(await createRegistry().resolve(await builder.build(request, aProgress()))).toBeDefined();
    });

    it('builds two at once', async () => {
      const images = await Promise.all([
        builder.build(aRequest(), aProgress()),
        builder.build(aRequest(), aProgress()),
      ]);
      for (const image of images) expect(await createRegistry().resolve(image)).toBe(image.split('@')[1]);
    });
  });
}

async function labelsOf(host: string, image: string): Promise<Record<string, string>> {
  return (await imageOf(host, image)).config.Labels;
}

interface ImageConfig {
  Labels: Record<string, string>;
  Shell?: string[];
  Healthcheck?: { Test: string[] };
  OnBuild?: string[];
}

async function imageOf(host: string, image: string): Promise<{ config: ImageConfig; layerTypes: string[] }> {
  const [name, digest] = image.replace(`${host}/`, '').split('@');
  const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
  const get = async (path: string) =>
    (await fetch(`http://${host}/v2/${name}/${path}`, { headers: { accept } })).json();
  const manifest = (await get(`manifests/${digest}`)) as {
    config: { digest: string };
    layers: { mediaType: string }[];
  };
  const { config } = (await get(`blobs/${manifest.config.digest}`)) as { config: ImageConfig };
  return { config, layerTypes: manifest.layers.map((layer) => layer.mediaType) };
}
