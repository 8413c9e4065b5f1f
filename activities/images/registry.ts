import { createHash } from 'node:crypto';
import { parsePinnedImage } from '../../domain/images.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { noCredentials, type RegistryCredentials } from '../shared/registry-login.ts';
import type { Registry } from './port.ts';
import { parseReference, parseRepository, requireTag, isDigest, type ImageName } from './reference.ts';
import { createRegistryClient, refuse, type RegistryClient } from './registry-client.ts';
import { digestsOf } from './registry-digests.ts';
import { readBody } from './registry-http.ts';
import { imagesIn } from './registry-platforms.ts';
import { createReach, type ReachOptions } from './registry-reach.ts';
import { isLoopback } from '../shared/loopback.ts';

export interface RegistryOptions extends Partial<ReachOptions> {
  credentials?: RegistryCredentials;
  /** Tags that this product never moves, even where the registry would. None by default: the registry decides. */
  immutableTags?: (tag: string) => boolean;
}

/** The largest manifest any registry must accept. */
const maxManifestBytes = 4_000_000;

/** A registry by the distribution HTTP API v2. Plain HTTP on loopback, HTTPS everywhere else. */
export function createRegistry(options: RegistryOptions = {}): Registry {
  // Where nobody says what the policy names, it is as on a developer's machine: registries there, and those that everybody can reach.
  const { credentials = noCredentials, isNamed = async (host) => isLoopback(host), resolve: names } = options;
  const reach = createReach({ isNamed, resolve: names });
  const client = createRegistryClient(credentials, reach);
  const read = async (name: ImageName) => (await readManifest(client, name))?.bytes;
  return {
    resolve: async (reference) => {
      const image = parseReference(reference);
      return (await reach.namerOf(image.host)) === 'policy' ? resolve(client, image) : digestSaid(client, image);
    },
    digestsOf: async (image) => digestsOf(read, parseReference(image)),
    imagesIn: async (image) => imagesIn(read, parseReference(image)),
    async tag(image, tag) {
      requireTag(tag);
      const { repository: name, digest } = parsePinnedImage(image);
      const place = parseRepository(name);
      const now = await resolve(client, { ...place, reference: tag });
      if (now === digest) return;
      if (now !== undefined && options.immutableTags?.(tag))
        throw failure('SLIP-IMG-4', `${name}:${tag} points to ${now}, not to ${digest}`);
      const manifest = await readManifest(client, { ...place, reference: digest });
      if (!manifest) throw failure('SLIP-IMG-3', image);
      await putManifest(client, { ...place, reference: tag }, manifest, now);
    },
  };
}

interface Manifest {
  bytes: Uint8Array<ArrayBuffer>;
  mediaType: string;
}

async function resolve(client: RegistryClient, image: ImageName): Promise<string | undefined> {
  const said = await askForDigest(client, image);
  if (said === undefined || said.digest !== undefined) return said?.digest;
  const manifest = await readManifest(client, image); // the header is optional; the digest is the hash of the manifest
  return manifest && digestOfBytes(manifest.bytes);
}

/** Of a registry that anybody may have named nothing is read but what it says: its manifests, of 4 MB each, are nothing to keep. */
export async function digestSaid(client: RegistryClient, image: ImageName): Promise<string | undefined> {
  const said = await askForDigest(client, image);
  if (said && said.digest === undefined)
    throw failure('SLIP-IMG-8', `${image.host} does not say the digest of ${image.repository}`);
  return said?.digest;
}

/** Undefined when there is no such image; without a digest when the registry does not say it. */
async function askForDigest(client: RegistryClient, image: ImageName): Promise<{ digest?: string } | undefined> {
  const answer = await client.request('HEAD', image);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw await refuse(image, answer);
  const said = answer.headers.get('docker-content-digest');
  return said !== null && isDigest(said) ? { digest: said } : {};
}

/** The manifest; one that does not hash to the digest asked for is refused, because it is what will be tagged. */
async function readManifest(client: RegistryClient, image: ImageName): Promise<Manifest | undefined> {
  const answer = await client.request('GET', image);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw await refuse(image, answer);
  const bytes = await readBody(answer, maxManifestBytes);
  if (isDigest(image.reference) && digestOfBytes(bytes) !== image.reference) {
    throw failure('SLIP-IMG-8', `${image.host} answered something else for ${image.repository}@${image.reference}`);
  }
  return { bytes, mediaType: answer.headers.get('content-type') ?? 'application/vnd.oci.image.manifest.v1+json' };
}

async function putManifest(
  client: RegistryClient,
  image: ImageName,
  manifest: Manifest,
  now: string | undefined,
): Promise<void> {
  const answer = await client.request('PUT', image, { type: manifest.mediaType, bytes: manifest.bytes });
  if (answer.ok) return;
  const wanted = digestOfBytes(manifest.bytes);
  const refusedForGood = answer.status >= 400 && answer.status < 500 && ![401, 403, 408, 429].includes(answer.status);
  if (!refusedForGood) throw await refuse(image, answer);
  // Another writer may have been first: with the same image that is success, with another one the tag is not ours to move.
  const after = await resolve(client, image);
  if (after === wanted) return;
  if (after === undefined && now === undefined) throw await refuse(image, answer);
  throw failure(
    'SLIP-IMG-4',
    `${image.host}/${image.repository}:${image.reference} points to ${after ?? now}, not to ${wanted}`,
  );
}

const digestOfBytes = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
