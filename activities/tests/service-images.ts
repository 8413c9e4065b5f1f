import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutVersion } from '../../domain/images.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { cacheOf, type CacheOwner } from '../shared/build-cache.ts';
import { buildByDocker } from '../shared/docker-build.ts';
import type { Progress } from '../shared/progress.ts';
import { describeResult, type CommandResult } from '../shared/run-command.ts';
import type { TestBuild } from './compose-builds.ts';
import { imageOfProject, type ProjectRun } from './compose-project.ts';
import type { ServiceImage } from './compose-resolved.ts';
import { linesOf, type Docker } from './docker-command.ts';

export interface MakingImages {
  docker: Docker;
  dockerHost: string | undefined;
  /** This try's, by whose name images are called. */
  named: ProjectRun;
  cachesOf: CacheOwner;
  /** A directory of ours, which no container sees. */
  home: string;
  progress: Progress;
  /** Milliseconds that are left for all that is done; 1 when there are none. */
  left: () => number;
}

/**
 * Answers by which name the image of each service is on the daemon. What is named by a tag is asked of its registry, with the login of the
 * worker's Docker client, and goes by its digest from then on: whatever builds of others have left on the daemon, under whatever tag, is nobody's
 * to take. Builds take their base images by those digests, too. Throws SLIP-TEST-2 to 4, SLIP-IMG-1 and SLIP-IMG-7.
 */
export async function makeImages(
  services: ReadonlyMap<string, ServiceImage>,
  making: MakingImages,
): Promise<Map<string, string>> {
  const fetched = new Map<string, string>();
  const fetch = async (reference: string, platform?: string) => {
    const key = `${platform ?? ''} ${reference}`;
    const known = fetched.get(key) ?? (await fetchImage(reference, platform, making));
    fetched.set(key, known);
    return known;
  };
  const names = new Map<string, string>();
  for (const [service, wanted] of services)
    if ('reference' in wanted) names.set(service, await fetch(wanted.reference, wanted.platform));
  let number = 0;
  for (const [service, wanted] of services)
    if ('build' in wanted) names.set(service, await build(service, wanted, { ...making, fetch, number: ++number }));
  return names;
}

async function fetchImage(
  reference: string,
  platform: string | undefined,
  { docker, progress, left }: MakingImages,
): Promise<string> {
  if (reference.includes('@') && (await isThere(reference, docker, progress))) return reference;
  progress.report(`fetching ${reference}`);
  const chosen = platform === undefined ? [] : ['--platform', platform];
  const pulled = await docker(['pull', ...chosen, reference], { progress, timeoutMs: left() });
  if (pulled.exitCode !== 0) throw notHad(reference, pulled);
  const digest = /^Digest: (sha256:[0-9a-f]{64})$/m.exec(pulled.stdout.toString('utf8'))?.[1];
  if (digest === undefined) throw failure('SLIP-TEST-2', `docker pull ${reference} did not say which image it has got`);
  return `${withoutVersion(reference)}@${digest}`;
}

/** Of this repository, and by its digest: it is what it says, whoever has put it there. So a release's own image needs no login here. */
const isThere = async (pinned: string, docker: Docker, progress: Progress) =>
  (await docker(['image', 'inspect', '--format', '{{.Id}}', pinned], { progress })).exitCode === 0;

const notHad = (reference: string, pulled: CommandResult) =>
  failure(pulled.timedOut ? 'SLIP-TEST-4' : 'SLIP-TEST-2', describeResult(`docker pull ${reference}`, pulled));

type Building = MakingImages & { fetch: (reference: string) => Promise<string>; number: number };

async function build(service: string, wanted: TestBuild, building: Building): Promise<string> {
  const { dockerHost, cachesOf, home, progress, left, number } = building;
  const bases = new Map<string, string>();
  for (const image of wanted.dockerfile.images)
    bases.set(image, await baseOf(service, image, `base-${number}-${bases.size + 1}`, building));
  const text = wanted.dockerfile.written((image) => bases.get(image)!);
  const work = join(home, `build-${number}`);
  await mkdir(work);
  progress.report(`building services.${service}`);
  const order = {
    ...{ host: dockerHost === undefined ? [] : ['--host', dockerHost], work, timeoutMs: left() },
    ...{ build: { ...wanted.build, text: Buffer.from(text) }, target: wanted.target, pull: false },
    cache: cacheOf(cachesOf, 'tests'), // apart from those of releases, whose builds take more from outside
    keepsLayers: false, // nothing is left of tests
  };
  const image = await buildByDocker(order, progress).catch((error: unknown) => {
    throw left() > 1 ? error : failure('SLIP-TEST-4', `the build of services.${service} did not end in time`);
  });
  return nameIt(image, `build-${number}`, building);
}

/**
 * A name of ours for a base image, so that what is built on is what was looked at: by its digest a builder could take the image of another
 * platform. `ONBUILD` is part of the Dockerfile that nobody has read: it can take files from any other image.
 */
async function baseOf(service: string, image: string, which: string, building: Building): Promise<string> {
  const pinned = await building.fetch(image);
  const inspect = ['image', 'inspect', '--format', '{{.Id}} {{json .Config.OnBuild}}', pinned];
  const [seen = ''] = await linesOf(building.docker, inspect, { progress: building.progress });
  const [, id = '', triggers] = /^(sha256:[0-9a-f]{64}) (.*)$/.exec(seen) ?? [];
  if (triggers !== 'null' && triggers !== '[]')
    throw failure(
      'SLIP-TEST-3',
      `services.${service}.build: ${image} has instructions of its own for whoever builds on it (ONBUILD): build on another`,
    );
  return nameIt(id, which, building);
}

async function nameIt(
  image: string,
  which: string,
  { docker, named: { images }, progress }: Building,
): Promise<string> {
  const name = imageOfProject(images, which);
  await linesOf(docker, ['tag', image, name], { progress });
  return name;
}
