import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parsePinnedImage, registryHost } from '../../domain/images.ts';
import type { Box } from '../box/port.ts';
import { isLoopback } from '../shared/loopback.ts';
import type { Progress } from '../shared/progress.ts';
import { writeAuthFile, type RegistryCredentials } from '../shared/registry-login.ts';
import { removeTree } from '../shared/remove-tree.ts';
import { watched, watchSize } from '../shared/size-watch.ts';
import { CouldNotScan, runTool } from './scan-tool.ts';
import { mostScanBytes, runScanTool } from './tool-in-box.ts';

export interface WantedImage {
  image: string;
  /** Where it is to stand, as a file; the directory is of nobody else. */
  archive: string;
  /** A directory for the login and what else is needed meanwhile, which the scanner does not see. */
  work: string;
  timeoutMs: number;
  credentials: RegistryCredentials;
  /** Where it is unpacked. */
  box?: Box | undefined;
  /** Of the image as the registry has it, and of the file. */
  mostBytes?: number;
}

/**
 * By skopeo, which copies and does not interpret: the login stays out of whatever reads the image. It comes as the registry has it, and is
 * unpacked apart from that: what is small on the way may be as large as it likes on the disk. Throws `CouldNotScan`.
 */
export async function fetchImage(wanted: WantedImage, progress: Progress): Promise<void> {
  const layout = join(wanted.work, 'layout');
  await mkdir(layout);
  const bounded = { mostBytes: mostScanBytes, ...wanted, layout };
  await copyFromRegistry(bounded, progress);
  await unpack(bounded, progress);
  await removeTree(layout);
}

type Bounded = WantedImage & { mostBytes: number; layout: string };

async function copyFromRegistry(
  { image, work, layout, timeoutMs, credentials, mostBytes }: Bounded,
  progress: Progress,
) {
  const host = registryHost(parsePinnedImage(image).repository);
  const authFile = join(work, 'auth.json');
  await writeAuthFile(authFile, host, credentials);
  const tls = isLoopback(host) ? ['--src-tls-verify=false'] : [];
  const args = ['--tmpdir', layout, 'copy', '--src-authfile', authFile, ...tls, `docker://${image}`, `dir:${layout}`];
  await within(mostBytes, [layout], progress, (bounded) =>
    runTool({ program: 'skopeo', args, timeoutMs, progress: bounded }, [0]),
  );
}

async function unpack({ archive, layout, timeoutMs, box, mostBytes }: Bounded, progress: Progress) {
  const place = dirname(archive);
  await within(mostBytes, [place], progress, (bounded) =>
    runScanTool(
      box,
      {
        program: 'skopeo',
        places: { work: place, tree: layout },
        // Not by TMPDIR, of which older versions know nothing.
        args: (at) => [
          '--tmpdir',
          at.work,
          'copy',
          `dir:${at.tree}`,
          `docker-archive:${archive.replace(place, at.work)}`,
        ],
        network: 'none',
        timeoutMs,
        progress: bounded,
        diskBytes: mostBytes,
      },
      [0],
    ),
  );
}

async function within(
  most: number,
  places: string[],
  { report, signal }: Progress,
  work: (bounded: Progress) => Promise<unknown>,
) {
  const watch = await watchSize(places, most, () => new CouldNotScan(`the image has more than ${most} bytes`));
  await watched(watch, signal, (both) => work({ report, signal: both }));
}
