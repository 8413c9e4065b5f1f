import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkLayout } from '../../activities/images/built-layout.ts';

/** An image as the builder left it, in a directory that was a stranger's until a moment ago. */
describe('what a build left', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'slipway-layout-'))));
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const hex = (text: string) => createHash('sha256').update(text).digest('hex');
  const layer = 'a layer';
  const config = '{}';
  const partOf = (text: string) => ({ mediaType: 'application/x', size: text.length, digest: `sha256:${hex(text)}` });
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: partOf(config),
    layers: [partOf(layer)],
  };
  const leave = async (files: Record<string, string> = {}) => {
    const all = {
      version: 'Directory Transport Version: 1.1\n',
      'manifest.json': JSON.stringify(manifest),
      [hex(layer)]: layer,
      [hex(config)]: config,
      ...files,
    };
    for (const [name, text] of Object.entries(all)) await writeFile(join(directory, name), text);
  };
  const changed = (changes: object) => ({ 'manifest.json': JSON.stringify({ ...manifest, ...changes }) });

  it('is taken when it is an image', async () => {
    await leave();
    await expect(checkLayout(directory, 1_000)).resolves.toBeUndefined();
  });

  it.each<[string, () => Promise<unknown>]>([
    [
      'a layer that is a link to a file of this machine',
      async () => {
        await leave();
        await rm(join(directory, hex(layer)));
        await symlink('/etc/hostname', join(directory, hex(layer)));
      },
    ],
    [
      'a manifest that is a link',
      async () => {
        await leave();
        await rm(join(directory, 'manifest.json'));
        await symlink('/etc/hostname', join(directory, 'manifest.json'));
      },
    ],
    ['a directory among the layers', async () => (await leave(), mkdir(join(directory, 'deep')))],
    ['a file that the image does not name', () => leave({ more: 'of something' })],
    ['a layer that is not there', async () => (await leave(), rm(join(directory, hex(layer))))],
    ['a layer of another size', () => leave({ [hex(layer)]: 'another, longer layer' })],
    [
      'a layer to be fetched from elsewhere',
      () => leave(changed({ layers: [{ ...partOf(layer), urls: ['http://169.254.169.254/'] }] })),
    ],
    [
      'a digest that leads out of the directory',
      () => leave(changed({ layers: [{ ...partOf(layer), digest: 'sha256:../../etc/hostname' }] })),
    ],
    ['an index instead of an image', () => leave(changed({ manifests: [] }))],
    ['a manifest that is no JSON', () => leave({ 'manifest.json': '{' })],
    ['a manifest without end', () => leave({ 'manifest.json': ' '.repeat(4_000_001) })],
    ['more layers than any image has', () => leave(changed({ layers: Array(501).fill(partOf(layer)) }))],
    ['a negative size', () => leave(changed({ config: { ...partOf(config), size: -1 } }))],
  ])('is refused with %s', async (_what, arrange) => {
    await arrange();
    await expect(checkLayout(directory, 1_000)).rejects.toThrow(/SLIP-IMG-1/);
  });

  it('is refused when it is larger than what is pushed', async () => {
    await leave();
    await expect(checkLayout(directory, 5)).rejects.toThrow(/at most 5/);
  });
});
