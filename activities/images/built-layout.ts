import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failure } from '../../domain/errors/catalogue.ts';
import { readStrangersFile } from '../shared/strangers-file.ts';
import { isDigest } from './reference.ts';
import { head } from '../../domain/whole-text.ts';

/** Also of its configuration. */
export const mostManifestBytes = 4_000_000;
const mostLayers = 500;

const digest = z.string().refine(isDigest);
const part = z.strictObject({ mediaType: z.string().max(200), size: z.number().int().nonnegative(), digest });
const manifestForm = z.strictObject({
  schemaVersion: z.literal(2),
  mediaType: z.literal('application/vnd.docker.distribution.manifest.v2+json'),
  config: part,
  // Strict, because a layer with `urls` would be fetched from wherever these lead.
  layers: z.array(part).max(mostLayers),
});

/**
 * Looks at an image in a directory (skopeo's `dir:`) as at what a stranger left there, before any other program reads it: plain files alone,
 * no links (one named like a layer would put a file of this machine into the registry), none that the image does not name, none larger than
 * it says. Nobody can change it any more. Throws SLIP-IMG-1.
 */
export async function checkLayout(directory: string, mostBytes: number): Promise<void> {
  if (!(await lstat(directory)).isDirectory()) throw refused('the image is not in a directory');
  const sizes = new Map<string, number>();
  for (const name of (await readdir(directory)).slice(0, mostLayers + 4)) {
    const found = await lstat(join(directory, name));
    if (!found.isFile()) throw refused(`${JSON.stringify(name)} is not a file`);
    sizes.set(name, found.size);
  }
  const read = await readStrangersFile(directory, 'manifest.json', mostManifestBytes);
  if ('unread' in read) throw refused('there is no manifest of a sane size');
  const manifest = readBuiltManifest(read.bytes.toString('utf8'));
  if (manifest.config.size > mostManifestBytes) throw refused('its configuration is too large');
  const expected = new Map(
    [...manifest.layers, manifest.config].map((one) => [one.digest.slice('sha256:'.length), one.size]),
  );
  let bytes = 0;
  for (const [name, size] of expected) {
    if (sizes.get(name) !== size) throw refused(`sha256:${name} has not the size that the image says`);
    bytes += size;
  }
  const strange = [...sizes.keys()].find((name) => !expected.has(name) && !['manifest.json', 'version'].includes(name));
  if (strange !== undefined) throw refused(`${JSON.stringify(strange)} does not belong to it`);
  if (bytes > mostBytes) throw refused(`it has ${bytes} bytes; at most ${mostBytes} are pushed`);
}

/** What a builder in a box says that it has built. Throws SLIP-IMG-1. */
export function readBuiltManifest(text: string): z.infer<typeof manifestForm> {
  try {
    return manifestForm.parse(JSON.parse(text));
  } catch (error) {
    throw refused(`its manifest is not in a known form: ${head(String(error), 300)}`);
  }
}

const refused = (why: string) => failure('SLIP-IMG-1', `what was built is not an image that can be pushed: ${why}`);
