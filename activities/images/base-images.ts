import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../../domain/errors/catalogue.ts';
import { registryHost, withoutVersion } from '../../domain/images.ts';
import { fitsAny } from '../../domain/patterns.ts';
import type { Box, BoxLimits, BoxResult } from '../box/port.ts';
import { isInside } from '../../domain/addresses.ts';
import { buildFailure } from '../shared/build-failure.ts';
import { isLoopback } from '../shared/loopback.ts';
import type { Progress } from '../shared/progress.ts';
import { writeAuthFile, type RegistryCredentials } from '../shared/registry-login.ts';
import { bytesIn, watched, watchSize } from '../shared/size-watch.ts';
import { sha256 } from '../shared/sha256.ts';
import { runCommand, type CommandResult } from '../shared/run-command.ts';
import { readStrangersFile } from '../shared/strangers-file.ts';

export interface BasesWanted {
  /** In full form, by tag or by digest. */
  references: readonly string[];
  /** The registry that is pushed to: the only one that is shown a login, and that for these repositories alone. */
  host: string;
  ownImages: readonly string[];
  /** More hosts that may be inside. */
  insideHosts: readonly string[];
  credentials: RegistryCredentials;
  /** Where each image gets a directory with its number as the name. Nothing else comes there. */
  directory: string;
  /** Where the login is while an image is fetched. No build sees it. */
  login: string;
  /** `diskBytes` is of all of them together. */
  limits: BoxLimits;
}

const most = 50;
const mostIndexBytes = 4_000_000;

/**
 * Fetches what an image is built on, before and apart from the build, which sees no login. A Dockerfile names whom it likes: so it is done
 * in a box, whose door leads to the public network and the operator's registries alone. A registry on this machine, of which Go's programs
 * never ask by a proxy, is asked directly, when it is the one that is pushed to.
 */
export async function fetchBases(box: Box, wanted: BasesWanted, progress: Progress): Promise<void> {
  if (wanted.references.length > most)
    throw failure('SLIP-IMG-6', `the Dockerfile names more than ${most} base images`);
  let left = wanted.limits.diskBytes;
  for (const [index, reference] of wanted.references.entries()) {
    progress.report(`fetching ${reference}`);
    const directory = join(wanted.login, `base-${index}`);
    await fetchBase(box, { ...wanted, reference, directory, limits: { ...wanted.limits, diskBytes: left } }, progress);
    const layout = join(wanted.directory, String(index));
    await rename(join(directory, 'layout'), layout);
    left -= await bytesIn([layout]);
    if (left <= 0) throw tooLarge(wanted.limits.diskBytes);
  }
}

const tooLarge = (bytes: number) =>
  failure('SLIP-IMG-6', `the base images of a Dockerfile have at most ${bytes} bytes together`);

/** `directory` is that of this fetching alone: the login, and the image in `layout`. */
type BaseWanted = BasesWanted & { reference: string };

async function fetchBase(box: Box, wanted: BaseWanted, progress: Progress): Promise<void> {
  const { reference, directory, credentials } = wanted;
  const host = registryHost(reference);
  const isOwn = host === wanted.host;
  const hasLogin = isOwn && fitsAny(withoutVersion(reference), wanted.ownImages);
  if (!isOwn && !wanted.insideHosts.includes(host) && isInside(URL.parse(`https://${host}`)?.hostname ?? 'localhost')) {
    throw failure('SLIP-IMG-6', `${reference} is at an address inside, which the policy does not name`);
  }
  await mkdir(directory);
  await writeAuthFile(
    join(directory, 'auth.json'),
    hasLogin ? host : 'nobody.invalid',
    hasLogin ? credentials : async () => undefined,
  );
  const skopeo = (args: readonly string[]) => (isLoopback(host) ? directly : boxed)(box, args, wanted, progress);

  // By digest from here on: a tag may move between two questions.
  const index = await skopeo(['inspect', '--raw', `docker://${reference}`]);
  if (index.exitCode !== 0 || index.truncated) throw fetchFailure(`skopeo inspect ${reference}`, index);
  const digest = sha256(index.stdout);
  const pinned = `${withoutVersion(reference)}@sha256:${digest}`;
  if (reference.includes('@') && reference !== pinned) {
    throw failure('SLIP-IMG-1', `${host} answered something else for ${reference}`);
  }
  const copied = await skopeo(['copy', '--preserve-digests', `docker://${pinned}`, 'dir:layout']);
  if (copied.exitCode !== 0) throw fetchFailure(`skopeo copy ${reference}`, copied);
  await keepIndex(join(directory, 'layout'), { digest, bytes: index.stdout });
}

function fetchFailure(program: string, result: BoxResult) {
  const bound = result.bound === undefined ? '' : `\nit was ended: ${result.bound}`;
  return buildFailure(program, { ...result, tail: `${result.tail}${bound}` });
}

/** Of an index only this platform's image was copied. With the index beside it the image is known by both digests. */
async function keepIndex(layout: string, index: { digest: string; bytes: Buffer }): Promise<void> {
  const manifest = join(layout, 'manifest.json');
  const read = await readStrangersFile(layout, 'manifest.json', mostIndexBytes);
  if ('unread' in read) throw failure('SLIP-IMG-1', `what was fetched has no manifest that is read: ${read.unread}`);
  const digest = sha256(read.bytes);
  if (digest === index.digest) return;
  await rename(manifest, join(layout, `${digest}.manifest.json`));
  await writeFile(manifest, index.bytes);
}

async function boxed(box: Box, args: readonly string[], wanted: BaseWanted, progress: Progress): Promise<BoxResult> {
  return box.run(
    {
      program: 'skopeo',
      args: [...authenticated(args, '/fetched'), ...placed(args, '/fetched')],
      env: { TMPDIR: '/fetched' },
      directories: [{ from: wanted.directory, at: '/fetched', writable: true }],
      network: 'outside',
      insideHosts: [wanted.host, ...wanted.insideHosts],
      limits: wanted.limits,
      maxOutputBytes: mostIndexBytes,
    },
    progress,
  );
}

async function directly(
  _box: Box,
  args: readonly string[],
  wanted: BaseWanted,
  progress: Progress,
): Promise<CommandResult> {
  const tls = args[0] === 'copy' ? '--src-tls-verify=false' : '--tls-verify=false';
  const { diskBytes, timeoutMs } = wanted.limits;
  const watch = await watchSize([join(wanted.directory, 'layout')], diskBytes, () => tooLarge(diskBytes));
  return watched(watch, progress.signal, (signal) =>
    runCommand({
      program: 'skopeo',
      args: [...authenticated(args, wanted.directory), tls, ...placed(args, wanted.directory)],
      env: { TMPDIR: wanted.directory },
      timeoutMs,
      maxOutputBytes: mostIndexBytes,
      progress: { report: (line) => progress.report(line), signal },
    }),
  );
}

/** The command itself, and the login for it. */
const authenticated = ([verb = '']: readonly string[], directory: string) => [
  verb,
  '--authfile',
  `${directory}/auth.json`,
];
const placed = ([, ...args]: readonly string[], directory: string) =>
  args.map((arg) => (arg === 'dir:layout' ? `dir:${directory}/layout` : arg));

/**
 * All names by which the builder may look for an image it has: as Docker's short names, and, for one by digest, the repository under any tag.
 */
export function namesOf(reference: string): string[] {
  const full = reference.includes('@') ? `${reference.split('@', 1)[0]}:pinned` : reference;
  const short = full.startsWith('docker.io/') ? [full.slice('docker.io/'.length)] : [];
  const shortest = short.flatMap((name) => (name.startsWith('library/') ? [name.slice('library/'.length)] : []));
  return [full, ...[...short, ...shortest].map((name) => `localhost/${name}`)];
}
