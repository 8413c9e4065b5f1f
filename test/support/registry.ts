import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { startRegistry as startLabRegistry } from '../../lab/services/registry.ts';

/** The real distribution registry on a loopback port, for one test file. */
export interface TestRegistry {
  /** `127.0.0.1:port`, as it stands in image names. */
  host: string;
  tags(repository: string): Promise<string[]>;
  stop(): Promise<void>;
}

export interface RegistryOptions {
  /** Lines of an htpasswd file (bcrypt); without it everybody may push. */
  htpasswd?: string;
}

/** Throws with the package's name when the program is not on this machine: a test that cannot look must not pass. */
export async function requireProgram(name: string, debianPackage = name): Promise<string> {
  for (const directory of [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'].filter(Boolean)) {
    const path = join(directory, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new Error(`${name} is not on this machine: apt-get install ${debianPackage}`);
}

export async function startRegistry(options: RegistryOptions = {}): Promise<TestRegistry> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-registry-'));
  const { host, stop } = await startLabRegistry({ ...options, directory, progress: () => {} });
  return {
    host,
    async tags(repository) {
      const answer = await fetch(`http://${host}/v2/${repository}/tags/list`);
      return answer.ok ? (((await answer.json()) as { tags: string[] | null }).tags ?? []) : [];
    },
    async stop() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** One image of one file, put into the registry without a builder. Answers its digest. */
export async function putImage(host: string, repository: string, content: string): Promise<string> {
  const config = await putBlob(
    host,
    repository,
    Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        comment: content,
        rootfs: { type: 'layers', diff_ids: [] },
      }),
    ),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: [],
  };
  return putManifest(host, repository, mediaType, JSON.stringify(manifest));
}

/** An index of images that are there already. Answers its digest. */
export async function putIndex(host: string, repository: string, images: readonly string[]): Promise<string> {
  return putManifest(host, repository, indexType, indexOf(images));
}

const indexType = 'application/vnd.oci.image.index.v1+json';

export function indexOf(images: readonly string[]): string {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifests = images.map((digest, place) => {
    const platform = { os: 'linux', architecture: place === 0 ? 'amd64' : 'arm64' };
    return { mediaType, digest, size: 1, platform };
  });
  return JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests });
}

async function putManifest(host: string, repository: string, mediaType: string, bytes: string): Promise<string> {
  const digest = await sha256(Buffer.from(bytes));
  const answer = await fetch(`http://${host}/v2/${repository}/manifests/${digest}`, {
    method: 'PUT',
    headers: { 'content-type': mediaType },
    body: bytes,
  });
  if (!answer.ok) throw new Error(`the registry answered ${answer.status}: ${await answer.text()}`);
  return digest;
}

async function putBlob(host: string, repository: string, bytes: Buffer): Promise<{ digest: string; size: number }> {
  const digest = await sha256(bytes);
  const begun = await fetch(`http://${host}/v2/${repository}/blobs/uploads/`, { method: 'POST' });
  const url = new URL(begun.headers.get('location')!, `http://${host}`);
  url.searchParams.set('digest', digest);
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
  if (!answer.ok) throw new Error(`the registry answered ${answer.status}: ${await answer.text()}`);
  return { digest, size: bytes.length };
}

async function sha256(bytes: Buffer): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return `sha256:${Buffer.from(hash).toString('hex')}`;
}
