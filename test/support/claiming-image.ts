import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestDaemon } from './docker-daemon.ts';
import type { TestRegistry } from './registry.ts';

const run = promisify(execFile);
const docker = 'application/vnd.docker';
const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** An image whose configuration says that `COPY site /site` has made it of the file `file`, and that holds another. Only in the registry. */
export async function anImageThatClaims(
  daemon: TestDaemon,
  { host }: TestRegistry,
  { file, holds }: { file: string; holds: string },
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-claims-'));
  const at = (...path: string[]) => join(directory, ...path);
  try {
    await writeFile(at('site'), file);
    await writeFile(at('Dockerfile'), 'FROM scratch\nCOPY site /site\n');
    await daemon.docker('build', '--tag', 'claims:1', directory);
    await daemon.docker('save', '--output', at('saved.tar'), 'claims:1');
    await daemon.docker('rmi', '--force', 'claims:1');
    await run('tar', ['--extract', '--file', at('saved.tar'), '--directory', directory]);
    const [{ Config: name }] = JSON.parse(await readFile(at('manifest.json'), 'utf8')) as [{ Config: string }];
    const said = JSON.parse(await readFile(at(name), 'utf8')) as object;
    await mkdir(at('layer'));
    await writeFile(at('layer/site'), holds);
    await run('tar', ['--create', '--file', at('layer.tar'), '--directory', at('layer'), 'site']);
    const layer = await readFile(at('layer.tar'));
    const changed = { rootfs: { type: 'layers', diff_ids: [digestOf(layer)] } };
    const config = Buffer.from(JSON.stringify({ ...said, ...changed }));
    return await pushed(`http://${host}/v2/forged/claims`, `${host}/forged/claims`, { layer, config });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function pushed(at: string, name: string, { layer, config }: { layer: Buffer; config: Buffer }): Promise<string> {
  for (const blob of [layer, config]) {
    const begun = await fetch(`${at}/blobs/uploads/`, { method: 'POST' });
    const place = new URL(begun.headers.get('location')!, at);
    place.searchParams.set('digest', digestOf(blob));
    const headers = { 'content-type': 'application/octet-stream' };
    await fetch(place, { method: 'PUT', body: new Uint8Array(blob), headers });
  }
  const described = (mediaType: string, bytes: Buffer) => ({ mediaType, size: bytes.length, digest: digestOf(bytes) });
  const mediaType = `${docker}.distribution.manifest.v2+json`;
  const manifest = {
    ...{ schemaVersion: 2, mediaType },
    config: described(`${docker}.container.image.v1+json`, config),
    layers: [described(`${docker}.image.rootfs.diff.tar`, layer)],
  };
  const body = JSON.stringify(manifest);
  const { status } = await fetch(`${at}/manifests/1`, { method: 'PUT', body, headers: { 'content-type': mediaType } });
  if (status !== 201) throw new Error(`the registry did not take the image: ${status}`);
  return `${name}:1`;
}

/** What is in a file of an image. */
export async function fileIn(daemon: TestDaemon, image: string, path: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-file-'));
  const id = await daemon.docker('create', image, 'nothing');
  try {
    await daemon.docker('cp', `${id}:${path}`, join(directory, 'file'));
    return await readFile(join(directory, 'file'), 'utf8');
  } finally {
    await daemon.docker('rm', id);
    await rm(directory, { recursive: true, force: true });
  }
}
