import type { RegistryCredentials } from '../shared/registry-login.ts';
import { runCommand } from '../shared/run-command.ts';
import { createBuildahBuilder } from './buildah-builder.ts';
import { createDockerBuilder } from './docker-builder.ts';
import type { ImageBuilder } from './port.ts';

/** What this machine can build with, in words for the start-up log; without a builder, why there is none. */
export type BuilderChoice = { kind: 'found'; builder: ImageBuilder; name: string } | { kind: 'none'; reason: string };

export interface BuilderChoiceOptions {
  credentials?: RegistryCredentials;
  /** The daemon to ask; the worker's DOCKER_HOST by default, and without that the docker client's own context. */
  dockerHost?: string;
  workDirectory?: string;
}

const probeTimeoutMs = 20_000;

/** A Docker daemon that answers comes first (it has a layer cache), then buildah with skopeo for root. */
export async function chooseBuilder(options: BuilderChoiceOptions = {}): Promise<BuilderChoice> {
  const { credentials, dockerHost = process.env['DOCKER_HOST'], workDirectory } = options;
  const host = dockerHost === undefined ? [] : ['--host', dockerHost];
  const docker = await probe('docker', [...host, 'version', '--format', '{{.Server.Version}}']);
  if (docker.works) {
    const builder = createDockerBuilder({
      ...(dockerHost && { host: dockerHost }),
      ...(credentials && { credentials }),
    });
    return { kind: 'found', name: `Docker ${docker.said}`, builder };
  }
  const buildah = await probeBuildah();
  if (buildah.works) {
    const builder = createBuildahBuilder({
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

async function probeBuildah(): Promise<Probe> {
  const buildah = await probe('buildah', ['--version']);
  if (!buildah.works) return buildah;
  const skopeo = await probe('skopeo', ['--version']);
  if (!skopeo.works) return skopeo;
  if (process.getuid?.() !== 0) return { works: false, said: 'needs root' };
  return { works: true, said: `${buildah.said.split(' (')[0]} and ${skopeo.said.split(' commit')[0]}` };
}

async function probe(program: string, args: string[]): Promise<Probe> {
  const result = await runCommand({ program, args, timeoutMs: probeTimeoutMs });
  if (result.exitCode === 0) return { works: true, said: result.stdout.toString('utf8').trim() };
  const said =
    result.notStarted ??
    (result.tail.split('\n').find((line) => /\S/.test(line)) || `ended with code ${result.exitCode}`);
  return { works: false, said: said.trim().replace(/\.$/, '') };
}
