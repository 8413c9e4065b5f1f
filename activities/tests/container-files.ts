import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import { z } from 'zod';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Progress } from '../shared/progress.ts';
import { describeResult } from '../shared/run-command.ts';
import { realPlace, type CopiedDirectory } from './compose-mounts.ts';
import { ofProject, type ProjectRun } from './compose-project.ts';
import { linesOf, type Docker } from './docker-command.ts';
import { onlyFileOf } from './tar-file.ts';
import { reportBytes } from './test-reports.ts';

/** What it takes to copy between a checkout and the containers of a project. */
export interface Copying {
  docker: Docker;
  named: ProjectRun;
  /** A directory of ours, which no container sees. */
  home: string;
  /** The checkout's real path. */
  root: string;
  containers: Map<string, string[]>;
  progress: Progress;
}

const mounts = z.array(z.object({ Type: z.string(), Source: z.string().optional(), RW: z.boolean() }));

/** The last look before anything starts, at what the daemon was told: no container may write to a path of its machine, or see another one. */
export async function refuseWritableBinds({ docker, root, containers, progress }: Copying): Promise<void> {
  const inspect = ['inspect', '--type', 'container', '--format', '{{json .Mounts}}'];
  const lines = await linesOf(docker, [...inspect, ...[...containers.values()].flat()], { progress });
  for (const { Type, Source = '/', RW } of lines.flatMap((line) => mounts.parse(JSON.parse(line)))) {
    if (Type === 'bind' && (RW || !Source.startsWith(`${root}/`)))
      throw failure(
        'SLIP-TEST-3',
        `a container would have ${Source} ${RW ? 'to write to' : 'of outside the checkout'}`,
      );
  }
}

/**
 * Fills the volumes with what the checkout holds, with owners and modes, by a container that is never started. A link of ours stands for each
 * directory: the client hands over the link's name, so that none that strangers chose is part of an order.
 */
export async function fillVolumes(copying: Copying, image: string, directories: CopiedDirectory[]): Promise<void> {
  const { docker, named, home, progress } = copying;
  const filled = directories.filter(({ there }) => there);
  if (filled.length === 0) return;
  const volumes = filled.flatMap(({ volume }) => ['--volume', `${named.name}_${volume}:/${volume}/copy:nocopy`]);
  const create = ['create', '--label', ofProject(named.name), '--network', 'none', ...volumes, image, 'never-started'];
  const [helper = ''] = await linesOf(docker, create, { progress });
  for (const { volume, source } of filled) {
    const link = join(home, volume, 'copy');
    await mkdir(dirname(link));
    await symlink(source, link);
    const copy = ['cp', '--archive', '--follow-link', '--', link, `${helper}:/${volume}/`];
    await linesOf(docker, copy, { progress, timeoutMs: copyTimeoutMs });
  }
  await linesOf(docker, ['rm', '--force', '--volumes', helper], { progress });
}

const copyTimeoutMs = 600_000;
/** Before and after the file: its header, one of longer names and times, and the end. */
const archiveBytes = reportBytes + 100_000;

/**
 * Brings reports out of the containers, to a directory of ours that it answers, under their names. One that is in no copied directory, or not
 * there, is left out. Throws SLIP-TEST-3 for one that is no plain file of a size that is read.
 */
export async function fetchReports(
  copying: Copying,
  { reports, service, directories }: { reports: readonly string[]; service: string; directories: CopiedDirectory[] },
): Promise<string> {
  const fetched = join(copying.home, 'reports');
  await mkdir(fetched);
  for (const report of reports) {
    for (const { container, path } of await placesOf(report, copying, { service, directories })) {
      const file = await fileIn(copying, container, path, report);
      if (file === undefined) continue;
      await mkdir(dirname(join(fetched, report)), { recursive: true });
      await writeFile(join(fetched, report), file);
      break;
    }
  }
  return fetched;
}

/** Where the report may be: what the service itself has mounted comes first, and of that the nearest directory. */
async function placesOf(
  report: string,
  { root, containers }: Copying,
  { service, directories }: { service: string; directories: CopiedDirectory[] },
): Promise<{ container: string; path: string }[]> {
  if (/^(\/|\.\.(\/|$))/.test(posix.normalize(report))) return [];
  const place = await realPlace(join(root, report));
  const own = ({ mounts }: CopiedDirectory) => mounts.some((mount) => mount.service === service);
  return directories
    .filter(({ source }) => place.startsWith(`${source}/`))
    .sort((a, b) => Number(own(b)) - Number(own(a)) || b.source.length - a.source.length)
    .flatMap(({ source, mounts }) => {
      const mount = mounts.find((one) => one.service === service) ?? mounts[0];
      const container = mount && containers.get(mount.service)?.[0];
      return container ? [{ container, path: posix.join(mount.target, relative(source, place)) }] : [];
    });
}

async function fileIn(copying: Copying, container: string, path: string, report: string): Promise<Buffer | undefined> {
  const result = await copying.docker(['cp', '--', `${container}:${path}`, '-'], {
    ...{ outputIsBytes: true, maxOutputBytes: archiveBytes, endWhenTruncated: true, progress: copying.progress },
  });
  const file = result.truncated ? undefined : onlyFileOf(result.stdout);
  if (file !== undefined && result.exitCode === 0) return file;
  if (
    result.exitCode === 1 &&
    /could not find the file|no such container:path|no such file|not a directory/i.test(result.tail)
  )
    return undefined;
  if (result.truncated || result.exitCode === 0)
    throw failure('SLIP-TEST-3', `${report} is not a file of at most ${reportBytes} bytes`);
  throw failure('SLIP-TEST-2', describeResult('docker cp', result));
}
