import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { TestDaemon } from './docker-daemon.ts';
import type { TestRegistry } from './registry.ts';

/** No base image can be pulled everywhere: this machine's own programs and the libraries they name are one. Answers it by its digest. */
export async function anImageWithShell(daemon: TestDaemon, registry: TestRegistry): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-image-'));
  const programs = ['/bin/sh', '/bin/ln', '/bin/readlink', '/bin/rmdir', '/bin/sleep'];
  const { stdout } = await promisify(execFile)('ldd', programs);
  const libraries = (stdout.match(/\/\S+/g) ?? []).filter((path) => !path.endsWith(':'));
  for (const path of new Set([...programs, ...libraries])) {
    await mkdir(dirname(join(directory, 'root', path)), { recursive: true });
    await cp(path, join(directory, 'root', path), { dereference: true });
  }
  await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\nCOPY root /\n');
  const name = `${registry.host}/shop/core`;
  await daemon.docker('build', '--tag', `${name}:1`, directory);
  await rm(directory, { recursive: true });
  const [, digest] = /digest: (sha256:[0-9a-f]{64})/.exec(await daemon.docker('push', `${name}:1`))!;
  return `${name}@${digest}`;
}
