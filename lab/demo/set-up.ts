import { findProgram } from '../kubernetes/command.ts';
import type { Progress } from '../kubernetes/command.ts';
import { ensureBusyboxBase } from '../kubernetes/images.ts';
import type { LabRegions } from '../regions.ts';
import { startSandboxRegions } from '../sandbox-regions.ts';
import { startEngine, startServices } from '../world.ts';
import type { LabEngine, Services } from '../world.ts';
import { isDecidedOnPages, startDemoLogin } from './dashboard.ts';
import { openDirectory } from './directory.ts';
import { gatherEquipment } from './equipment.ts';
import type { Equipment } from './equipment.ts';
import type { Lifetime } from './lifetime.ts';
import type { DemoOptions } from './options.ts';
import { Problem } from './problem.ts';
import { startDemoSlack } from './slack.ts';
import type { DemoSlack } from './slack.ts';

/** Everything that a release of the shop needs, running. */
export interface DemoWorld {
  directory: string;
  services: Services;
  equipment: Equipment;
  regions: LabRegions;
  engine: LabEngine;
  slack?: DemoSlack;
}

/** How long the first wave is watched: long enough to see it. */
const bake = '1s';

/** Where a person decides about the failure it waits for them; elsewhere all of it goes back by itself. */
function afterFailure(options: DemoOptions): { onFailure?: 'hold' } {
  return options.fail && isDecidedOnPages(options) ? { onFailure: 'hold' } : {};
}

export async function setUp(options: DemoOptions, lifetime: Lifetime, progress: Progress): Promise<DemoWorld> {
  if (!(await findProgram('git')))
    throw new Problem('git is not on this machine', 'Install git (apt-get install git) and run the demo again.');
  const { path: directory } = await lifetime.keep(openDirectory(progress));
  const [services, equipment] = await Promise.all([
    lifetime.keep(startServices({ directory, progress })),
    gatherEquipment({ directory, lifetime, scan: options.scan, tests: !options.kubernetes, progress }),
  ]);
  lifetime.signal.throwIfAborted();
  const regions = await lifetime.keep(startRegions({ options, lifetime, progress, directory, services, equipment }));
  lifetime.signal.throwIfAborted();
  const slack = options.slack ? await startDemoSlack(lifetime) : undefined;
  const login = await startDemoLogin(lifetime);
  const engine = await lifetime.keep(
    startEngine({
      directory,
      services,
      regions: regions.regions,
      repository: regions.repository,
      gates: gatesOf(equipment),
      scanners: equipment.scanners,
      ...(slack && { slack: slack.lab }),
      ...(login && { login }),
      ...(equipment.docker?.host && { environment: { DOCKER_HOST: equipment.docker.host } }),
      progress,
    }),
  );
  return { directory, services, equipment, regions, engine, ...(slack && { slack }) };
}

interface RegionsNeeds {
  options: DemoOptions;
  lifetime: Lifetime;
  progress: Progress;
  directory: string;
  services: Services;
  equipment: Equipment;
}

async function startRegions({
  options,
  lifetime,
  progress,
  directory,
  services,
  equipment,
}: RegionsNeeds): Promise<LabRegions> {
  if (options.kubernetes) {
    if (equipment.builder === undefined)
      throw new Problem(
        `real regions need real images, and nothing here builds them: ${equipment.noBuilder}`,
        'Install Docker, or buildah and skopeo.',
      );
    // Loaded only now: simulated regions need none of it.
    const { startRealShop } = await import('../real-regions.ts');
    const { contexts } = options;
    return startRealShop({
      directory,
      services,
      bake,
      signal: lifetime.signal,
      progress,
      ...afterFailure(options),
      ...(contexts && { contexts }),
    });
  }
  const base =
    equipment.builder === undefined
      ? noBase(services)
      : (await ensureBusyboxBase(services.registry.host, progress)).pinned;
  const tests = equipment.gates.tests.on;
  const regions = await startSandboxRegions({ directory, services, base, tests, bake, ...afterFailure(options) });
  progress(
    `simulated regions ${regions.regions.map(({ name }) => name).join(' and ')} are up, with the shop's Deployments in them`,
  );
  return regions;
}

/** Named in the Dockerfiles' arguments, never pulled: nothing is built. */
function noBase({ registry }: Services): string {
  return `${registry.host}/lab/no-base@sha256:${'0'.repeat(64)}`;
}

function gatesOf({ gates: { images, secrets, tests } }: Equipment) {
  return { images: images.on, secrets: secrets.on, tests: tests.on };
}
