import { join } from 'node:path';
import { parsePinnedImage } from '../../domain/images.ts';
import { isLoopback } from '../shared/loopback.ts';
import type { Progress } from '../shared/progress.ts';
import { writeAuthFile, type RegistryCredentials } from '../shared/registry-login.ts';
import { runTool } from './scan-tool.ts';

export interface WantedImage {
  image: string;
  /** Where it is to stand, as a file. */
  archive: string;
  /** A directory for the login and what else is needed meanwhile, which the scanner does not see. */
  work: string;
  timeoutMs: number;
  credentials: RegistryCredentials;
}

/** By skopeo, which copies and does not interpret: the login stays out of whatever reads the image. Throws `CouldNotScan`. */
export async function fetchImage(wanted: WantedImage, progress: Progress): Promise<void> {
  const host = parsePinnedImage(wanted.image).repository.split('/', 1)[0]!;
  const authFile = join(wanted.work, 'auth.json');
  await writeAuthFile(authFile, host, wanted.credentials);
  const tls = isLoopback(host) ? ['--src-tls-verify=false'] : [];
  const [from, to] = [`docker://${wanted.image}`, `docker-archive:${wanted.archive}`];
  await runTool(
    {
      program: 'skopeo',
      args: ['copy', '--src-authfile', authFile, ...tls, from, to],
      env: { TMPDIR: wanted.work },
      timeoutMs: wanted.timeoutMs,
      progress,
    },
    [0],
  );
}
