import { isMap, type Document } from 'yaml';
import { failure } from '../../domain/errors/catalogue.ts';
import { asMap, containersOf, refuseAmounts } from './compose-amounts.ts';
import { readBuild, type TestBuild } from './compose-builds.ts';
import { refuseResolved, type RunnableImages } from './compose-images.ts';
import { replaceBinds, servicesIn, sharesNodes, unchangeable, type CopiedDirectory } from './compose-mounts.ts';
import { readResolvedYaml } from './compose-yaml.ts';

/** What the containers of a service are made from: an image that a registry has, or one that is to be built. */
export type ServiceImage = { reference: string; platform: string | undefined } | TestBuild;

/** What may run, once there are its images. */
export interface Runnable {
  images: ReadonlyMap<string, ServiceImage>;
  directories: CopiedDirectory[];
  /** Services of which Compose makes no container, as the file says. */
  unmade: ReadonlySet<string>;
  /** The one file that Compose reads from then on: each service has an image by this name, and none is built or fetched by Compose's own choice. */
  textWith(images: ReadonlyMap<string, string>): string;
}

export interface Resolving {
  /** The checkout's real path. */
  root: string;
  images: Omit<RunnableImages, 'variables'>;
}

const mostBuilds = 20;

/** Makes what may run of what Compose has resolved from a compose file that was judged. Throws SLIP-TEST-3. */
export async function makeRunnable(resolved: Uint8Array, { root, images }: Resolving): Promise<Runnable> {
  const read = readResolvedYaml(resolved);
  if ('problem' in read) throw failure('SLIP-TEST-3', `what Compose makes of the compose file ${read.problem}`);
  refuseComposeLabels(read.value);
  refuseAmounts(read.value);
  const directories = await replaceBinds(read.document, root);
  return {
    images: await imagesIn(read.document, { root, images }),
    directories,
    unmade: new Set(
      Object.entries(asMap(asMap(read.value)['services'])).flatMap(([name, one]) =>
        containersOf(asMap(one)) === 0 ? [name] : [],
      ),
    ),
    textWith: (names) => {
      for (const { name, service } of servicesIn(read.document)) {
        // Published ports are the daemon's, which others have as well: what tests ask is on a network of their own.
        for (const key of ['build', 'pull_policy', 'ports']) service.delete(key);
        service.set('image', names.get(name));
      }
      return read.document.toString({ lineWidth: 0 });
    },
  };
}

/** Compose writes it out for each service: what stands for something elsewhere could not be changed, so it is not taken. */
async function imagesIn(document: Document, { root, images }: Resolving): Promise<Map<string, ServiceImage>> {
  const found = new Map<string, ServiceImage>();
  let builds = 0;
  for (const { name, service } of servicesIn(document)) {
    const keys = ['build', 'image', 'platform', 'pull_policy', 'ports'];
    if (keys.some((key) => sharesNodes(service.get(key, true)))) throw unchangeable(`services.${name}`);
    const [build, image, platform] = ['build', 'image', 'platform'].map((key): unknown => service.get(key));
    if (build !== undefined) {
      if ((builds += 1) > mostBuilds) throw failure('SLIP-TEST-3', `more than ${mostBuilds} services are built`);
      if (!isMap(build) && typeof build !== 'string') throw unchangeable(`services.${name}.build`);
      found.set(name, await readBuild(build, { service: name, root, images }));
      continue;
    }
    if (typeof image !== 'string') throw failure('SLIP-TEST-3', `services.${name} has neither \`image\` nor \`build\``);
    const judged = refuseResolved(image, images);
    if ('refused' in judged) throw failure('SLIP-TEST-3', `services.${name}.image: ${judged.refused}`);
    if (platform !== undefined && (typeof platform !== 'string' || !/^\w[\w/.-]*$/.test(platform)))
      throw failure('SLIP-TEST-3', `services.${name}.platform is not a platform`);
    found.set(name, { reference: judged.reference, platform });
  }
  return found;
}

/** By them is known what belongs to which project, and taken away. Looked at here: before, a variable may hold one. */
function refuseComposeLabels(value: unknown): void {
  for (const kind of ['services', 'networks', 'volumes']) {
    for (const [name, one] of Object.entries(asMap(asMap(value)[kind]))) {
      const labels = asMap(one)['labels'];
      const keys = Array.isArray(labels) ? labels.map(String) : Object.keys(asMap(labels));
      if (keys.some((key) => key.trim().toLowerCase().startsWith('com.docker.compose.')))
        throw failure('SLIP-TEST-3', `${kind}.${name}.labels has one of Compose's own`);
    }
  }
}
