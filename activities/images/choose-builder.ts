import { sayOldDocker } from '../../domain/docker-versions.ts';
import type { Box, BoxLimits } from '../box/port.ts';
import type { RegistryCredentials } from '../shared/registry-login.ts';
import { runCommand } from '../shared/run-command.ts';
import { createBuildahBuilder } from './buildah-builder.ts';
import { createDockerBuilder } from './docker-builder.ts';
import type { ImageBuilder } from './port.ts';

/** What this machine can build with, in words for the start-up log; without a builder, why there is none. */
export type BuilderChoice = { kind: 'found'; builder: ImageBuilder; name: string } | { kind: 'none'; reason: string };

export interface BuilderChoiceOptions {
  /** Where buildah runs. */
  box: Box;
  /** Of one build in the box. */
  limits?: Partial<BoxLimits>;
  /** See the builder. */
  insideHosts?: () => Promise<readonly string[]>;
  credentials?: RegistryCredentials;
  /** The daemon to ask; the worker's DOCKER_HOST by default, and without that the docker client's own context. */
  dockerHost?: string;
  workDirectory?: string;
}

const probeTimeoutMs = 20_000;

/** A Docker daemon that answers comes first (it has a layer cache), then buildah with skopeo in a box, where there can be one. */
export async function chooseBuilder(options: BuilderChoiceOptions): Promise<BuilderChoice> {
  const { box, credentials, dockerHost = process.env['DOCKER_HOST'], insideHosts, limits, workDirectory } = options;
  const docker = await probeDocker(dockerHost);
  if (docker.works) {
    const builder = createDockerBuilder({
      ...(dockerHost && { host: dockerHost }),
      ...(credentials && { credentials }),
    });
    const old = sayOldDocker(docker.said);
    return { kind: 'found', name: `Docker ${docker.said}${old === undefined ? '' : ` (${old})`}`, builder };
  }
  const buildah = await probeBuildah(box);
  if (buildah.works) {
    const builder = createBuildahBuilder({
      box,
      ...(limits && { limits }),
      ...(insideHosts && { insideHosts }),
      ...(credentials && { credentials }),
      ...(workDirectory && { workDirectory }),
    });
    return { kind: 'found', name: buildah.said, builder };
  }
  return { kind: 'none', reason: `no image builder works here. Docker: ${docker.said}. buildah: ${buildah.said}` };
}

interface Probe {
  works: boolean;
  said: string;
}

/** Says its version where it works. */
export function probeDocker(dockerHost = process.env['DOCKER_HOST']): Promise<Probe> {
  const host = dockerHost === undefined ? [] : ['--host', dockerHost];
  return probe('docker', [...host, 'version', '--format', '{{.Server.Version}}']);
}

async function probeBuildah(box: Box): Promise<Probe> {
  const buildah = await probe('buildah', ['--version']);
  if (!buildah.works) return buildah;
  const skopeo = await probe('skopeo', ['--version']);
  if (!skopeo.works) return skopeo;
  const boxed = await box.probe();
  if (!boxed.works) return { works: false, said: `it cannot be isolated: ${boxed.why}` };
  const missing = boxed.missing.length === 0 ? '' : ` (without a bound on: ${boxed.missing.join(', ')})`;
  const tools = `${buildah.said.split(' (')[0]} and ${skopeo.said.split(' commit')[0]}`;
  return { works: true, said: `${tools}, in a box of ${boxed.name}${missing}` };
}

async function probe(program: string, args: string[]): Promise<Probe> {
  const result = await runCommand({ program, args, timeoutMs: probeTimeoutMs });
  if (result.exitCode === 0) return { works: true, said: result.stdout.toString('utf8').trim() };
  const said =
    result.notStarted ??
    (result.tail.split('\n').find((line) => /\S/.test(line)) || `ended with code ${result.exitCode}`);
  return { works: false, said: said.trim().replace(/\.$/, '') };
}
