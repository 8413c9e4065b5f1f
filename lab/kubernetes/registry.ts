import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { request } from 'node:http';
import { createGunzip } from 'node:zlib';

/** What runs in an image: the part of the OCI image configuration the lab uses. */
export interface ImageConfig {
  Entrypoint?: string[];
  Cmd?: string[];
  Env?: string[];
  WorkingDir?: string;
  Labels?: Record<string, string>;
}

export interface ImagePush {
  /** host:port, plain HTTP. */
  registry: string;
  repository: string;
  tag: string;
  /** Path of a gzipped tar: the image's one layer. */
  layer: string;
  config: ImageConfig;
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Pushes an image of one layer by the registry's own HTTP API, with no container tool; a layer that is there is not sent again. Answers `sha256:…`. */
export async function pushImage(push: ImagePush): Promise<string> {
  const layerDigest = await digestOf(push.layer);
  const diffId = await digestOf(push.layer, true);
  const config = Buffer.from(
    JSON.stringify({
      architecture: goArchitecture(),
      os: 'linux',
      config: push.config,
      rootfs: { type: 'layers', diff_ids: [diffId] },
    }),
  );
  const configDigest = sha256(config);
  const size = (await stat(push.layer)).size;
  await pushBlob(push, layerDigest, size, () => createReadStream(push.layer));
  await pushBlob(push, configDigest, config.length, () => config);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { mediaType: CONFIG, digest: configDigest, size: config.length },
      layers: [{ mediaType: LAYER, digest: layerDigest, size }],
    }),
  );
  const headers = { 'content-type': MANIFEST, 'content-length': manifest.length };
  const put = await send(push, 'PUT', `/v2/${push.repository}/manifests/${push.tag}`, headers, manifest);
  if (put.status !== 201)
    throw new Error(`${push.registry} refused ${push.repository}:${push.tag} with ${put.status}: ${put.body}`);
  return sha256(manifest);
}

/** The digest of a tag in the registry, or undefined when it is not there. */
export async function digestInRegistry(registry: string, repository: string, tag: string): Promise<string | undefined> {
  const head = await send({ registry }, 'HEAD', `/v2/${repository}/manifests/${tag}`, { accept: MANIFEST });
  return head.status === 200 ? head.headers['docker-content-digest']?.toString() : undefined;
}

async function pushBlob(
  push: ImagePush,
  digest: string,
  size: number,
  content: () => NodeJS.ReadableStream | Buffer,
): Promise<void> {
  const present = await send(push, 'HEAD', `/v2/${push.repository}/blobs/${digest}`);
  if (present.status === 200) return;
  const opened = await send(push, 'POST', `/v2/${push.repository}/blobs/uploads/`, { 'content-length': 0 });
  if (!opened.headers.location)
    throw new Error(`${push.registry} opened no upload for ${push.repository}: ${opened.status} ${opened.body}`);
  const place = new URL(opened.headers.location, `http://${push.registry}`);
  place.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream', 'content-length': size };
  const put = await send(push, 'PUT', `${place.pathname}${place.search}`, headers, content());
  if (put.status !== 201)
    throw new Error(`${push.registry} refused a layer of ${push.repository} with ${put.status}: ${put.body}`);
}

interface Answer {
  status: number;
  headers: NodeJS.Dict<string | string[]> & { location?: string };
  body: string;
}

function send(
  { registry }: { registry: string },
  method: string,
  path: string,
  headers: Record<string, string | number> = {},
  body?: NodeJS.ReadableStream | Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`http://${registry}${path}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Answer['headers'],
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', (error) => reject(new Error(`the registry ${registry} does not answer: ${error.message}`)));
    if (body === undefined || Buffer.isBuffer(body)) sent.end(body);
    else pipeline(body, sent).catch(reject);
  });
}

async function digestOf(path: string, unpacked = false): Promise<string> {
  const hash = createHash('sha256');
  if (unpacked) await pipeline(createReadStream(path), createGunzip(), hash);
  else await pipeline(createReadStream(path), hash);
  return `sha256:${hash.digest('hex')}`;
}

function sha256(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function goArchitecture(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}
