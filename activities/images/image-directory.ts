import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Digest } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { sha256 } from '../shared/sha256.ts';
import { readStrangersFile } from '../shared/strangers-file.ts';
import { mostManifestBytes } from './built-layout.ts';
import { isDigest } from './reference.ts';
import { head } from '../../domain/whole-text.ts';

const manifestForm = z.looseObject({
  config: z.looseObject({ digest: z.string().refine(isDigest), size: z.number() }),
});
const configForm = z.looseObject({ config: z.looseObject({}).optional() });

/**
 * Takes the traces of the container that built it out of an image of Docker's format in a directory (skopeo's `dir:`), and answers its
 * digest. buildah writes that container's random id and host name into the image's configuration, where nothing ever reads them: the
 * same commit would get another digest at each build. Throws SLIP-IMG-7.
 */
export async function withoutTraces(directory: string): Promise<Digest> {
  const manifest = await read(directory, 'manifest.json', manifestForm);
  const name = nameOf(manifest.config.digest);
  const { container: _id, container_config: _traces, config, ...image } = await read(directory, name, configForm);
  const { Hostname: _name, ...settings } = config ?? {};
  const bytes = JSON.stringify({ ...image, config: settings });
  const digest = digestOfText(bytes);
  await rm(join(directory, name));
  await writeFile(join(directory, nameOf(digest)), bytes);
  const cleaned = JSON.stringify({
    ...manifest,
    config: { ...manifest.config, digest, size: Buffer.byteLength(bytes) },
  });
  await writeFile(join(directory, 'manifest.json'), cleaned);
  return digestOfText(cleaned);
}

async function read<T>(directory: string, name: string, form: z.ZodType<T>): Promise<T> {
  try {
    const found = await readStrangersFile(directory, name, mostManifestBytes);
    if ('unread' in found) throw new Error(`${name} is ${found.unread}`);
    return form.parse(JSON.parse(found.bytes.toString('utf8')));
  } catch (error) {
    throw failure('SLIP-IMG-7', `what buildah wrote is not an image in a known form: ${head(String(error), 300)}`);
  }
}

const nameOf = (digest: Digest) => digest.replace('sha256:', '');
const digestOfText = (text: string): Digest => `sha256:${sha256(text)}`;
